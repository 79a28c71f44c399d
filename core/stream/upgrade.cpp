// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/stream/detail/handshake_key.h>
#include <sipring/core/stream/detail/http_head.h>
#include <sipring/core/stream/upgrade.h>
#include <sipring/pools/assert.h>
#include <sipring/pools/detail/text_writer.h>

#include <algorithm>

namespace sipring {
namespace {

using detail::HttpHead;
using enum UpgradeError;

// Up to and with the blank line; 0 while there is none.
std::size_t find_head_end(std::string_view received, std::uint32_t& scanned) {
  constexpr std::string_view blank_line = "\r\n\r\n";
  const std::size_t found = received.find(blank_line, scanned);
  if (found != received.npos) return found + blank_line.size();
  scanned = static_cast<std::uint32_t>(received.size() - std::min<std::size_t>(3, received.size()));
  return 0;
}

// Neither HTTP's requests nor its responses begin otherwise: whoever speaks TLS here is told at
// once.
bool begins_like_http(std::string_view received) {
  const char letter = detail::lower(received[0]);
  return letter >= 'a' && letter <= 'z';
}

// HTTP/1.1 or a later 1.x.
bool is_spoken(std::string_view version) {
  return version.starts_with("1.") && version != "1.0";
}

// The path and query of "/path?query" or "http://host/path?query"; empty when it is neither.
std::string_view resource_of(std::string_view target) {
  if (target.starts_with('/')) return target;
  const std::size_t scheme = target.find("://");
  if (scheme == target.npos) return {};
  const std::string_view name = target.substr(0, scheme);
  if (!detail::equals_ignoring_case(name, "http") && !detail::equals_ignoring_case(name, "https"))
    return {};
  const std::size_t path = target.find('/', scheme + 3);
  return path == target.npos ? "/" : target.substr(path);
}

bool is_served(std::string_view resource_name, const UpgradePolicy& policy) {
  if (policy.resource.empty()) return true;
  return resource_name.substr(0, resource_name.find('?')) == policy.resource;
}

bool is_welcome(const HttpHead& head, const UpgradePolicy& policy) {
  if (head.origin.count == 0) return !policy.needs_origin;
  if (head.origin.count > 1) return false;
  if (policy.origins.empty()) return true;
  return std::ranges::any_of(policy.origins, [&](std::string_view origin) {
    return detail::equals_ignoring_case(head.origin.value, origin);
  });
}

// In the order of section 4.2.1.
UpgradeError check_request(const HttpHead& head, const UpgradePolicy& policy) {
  if (!is_spoken(head.version)) return http_version;
  if (head.method != "GET") return method;
  if (head.has_body) return has_body;
  const std::string_view resource_name = resource_of(head.target);
  if (resource_name.empty()) return target;
  if (head.host.count != 1 || head.host.value.empty()) return host;
  if (head.has_malformed_list) return malformed;
  if (!head.upgrade_is_websocket) return upgrade;
  if (!head.connection_is_upgrade) return connection;
  if (head.key.count != 1 || !detail::is_key(head.key.value)) return key;
  if (!head.websocket_version.is("13")) return websocket_version;
  if (!head.has_sip) return subprotocol;
  if (!is_welcome(head, policy)) return origin;
  if (!is_served(resource_name, policy)) return resource;
  return none;
}

// In the order of section 4.1; of a status other than 101 nothing else is looked at.
UpgradeError check_response(const HttpHead& head, std::string_view wanted) {
  if (!is_spoken(head.version)) return http_version;
  if (head.status != "101") return status;
  if (head.has_malformed_list) return malformed;
  if (!head.upgrade_is_websocket) return upgrade;
  if (!head.connection_is_upgrade) return connection;
  if (!head.accept.is(wanted)) return accept;
  if (head.has_extension) return extension;
  if (!head.has_sip || head.subprotocols != 1) return subprotocol;
  return none;
}

std::string_view write_acceptance(std::span<char> room, const UpgradePolicy& policy,
                                  std::string_view its_key) {
  TextWriter text(room);
  text << "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       << "Sec-WebSocket-Accept: " << detail::view_of(detail::make_accept(policy.sha1, its_key))
       << "\r\nSec-WebSocket-Protocol: sip\r\n\r\n";
  SIPRING_ASSERT(text.fits());
  return text.view();
}

std::string_view write_refusal(std::span<char> room, UpgradeError error) {
  const UpgradeRefusal refusal = refusal_of(error);
  const std::string_view name = to_string(error);
  const std::string_view sentence = explanation(error);
  TextWriter text(room);
  text << "HTTP/1.1 " << refusal.status << "\r\n"
       << refusal.fields << "Connection: close\r\nContent-Type: text/plain\r\nContent-Length: "
       << name.size() + sentence.size() + 3 << "\r\n\r\n"
       << name << ": " << sentence << '\n';
  SIPRING_ASSERT(text.fits());
  return text.view();
}

UpgradeStep refused(UpgradeError error) {
  return {UpgradeStep::Kind::refused, error, 0, {}};
}

// What can be said before the head is whole.
UpgradeError check_beginning(std::string_view received, std::size_t head_size,
                             std::uint32_t head_bytes) {
  if (!begins_like_http(received)) return malformed;
  const std::size_t known = head_size == 0 ? received.size() : head_size;
  return known > head_bytes ? head_too_large : none;
}

}  // namespace

UpgradeStep UpgradeServer::next(std::string_view received, std::span<char> room) {
  if (received.empty()) return {};
  const std::size_t size = find_head_end(received, scanned_);
  UpgradeError error = check_beginning(received, size, policy_->head_bytes);
  if (error == none && size == 0) return {};
  HttpHead head;
  if (error == none && !detail::read_http_request(received.substr(0, size), head))
    error = malformed;
  if (error == none) error = check_request(head, *policy_);
  if (error != none) {
    UpgradeStep step = refused(error);
    step.answer = write_refusal(room, error);
    return step;
  }
  return {UpgradeStep::Kind::accepted, none, size,
          write_acceptance(room, *policy_, head.key.value)};
}

std::size_t UpgradeClient::write_request(std::span<char> room, const Request& request) const {
  TextWriter text(room);
  text << "GET " << request.resource << " HTTP/1.1\r\nHost: " << request.host
       << "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
       << detail::view_of(detail::make_key(nonce_))
       << "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n";
  if (!request.origin.empty()) text << "Origin: " << request.origin << "\r\n";
  text << "\r\n";
  return text.fits() ? text.size() : 0;
}

UpgradeStep UpgradeClient::next(std::string_view received) {
  if (received.empty()) return {};
  const std::size_t size = find_head_end(received, scanned_);
  const UpgradeError error = check_beginning(received, size, head_bytes);
  if (error != none) return refused(error);
  if (size == 0) return {};
  HttpHead head;
  if (!detail::read_http_response(received.substr(0, size), head)) return refused(malformed);
  const auto wanted = detail::make_accept(sha1_, detail::view_of(detail::make_key(nonce_)));
  const UpgradeError found = check_response(head, detail::view_of(wanted));
  if (found != none) return refused(found);
  return {UpgradeStep::Kind::accepted, none, size, {}};
}

}  // namespace sipring
