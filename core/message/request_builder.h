// RequestBuilder: requests, RFC 3261 section 8.1.1.
//
//   RequestBuilder builder;
//   Built bytes = builder.start(Method::options, "sip:bob@example.com")
//                     .via(Transport::udp, "192.0.2.1:5060", identifiers.branch().view())
//                     .from("<sip:alice@example.com>", identifiers.tag().view())
//                     .to("<sip:bob@example.com>")
//                     .call_id(identifiers.call_id().view())
//                     .cseq(1)
//                     .build(buffers);
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/header_builder.h>
#include <sipring/core/message/writer.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring {

class RequestBuilder : public HeaderBuilder<RequestBuilder> {
 public:
  RequestBuilder() = default;
  // With the caller's room for texts in place of its own; it must outlive the builder.
  explicit RequestBuilder(std::span<char> room) : HeaderBuilder(room) {}

  // Each start_... forgets everything before it.
  RequestBuilder& start(Method method, const HeaderValue& request_uri);
  RequestBuilder& start(std::string_view method, const HeaderValue& request_uri);
  // A request that was received, whole; parts may then be changed. What is not changed is written
  // octet for octet, and what its sender left out by older rules (tags, branch) is not asked for.
  RequestBuilder& start_copy(const Message& request);
  // The CANCEL of an INVITE that was sent (section 9.1): complete.
  RequestBuilder& start_cancel(const Message& invite);
  // The ACK of a 300 to 699 (section 17.1.1.3): complete.
  RequestBuilder& start_ack(const Message& invite, const Message& response);
  // A request of the client's side within the dialog that a response has made (sections 12.1.2,
  // 12.2.1.1): remote target, route set (loose or strict) and tags come from the response. The ACK
  // of a 2xx is such a request with the INVITE's number. Lacks Via, and Contact where the method
  // needs one.
  RequestBuilder& start_in_dialog(Method method, const Message& response, std::uint32_t cseq);

  RequestBuilder& request_uri(const HeaderValue& uri);
  RequestBuilder& cseq(std::uint32_t number);
  RequestBuilder& max_forwards(std::uint32_t hops) { return replace(HeaderId::max_forwards, hops); }

  // Max-Forwards: 70 is added where it is absent (section 8.1.1.6).
  [[nodiscard]] Built build(BufferPool& buffers);
  // Into `room`: a view of its beginning.
  [[nodiscard]] std::expected<std::string_view, BuildError> build(std::span<char> room);

  // What Engine::send() takes, without destination, flow and sent_by: the engine writes Via and
  // Content-Length. Views into the builder, until its next start. Folds of copied header fields are
  // refused there.
  [[nodiscard]] std::expected<Request, BuildError> request(std::span<HeaderLine> lines);

 private:
  RequestBuilder& start_companion(Method method, const Message& invite);
  bool complete(const HeaderSet& given_by_others);
  bool check_addresses();
  [[nodiscard]] std::array<std::string_view, 4> start_line() const {
    return {method_name_, " ", request_uri_, " SIP/2.0"};
  }

  Method method_ = Method::unknown;
  std::string_view method_name_;
  std::string_view request_uri_;
  bool is_copy_ = false;
};

}  // namespace sipring
