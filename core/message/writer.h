// Writes requests and responses into buffers, straight from borrowed views: RFC 3261
// sections 8.1.1, 8.2.6, 9.1, 17.1.1.3. Sizes are computed first, so that the right buffer is
// taken; nothing is written beyond it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/message/detail/edits.h>
#include <sipring/core/message/message.h>
#include <sipring/core/network_address.h>
#include <sipring/pools/buffer.h>

#include <cstdint>
#include <expected>
#include <memory_resource>
#include <span>
#include <string_view>

namespace sipring {

class HeaderBlock;

// A header field to be written. Neither part may hold CR or LF.
struct HeaderLine {
  std::string_view name = {};
  std::string_view value = {};
};

// What a transaction user answers. Via, From, To, Call-ID, CSeq are copied from the request
// (section 8.2.6.2), Record-Route too when it makes a dialog (section 12.1.1); Content-Length is
// computed. Everything else is in `headers`.
struct Response {
  std::uint16_t status = 200;
  std::string_view reason = {};  // empty: the standard phrase (section 21)
  // Empty: the transaction's own tag. Not used when the request's To has one.
  std::string_view to_tag = {};
  std::span<const HeaderLine> headers = {};
  // More of them, prepared once. The engine copies the first 63 that differ (a copy shares its
  // octets): a response of nothing but a status and one of them is written again where its request
  // comes again, and takes no memory in between.
  const HeaderBlock* block = nullptr;
  std::string_view body = {};  // with a Content-Type among the header fields
};

// What a transaction user sends. Via is added by the engine, Max-Forwards: 70 when it is not among
// `headers`, Content-Length always. `headers` must have From (with a tag), To, Call-ID and CSeq
// (section 8.1.1).
struct Request {
  std::string_view method = {};
  std::string_view request_uri = {};
  std::span<const HeaderLine> headers = {};
  const HeaderBlock* block = nullptr;  // more of them, prepared once; none of those four
  std::string_view body = {};
  NetworkAddress destination = {};  // resolved: core asks no DNS
  Flow flow = {};                   // the listener or connection to send from
  std::string_view sent_by = {};    // of the Via: "host" or "host:port" that reaches this flow
};

// The standard phrase of a status (section 21 and the IANA registry); "Unknown" when there is none.
[[nodiscard]] std::string_view reason_phrase(std::uint16_t status);

// No CR or LF where it would end a line, names and method are tokens, the status is one: else a
// header could be smuggled in.
[[nodiscard]] bool is_writable(const Response& response);
[[nodiscard]] bool is_writable(const Request& request);

enum class WriteError : std::uint8_t { too_large, no_buffers };
using Written = std::expected<Ref<Buffer>, WriteError>;

// Writes into room of its own for one message and copies the result into a buffer of the right
// size.
class MessageWriter {
 public:
  MessageWriter(std::uint32_t max_message_bytes, BufferPool& buffers,
                std::pmr::memory_resource& memory);
  ~MessageWriter();
  MessageWriter(const MessageWriter&) = delete;
  MessageWriter& operator=(const MessageWriter&) = delete;
  // What the memory resource gives for it.
  [[nodiscard]] static std::size_t bytes_for(std::uint32_t max_message_bytes);

  // `via_edits` stamps the top Via of `request` (core/routing/detail/via_stamp.h), empty when that
  // has been done. `to_tag` is added to the To. `server`: value of a Server header field, or empty.
  [[nodiscard]] Written response(const Message& request, std::span<const Edit> via_edits,
                                 std::string_view to_tag, std::string_view server,
                                 const Response& response);
  // `via_parameters` stand at the end of the Via, each with its ';'; 64 octets at most.
  [[nodiscard]] Written request(std::string_view branch, const Request& request,
                                std::string_view via_parameters = {});
  // For a 300 to 699: `to` is the value of the response's To header field (section 17.1.1.3).
  [[nodiscard]] Written ack(const Message& invite, std::string_view to);
  // Section 9.1.
  [[nodiscard]] Written cancel(const Message& invite);
  // A message with edits, whole.
  [[nodiscard]] Written copy(const Message& message, std::span<const Edit> edits);

 private:
  template <class Describe>
  Written write(std::size_t at_most, Describe&& describe);
  Written companion(Method method, const Message& invite, std::string_view to);

  std::pmr::memory_resource& memory_;
  BufferPool& buffers_;
  std::size_t max_bytes_;  // of a message
  std::size_t room_size_;  // what a message may need while it is bounded from above
  char* room_;
};

}  // namespace sipring
