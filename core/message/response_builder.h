// ResponseBuilder: responses, RFC 3261 section 8.2.6.
//
//   Built bytes = builder.start(request, 200)
//                     .to_tag(tag)
//                     .contact("<sip:bob@192.0.2.9>")
//                     .build(buffers);
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/header_builder.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring {

class ResponseBuilder : public HeaderBuilder<ResponseBuilder> {
 public:
  ResponseBuilder() = default;
  // With the caller's room for texts in place of its own; it must outlive the builder.
  explicit ResponseBuilder(std::span<char> room) : HeaderBuilder(room) {}

  // Each start forgets everything before it.
  // With what section 8.2.6.2 copies: Via, From, To, Call-ID, CSeq; Record-Route when the response
  // can make a dialog (section 12.1.1), Timestamp in a 100 (section 8.2.6.1).
  ResponseBuilder& start(const Message& request, std::uint16_t status);
  // With nothing.
  ResponseBuilder& start(std::uint16_t status);
  // A response that was received, whole; parts may then be changed. What is not changed is written
  // octet for octet, and a To without a tag stays so.
  ResponseBuilder& start_copy(const Message& response);

  ResponseBuilder& status(std::uint16_t status);     // and its standard phrase
  ResponseBuilder& reason(const HeaderValue& text);  // another phrase than the standard one
  ResponseBuilder& to_tag(std::string_view tag) { return this->tag(HeaderId::to, tag); }

  // The To must have a tag, but not in a 100 (section 8.2.6.2).
  [[nodiscard]] Built build(BufferPool& buffers);
  // Into `room`: a view of its beginning.
  [[nodiscard]] std::expected<std::string_view, BuildError> build(std::span<char> room);

 private:
  bool complete();
  [[nodiscard]] std::array<std::string_view, 4> start_line() const {
    return {"SIP/2.0 ", {digits_.data(), digits_.size()}, " ", reason_};
  }

  std::uint16_t status_ = 0;
  std::array<char, 3> digits_{};
  std::string_view reason_;
  bool is_copy_ = false;
};

}  // namespace sipring
