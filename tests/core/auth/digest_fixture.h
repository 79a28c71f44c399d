// A client and a server of Digest, with requests and responses between them as texts.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest_client.h>
#include <sipring/core/auth/digest_server.h>
#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <chrono>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/support/engine_fixture.h"
#include "tests/support/openssl_hashes.h"

namespace sipring::test {

// A message that is parsed once and lives as long as this.
class ParsedText {
 public:
  explicit ParsedText(const std::string& text)
      : octets_(text), message_(64, *std::pmr::new_delete_resource()) {
    EXPECT_TRUE(parse(octets_.view(), message_)) << text;
  }
  [[nodiscard]] const Message& operator*() const { return message_; }

 private:
  PaddedText octets_;
  Message message_;
};

inline std::string lines_text(std::span<const HeaderLine> lines) {
  std::string text;
  for (const HeaderLine& line : lines)
    text += std::string(line.name) + ": " + std::string(line.value) + "\r\n";
  return text;
}

inline std::string request_text(std::string_view method, std::string_view uri,
                                const std::string& headers, std::string_view body = "") {
  return std::string(method) + " " + std::string(uri) +
         " SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline std::string response_text(int status, const std::string& headers,
                                 std::string_view body = "") {
  return "SIP/2.0 " + std::to_string(status) + " X\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n" +
         headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

// The value of a parameter of credentials or of a challenge, without quotes; "(none)" when absent.
inline std::string parameter_of(std::string_view text, std::string_view name) {
  for (const std::string& before : {" " + std::string(name) + "="}) {
    const std::size_t at = text.find(before);
    if (at == text.npos) continue;
    std::string_view value = text.substr(at + before.size());
    if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
    return std::string(value.substr(0, value.find_first_of(",\r")));
  }
  return "(none)";
}

class DigestFixture : public ::testing::Test {
 protected:
  static constexpr const char* realm = "example.com";
  const HashFunctions hashes = openssl_hashes();

  DigestServer make_server(DigestServerSettings settings = {}, std::uint64_t seed = 7) {
    if (settings.realm.empty()) settings.realm = realm;
    return {settings, hashes, Entropy{{seed, 8, 9, 10}}, *std::pmr::new_delete_resource()};
  }
  DigestClient make_client(const DigestAccount& account = {"bob", "zanzibar"}) {
    return {account, hashes, Entropy{{1, 2, 3, 4}}};
  }
  std::string challenge(DigestServer& server, bool stale = false) {
    std::string room(server.room_for_lines(), '\0');
    HeaderLine lines[DigestServer::most_lines];
    const auto written = server.challenge(now, stale, lines, room);
    EXPECT_FALSE(written.empty());
    return lines_text(written);
  }
  // The credentials of a request, as header fields.
  std::string answer(DigestClient& client, DigestAttempt& attempt, const DigestRequest& request) {
    std::string room(4 * DigestClient::room_for_one, '\0');
    HeaderLine lines[DigestClient::most_realms];
    const auto written = client.credentials(request, attempt, lines, room);
    EXPECT_TRUE(written);
    return written ? lines_text(*written) : "";
  }
  static std::optional<DigestError> take(DigestClient& client, DigestAttempt& attempt,
                                         const std::string& headers, int status = 401) {
    const ParsedText response(response_text(status, headers));
    const auto taken = client.take(*response, attempt);
    return taken ? std::nullopt : std::optional(taken.error());
  }
  // What a server with the passwords of `users` ("bob:zanzibar") says.
  DigestVerdict judge(DigestServer& server, const ParsedText& request,
                      const std::string& password = "zanzibar", bool knows_user = true) {
    const auto claim = server.claim(*request);
    EXPECT_TRUE(claim) << to_string(claim.error());
    if (!claim) return DigestVerdict::refused;
    std::optional<HexDigest> ha1;
    if (knows_user) ha1 = make_ha1(hashes, claim->algorithm, "bob", realm, password);
    return server.judge(now, *claim, ha1);
  }

  Instant now = Instant{} + std::chrono::hours(1);
};

}  // namespace sipring::test
