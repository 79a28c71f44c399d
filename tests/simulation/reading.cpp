// SPDX-License-Identifier: MIT
#include "tests/simulation/reading.h"

#include <sipring/core/message/envelope.h>
#include <sipring/core/routing/detail/response_route.h>
#include <sipring/pools/hash.h>

#include <algorithm>

#include "tests/simulation/broken.h"

namespace sipring::simulation {
namespace {

enum class Side : std::uint64_t { client, server, old_server };

bool has_cookie(std::string_view branch) {
  return branch.size() > 7 && branch.starts_with("z9hG4bK");
}

// Branch and method (section 17.1.3).
std::uint64_t client_key(std::string_view branch, std::string_view method) {
  Hasher hasher({});
  hasher.add(static_cast<std::uint64_t>(Side::client));
  hasher.add_lower(branch);
  hasher.add(method);
  return hasher.finish().low;
}

// Branch, sent-by and method; without a cookie what RFC 2543 adds, as far as a response has it too.
std::uint64_t server_key(const Envelope& envelope, std::string_view method) {
  Hasher hasher({});
  const bool is_old = !has_cookie(envelope.via.branch);
  hasher.add(static_cast<std::uint64_t>(is_old ? Side::old_server : Side::server));
  hasher.add_lower(envelope.via.branch);
  hasher.add_lower(envelope.via.host);
  hasher.add(std::uint64_t{envelope.via.port});
  hasher.add(method == "ACK" ? std::string_view("INVITE") : method);
  if (is_old) {
    hasher.add(envelope.from_tag);
    hasher.add(envelope.call_id);
    hasher.add(std::uint64_t{envelope.cseq.number});
  }
  return hasher.finish().low;
}

// Section 8.2.6.2, line by line, and where it came from, which the top Via says.
std::uint64_t copied_from(const Message& request, const Received& received) {
  using enum HeaderId;
  Hasher hasher({});
  hasher.add(to_text(received.source).view());
  for (std::uint32_t i = 0; i < request.header_count(); ++i) {
    const HeaderField field = request.header(i);
    const auto copied = {via, from, to, call_id, cseq, record_route};
    if (std::ranges::find(copied, field.id) == copied.end()) continue;
    const char* const end = field.value.data() + field.value.size();
    hasher.add(std::string_view(field.name.data(), end));
  }
  return hasher.finish().low;
}

Reading describe(const Message& message, const Envelope& envelope, Transport transport) {
  return {.method = message.is_request() ? message.method() : envelope.cseq.method,
          .status = message.status(),
          .is_reliable = is_reliable(transport),
          .has_cookie = has_cookie(envelope.via.branch)};
}

}  // namespace

std::optional<Reading> read_arrival(const Message& message, const Received& received) {
  Envelope envelope;
  if (!read_envelope(message, envelope)) return std::nullopt;
  Reading reading = describe(message, envelope, received.source.transport);
  if (!message.is_request()) {
    reading.key = client_key(envelope.via.branch, envelope.cseq.method_name);
    return reading;
  }
  if (envelope.cseq.method_name != message.method_name()) return std::nullopt;
  if (!response_route(envelope.via, received)) return std::nullopt;
  reading.key = server_key(envelope, message.method_name());
  reading.invite = server_key(envelope, "INVITE");
  reading.copied = copied_from(message, received);
  if (!reading.has_cookie) {
    Hasher hasher({});
    hasher.add(message.request_uri());
    hasher.add(envelope.via.text);
    reading.rest = hasher.finish().low;
  }
  return reading;
}

Reading read_sent(const Message& message, const NetworkAddress& destination) {
  Envelope envelope;
  const bool is_whole = read_envelope(message, envelope);
  require(is_whole || !message.is_request(), "a request of ours lacks what every request has");
  Reading reading = describe(message, envelope, destination.transport);
  if (!is_whole) return reading;  // the 400 of a request that lacked it
  Hasher hasher({});
  hasher.add(message.bytes());
  reading.octets = hasher.finish().low;
  reading.key = message.is_request() ? client_key(envelope.via.branch, message.method_name())
                                     : server_key(envelope, envelope.cseq.method_name);
  reading.invite = client_key(envelope.via.branch, "INVITE");
  return reading;
}

// The first CSeq counts: a refusal of a mangled request has as many as that had.
std::optional<std::uint64_t> key_of_undelivered(const Message& message) {
  Envelope envelope;
  if (!read_top_via(message, envelope)) return std::nullopt;
  if (!has_cookie(envelope.via.branch)) return std::nullopt;
  if (message.is_request()) return client_key(envelope.via.branch, message.method_name());
  const Parsed<CSeq> cseq = parse_cseq(message.first(HeaderId::cseq).value_or(""));
  return server_key(envelope, cseq ? cseq->method_name : "INVITE");
}

}  // namespace sipring::simulation
