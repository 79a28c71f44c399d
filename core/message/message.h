// A parsed SIP message (RFC 3261 section 7): the start line and the boundaries of every header
// field, as spans over bytes that it does not own.
//
// Lifetime: every string_view handed out points into the bytes that were parsed and dies with them.
// A Message is made once with room for Limits::headers header fields and is parsed into again and
// again; nothing here allocates after construction.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/pools/assert.h>
#include <sipring/pools/detail/input_iterator.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory_resource>
#include <optional>
#include <string_view>

namespace sipring {

namespace detail {
class Framing;  // fills a Message while the grammar reads
}  // namespace detail

// A header field as it stands in the message. `value` has the white space around it removed and
// folds kept.
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
  // What the memory resource gives for it.
  [[nodiscard]] static std::size_t bytes_for(std::uint32_t max_headers);

  // After a failed parse: the Request-Line came as far as its method. A Status-Line that broke
  // before its status must not look like a request that can be answered.
  [[nodiscard]] bool is_request() const { return method_name_.length != 0; }
  // Requests.
  // Method::unknown for a token that is not in the list.
  [[nodiscard]] Method method() const { return method_; }
  [[nodiscard]] std::string_view method_name() const { return view(method_name_); }
  [[nodiscard]] std::string_view request_uri() const { return view(request_uri_); }
  // Responses.
  [[nodiscard]] int status() const { return status_; }  // 100 to 699; 0 for a request
  [[nodiscard]] std::string_view reason() const { return view(reason_); }

  [[nodiscard]] std::uint32_t header_count() const { return header_count_; }
  // index is below header_count().
  [[nodiscard]] HeaderField header(std::uint32_t index) const {
    SIPRING_ASSERT(index < header_count_);
    const Entry& entry = entries_[index];
    return {ids_[index], view(entry.name), view(entry.value)};
  }
  [[nodiscard]] HeaderId id(std::uint32_t index) const {
    SIPRING_ASSERT(index < header_count_);
    return ids_[index];
  }
  // The index of the first header field of this kind at or after `from`; header_count() when there
  // is none.
  [[nodiscard]] std::uint32_t find(HeaderId id, std::uint32_t from = 0) const;
  // The same from the start, and whether another one follows.
  struct Found {
    std::uint32_t index = 0;
    bool repeated = false;
  };
  [[nodiscard]] Found find_only(HeaderId id) const;
  // The value of the first header field of this kind; nullopt when absent.
  [[nodiscard]] std::optional<std::string_view> first(HeaderId id) const;
  // All header fields of a kind in order: for (HeaderField field : message.each(HeaderId::via)) ...
  class Fields;
  [[nodiscard]] Fields each(HeaderId id) const;

  // What framing let pass; offsets are those of the octets that were parsed.
  [[nodiscard]] const Forgiven& forgiven() const { return forgiven_; }

  [[nodiscard]] std::string_view head() const;   // start line, header fields and the blank line
  [[nodiscard]] std::string_view bytes() const;  // the whole message, without what follows the body
  // Where a part of the message stands in the octets that were parsed.
  [[nodiscard]] std::uint32_t offset_of(std::string_view part) const {
    return static_cast<std::uint32_t>(part.data() - text_);
  }
  [[nodiscard]] std::string_view body() const;  // cut to Content-Length where the message has one

 private:
  friend class detail::Framing;

  // Offsets from text_; a message has at most 65,535 octets, so a header field takes eight (and one
  // for its id).
  struct Span {
    std::uint16_t offset = 0;
    std::uint16_t length = 0;
  };
  struct Entry {
    Span name, value;
  };
  static_assert(sizeof(Entry) == 8);

  [[nodiscard]] std::string_view view(Span span) const {
    return {text_ + span.offset, span.length};
  }

  std::pmr::memory_resource& memory_;
  std::uint32_t max_headers_;
  Entry* entries_;
  HeaderId* ids_;  // padded to whole vectors, so that find() needs no tail
  const char* text_ = nullptr;
  std::uint32_t header_count_ = 0;
  Method method_ = Method::unknown;
  std::uint16_t status_ = 0;
  Span method_name_, request_uri_, reason_;
  std::uint16_t begin_ = 0, body_ = 0, end_ = 0;
  Forgiven forgiven_;
};

// The header fields of one kind, in the order of the message. Valid as long as the message is.
class Message::Fields {
 public:
  class Cursor {
   public:
    Cursor(const Message& message, HeaderId id)
        : message_{&message}, id_{id}, index_{message.find(id)} {}
    [[nodiscard]] HeaderField value() const { return message_->header(index_); }
    void next() { index_ = message_->find(id_, index_ + 1); }
    [[nodiscard]] bool at_end() const { return index_ == message_->header_count(); }

   private:
    const Message* message_;
    HeaderId id_;
    std::uint32_t index_;
  };
  using Iterator = InputIterator<Cursor>;

  Fields(const Message& message, HeaderId id) : message_{message}, id_{id} {}
  [[nodiscard]] Iterator begin() const { return {message_, id_}; }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  const Message& message_;
  HeaderId id_;
};

}  // namespace sipring
