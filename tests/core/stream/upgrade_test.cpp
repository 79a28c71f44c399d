// RFC 6455 section 4 and RFC 7118 section 4.
// SPDX-License-Identifier: MIT
#include <sipring/core/stream/upgrade.h>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/sha1.h"

namespace sipring {
namespace {

using enum UpgradeError;
using StepKind = UpgradeStep::Kind;

// Lines of a text with CRLF at their ends.
std::string lines(std::initializer_list<std::string_view> list) {
  std::string text;
  for (const std::string_view line : list) text.append(line).append("\r\n");
  return text;
}

// RFC 7118 section 4.2.
const std::vector<std::string> request_lines{
    "GET / HTTP/1.1",
    "Host: sip-ws.example.com",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Origin: http://www.example.com",
    "Sec-WebSocket-Protocol: sip",
    "Sec-WebSocket-Version: 13",
};

std::string text_of(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& line : list) text += line + "\r\n";
  return text + "\r\n";
}

// The request with one line in place of that which begins with `name`; an empty line: without it.
std::string request_with(std::string_view name, std::string_view line) {
  std::vector<std::string> list;
  for (const std::string& each : request_lines) {
    if (!each.starts_with(name)) list.push_back(each);
    if (each.starts_with(name) && !line.empty()) list.emplace_back(line);
  }
  return text_of(list);
}
std::string request_and(std::string_view line) {
  std::vector<std::string> list = request_lines;
  list.emplace_back(line);
  return text_of(list);
}

struct Server {
  UpgradePolicy policy{.sha1 = test::sha1};
  std::array<char, UpgradeServer::answer_bytes> room{};

  UpgradeStep read(std::string_view octets) {
    UpgradeServer upgrade(policy);
    return upgrade.next(octets, room);
  }
  UpgradeError error(std::string_view octets) {
    const UpgradeStep step = read(octets);
    EXPECT_EQ(step.kind == StepKind::refused, step.error != none);
    EXPECT_NE(step.kind, StepKind::incomplete);
    return step.error;
  }
};

TEST(UpgradeServer, accepts_the_handshake_of_the_rfc) {
  Server server;
  const std::string request = text_of(request_lines);
  const UpgradeStep step = server.read(request + "frames");
  EXPECT_EQ(step.kind, StepKind::accepted);
  EXPECT_EQ(step.size, request.size());
  EXPECT_EQ(step.answer,
            lines({"HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                   "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                   "Sec-WebSocket-Protocol: sip", ""}));
}

TEST(UpgradeServer, is_the_same_however_the_request_is_cut) {
  Server server;
  const std::string request = text_of(request_lines);
  for (std::size_t cut = 0; cut < request.size(); ++cut) {
    UpgradeServer upgrade(server.policy);
    ASSERT_EQ(upgrade.next(request.substr(0, cut), server.room).kind, StepKind::incomplete) << cut;
    ASSERT_EQ(upgrade.next(request, server.room).kind, StepKind::accepted) << cut;
  }
  UpgradeServer upgrade(server.policy);
  for (std::size_t size = 1; size < request.size(); ++size)
    ASSERT_EQ(upgrade.next(request.substr(0, size), server.room).kind, StepKind::incomplete);
  EXPECT_EQ(upgrade.next(request, server.room).size, request.size());
}

TEST(UpgradeServer, takes_what_browsers_and_libraries_spell_otherwise) {
  Server server;
  for (const std::string& request :
       {request_with("Upgrade", "UPGRADE:WebSocket"),
        request_with("Upgrade", "Upgrade: h2c, websocket"),
        request_with("Connection", "connection: keep-alive, upgrade"),
        request_with("Connection", "Connection:\t keep-alive ,,Upgrade , "),
        request_with("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: msrp,sip"),
        request_with("Sec-WebSocket-Protocol",
                     "Sec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Protocol: sip"),
        request_with("GET", "GET http://example.com/ws?a=b HTTP/1.1"),
        request_with("GET", "GET /ws?a=b HTTP/1.2"), request_with("Origin", ""),
        request_and("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"),
        request_and("Content-Length: 0"), request_and("User-Agent: \xc3\xa9 (x)"),
        request_and("X-Empty:"),
        request_with("Sec-WebSocket-Key", "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==")}) {
    EXPECT_EQ(server.error(request), none) << request;
  }
}

TEST(UpgradeServer, refuses_by_name) {
  Server server;
  const std::vector<std::pair<std::string, UpgradeError>> cases{
      {request_with("GET", "POST / HTTP/1.1"), method},
      {request_with("GET", "get / HTTP/1.1"), method},
      {request_with("GET", "GET / HTTP/1.0"), http_version},
      {request_with("GET", "GET / HTTP/2.0"), http_version},
      {request_with("GET", "GET / HTTP/11"), malformed},
      {request_with("GET", "GET  / HTTP/1.1"), malformed},
      {request_with("GET", "GET /\x7f HTTP/1.1"), malformed},
      {request_with("GET", "REGISTER sip:example.com SIP/2.0"), malformed},
      {request_with("GET", "GET example.com HTTP/1.1"), target},
      {request_with("GET", "GET ftp://example.com/ HTTP/1.1"), target},
      {request_with("Host", ""), host},
      {request_with("Host", "Host:"), host},
      {request_and("Host: other.example.com"), host},
      {request_with("Upgrade", ""), upgrade},
      {request_with("Upgrade", "Upgrade: websockets"), upgrade},
      {request_with("Connection", ""), connection},
      {request_with("Connection", "Connection: close"), connection},
      {request_with("Sec-WebSocket-Key", ""), key},
      {request_with("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ="), key},
      {request_with("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQAA"), key},
      {request_with("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbX*sZSBub25jZQ=="), key},
      {request_and("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), key},
      {request_with("Sec-WebSocket-Version", ""), websocket_version},
      {request_with("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8"), websocket_version},
      {request_and("Sec-WebSocket-Version: 13"), websocket_version},
      {request_with("Sec-WebSocket-Protocol", ""), subprotocol},
      {request_with("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: SIP"), subprotocol},
      {request_with("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: msrp"), subprotocol},
      {request_with("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: a b"), malformed},
      {request_with("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: sip;q=1"), malformed},
      {request_and("Content-Length: 5"), has_body},
      {request_and("Transfer-Encoding: chunked"), has_body},
      {request_and(" folded"), malformed},
      {request_and("no colon"), malformed},
      {request_and("Bad Name: x"), malformed},
      {request_and("Control: \x01"), malformed},
      {"\x16\x03\x01", malformed},
  };
  for (const auto& [request, wanted] : cases)
    EXPECT_EQ(to_string(server.error(request)), to_string(wanted)) << request;
}

TEST(UpgradeServer, answers_a_refusal_with_its_status_name_and_sentence) {
  Server server;
  const UpgradeStep step = server.read(request_with("Sec-WebSocket-Version", ""));
  EXPECT_EQ(step.answer, lines({"HTTP/1.1 426 Upgrade Required", "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13", "Connection: close",
                                "Content-Type: text/plain", "Content-Length: 63", ""}) +
                             "websocket_version: This server speaks version 13 of WebSocket.\n");
}

TEST(UpgradeServer, every_refusal_fits_its_room_and_says_its_length) {
  for (std::size_t i = 1; i <= static_cast<std::size_t>(extension); ++i) {
    const auto error = static_cast<UpgradeError>(i);
    const std::size_t body = to_string(error).size() + explanation(error).size() + 3;
    EXPECT_LT(refusal_of(error).status.size() + refusal_of(error).fields.size() + body + 100,
              UpgradeServer::answer_bytes);
    EXPECT_FALSE(to_string(error).empty());
  }
}

TEST(UpgradeServer, serves_pages_of_its_origins_only) {  // section 10.2
  const std::array<std::string_view, 2> origins{"https://example.com", "http://www.example.com"};
  Server server;
  server.policy.origins = origins;
  EXPECT_EQ(server.error(text_of(request_lines)), none);
  EXPECT_EQ(server.error(request_with("Origin", "Origin: HTTPS://EXAMPLE.com")), none);
  EXPECT_EQ(server.error(request_with("Origin", "Origin: https://example.com.evil")), origin);
  EXPECT_EQ(server.error(request_with("Origin", "Origin: null")), origin);
  EXPECT_EQ(server.error(request_and("Origin: http://www.example.com")), origin);
  EXPECT_EQ(server.error(request_with("Origin", "")), none) << "no browser";
  server.policy.needs_origin = true;
  EXPECT_EQ(server.error(request_with("Origin", "")), origin);
}

TEST(UpgradeServer, serves_its_resource_only) {
  Server server;
  server.policy.resource = "/sip";
  EXPECT_EQ(server.error(text_of(request_lines)), resource);
  EXPECT_EQ(server.error(request_with("GET", "GET /sip?token=1 HTTP/1.1")), none);
  EXPECT_EQ(server.error(request_with("GET", "GET https://h:1/sip HTTP/1.1")), none);
  EXPECT_EQ(server.error(request_with("GET", "GET /sips HTTP/1.1")), resource);
}

TEST(UpgradeServer, a_head_has_at_most_as_many_octets_as_the_policy_says) {
  Server server;
  const std::string request = text_of(request_lines);
  server.policy.head_bytes = static_cast<std::uint32_t>(request.size());
  EXPECT_EQ(server.error(request + "frames of any length"), none);
  EXPECT_EQ(server.error(request_and("X: y")), head_too_large);
  EXPECT_EQ(server.error("GET /" + std::string(request.size(), 'a')), head_too_large);
}

struct Client {
  std::array<std::uint8_t, 16> nonce{'t', 'h', 'e', ' ', 's', 'a', 'm', 'p',
                                     'l', 'e', ' ', 'n', 'o', 'n', 'c', 'e'};
  UpgradeClient upgrade{test::sha1, nonce};

  UpgradeError error(std::string_view response) {
    UpgradeClient fresh(test::sha1, nonce);
    return fresh.next(response).error;
  }
};

const std::vector<std::string> response_lines{
    "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Protocol: sip"};

std::string response_with(std::size_t line, std::string_view text) {
  std::vector<std::string> list = response_lines;
  list[line] = text;
  if (text.empty()) list.erase(list.begin() + static_cast<std::ptrdiff_t>(line));
  return text_of(list);
}

TEST(UpgradeClient, both_ends_understand_each_other) {
  Client client;
  Server server;
  std::array<char, 512> room{};
  const std::size_t size = client.upgrade.write_request(
      room, {.host = "example.com:8080", .resource = "/sip", .origin = "https://example.com"});
  const UpgradeStep served = server.read({room.data(), size});
  ASSERT_EQ(served.kind, StepKind::accepted);
  EXPECT_EQ(served.size, size);
  for (std::size_t cut = 0; cut < served.answer.size(); ++cut) {
    UpgradeClient fresh = client.upgrade;
    EXPECT_EQ(fresh.next(served.answer.substr(0, cut)).kind, StepKind::incomplete);
    const UpgradeStep step = fresh.next(std::string(served.answer) + "frames");
    ASSERT_EQ(step.kind, StepKind::accepted);
    ASSERT_EQ(step.size, served.answer.size());
  }
  EXPECT_EQ(client.upgrade.write_request(std::span(room).first(100), {.host = "x"}), 0U);
}

TEST(UpgradeClient, refuses_by_name) {
  Client client;
  EXPECT_EQ(client.error(text_of(response_lines)), none);
  const std::vector<std::pair<std::string, UpgradeError>> cases{
      {response_with(0, "HTTP/1.1 200 OK"), status},
      {response_with(0, "HTTP/1.1 401 Unauthorized"), status},
      {response_with(0, "HTTP/1.0 101 Switching Protocols"), http_version},
      {response_with(0, "HTTP/1.1 1010 Switching Protocols"), malformed},
      {response_with(0, "SIP/2.0 200 OK"), malformed},
      {response_with(1, ""), upgrade},
      {response_with(1, "Upgrade: h2c"), upgrade},
      {response_with(2, ""), connection},
      {response_with(3, ""), accept},
      {response_with(3, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOp="), accept},
      {response_with(4, ""), subprotocol},
      {response_with(4, "Sec-WebSocket-Protocol: msrp"), subprotocol},
      {response_with(4, "Sec-WebSocket-Protocol: sip, msrp"), subprotocol},
      {response_with(4, "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Extensions: deflate"),
       extension},
  };
  for (const auto& [response, wanted] : cases)
    EXPECT_EQ(to_string(client.error(response)), to_string(wanted)) << response;
}

}  // namespace
}  // namespace sipring
