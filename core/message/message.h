// A parsed SIP message: the start line and the boundaries of every header field, as spans over bytes that it does not own.
//
// Lifetime: every string_view handed out points into the bytes that were parsed and dies with them. A Message is made once
// with room for Limits::headers header fields and is parsed into again and again; nothing here allocates after construction.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>

namespace sipring {

// A header field as it stands in the message. `value` has the white space around it removed and folds kept.
struct HeaderField {
  HeaderId id = HeaderId::extension;
  std::string_view name;
  std::string_view value;
};

class Message {
 public:
  Message(std::uint32_t max_headers, std::pmr::memory_resource& memory);
  ~Message();
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  [[nodiscard]] bool is_request() const;
  // Requests.
  [[nodiscard]] Method method() const;                // Method::unknown for a token that is not in the list
  [[nodiscard]] std::string_view method_name() const;
  [[nodiscard]] std::string_view request_uri() const;
  // Responses.
  [[nodiscard]] int status() const;                   // 100 to 699; 0 for a request
  [[nodiscard]] std::string_view reason() const;

  [[nodiscard]] std::uint32_t header_count() const;
  [[nodiscard]] HeaderField header(std::uint32_t index) const;
  // The index of the first header field of this kind at or after `from`; header_count() when there is none.
  [[nodiscard]] std::uint32_t find(HeaderId id, std::uint32_t from = 0) const;
  // The value of the first header field of this kind; nullopt when absent.
  [[nodiscard]] std::optional<std::string_view> first(HeaderId id) const;
  // All header fields of a kind in order: for (HeaderField field : message.each(HeaderId::via)) ...
  class Fields;
  [[nodiscard]] Fields each(HeaderId id) const;

  [[nodiscard]] std::string_view bytes() const;   // the whole message, without what follows the body
  [[nodiscard]] std::string_view body() const;    // cut to Content-Length where the message has one
};

}  // namespace sipring
