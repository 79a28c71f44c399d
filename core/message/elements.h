// The elements of a comma-separated header field, one after the other, across the header fields of
// that kind and in their order (RFC 3261 section 7.3.1). Nothing is copied; an element is parsed
// when it is asked for.
//
//   for (const Parsed<Via>& via : elements<parse_via>(message, HeaderId::via)) ...
//
// An element that is empty is stepped over and noted in the iterator's forgiven(); a value that is
// empty as a whole is its parser's to judge.
//
// An element that is malformed is handed out as its error, whose offset is within the header
// field's value; the elements behind it in that header field cannot be told apart and are left out;
// the next header field is read again.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/pools/detail/input_iterator.h>

#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace sipring {

// These say "nothing" by an empty value (section 25.1; RFC 5009 section 9, RFC 6086 section 9.2).
// In others an empty value is a mistake.
[[nodiscard]] constexpr bool may_be_empty(HeaderId id) {
  switch (id) {
    case HeaderId::accept:
    case HeaderId::accept_encoding:
    case HeaderId::accept_language:
    case HeaderId::accept_resource_priority:
    case HeaderId::allow:
    case HeaderId::p_associated_uri:
    case HeaderId::p_early_media:
    case HeaderId::recv_info:
    case HeaderId::supported: return true;
    default: return false;
  }
}

// `parse_element` reads the first element of a text and sets its `length`: the octets up to the
// comma before the next one, or all of them.
template <auto parse_element>
class Elements {
 public:
  using Element = decltype(parse_element(std::string_view{}));

  class Cursor {
   public:
    explicit Cursor(std::string_view value) : value_(value) {
      is_rest_empty() ? void(value_ = {}) : read();
    }
    Cursor(const Message& message, HeaderId id) : message_(&message), id_(id) {
      read_field(message.find(id));
    }
    [[nodiscard]] const Element& value() const { return element_; }
    void next() {
      if (element_) {
        offset_ += element_->length + 1;  // the comma too
        if (offset_ <= value_.size() && !is_rest_empty()) return read();
      }
      value_ = {};
      if (message_ != nullptr) read_field(message_->find(id_, index_ + 1));
    }
    [[nodiscard]] bool at_end() const { return value_.data() == nullptr; }

    // Which header field of the message the element stands in, and where in its value.
    [[nodiscard]] std::uint32_t header_index() const { return index_; }
    [[nodiscard]] std::size_t offset() const { return offset_; }
    // Empty elements of that header field so far; of the last one at the end.
    [[nodiscard]] const Forgiven& forgiven() const { return forgiven_; }

   private:
    void read() {
      element_ = parse_element(value_.substr(offset_));
      if (!element_) element_.error().offset += static_cast<std::uint32_t>(offset_);
    }

    // The one at `index`, or the next that says something.
    void read_field(std::uint32_t index) {
      for (; index != message_->header_count(); index = message_->find(id_, index + 1)) {
        const std::string_view value = message_->header(index).value;
        if (value.empty() && may_be_empty(id_)) continue;
        index_ = index, value_ = value, offset_ = 0, forgiven_ = {};
        if (!is_rest_empty()) return read();
      }
      value_ = {};
    }

    // Steps over empty elements. True when they were the rest of the value.
    bool is_rest_empty() {
      for (;;) {
        const std::size_t at = value_.find_first_not_of(" \t\r\n", offset_);
        if (at == value_.npos) break;
        if (value_[at] != ',') return false;
        forgiven_.add(Forgiveness::empty_element, at);
        offset_ = at + 1;
      }
      if (offset_ == 0) return false;
      forgiven_.add(Forgiveness::empty_element, offset_ - 1);
      return true;
    }

    const Message* message_ = nullptr;  // null: a value on its own
    HeaderId id_ = HeaderId::extension;
    std::uint32_t index_ = 0;
    std::string_view value_;  // null at the end
    std::size_t offset_ = 0;
    Forgiven forgiven_;
    Element element_{};
  };
  using Iterator = InputIterator<Cursor>;

  Elements(const Message& message, HeaderId id) : message_(&message), id_(id) {}
  explicit Elements(std::string_view value) : value_(value.data() ? value : "") {}

  [[nodiscard]] Iterator begin() const {
    return message_ == nullptr ? Iterator(value_) : Iterator(*message_, id_);
  }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  const Message* message_ = nullptr;
  HeaderId id_ = HeaderId::extension;
  std::string_view value_;
};

// Valid as long as the message is.
template <auto parse_element>
[[nodiscard]] Elements<parse_element> elements(const Message& message, HeaderId id) {
  return {message, id};
}
// Of one header field's value, or any other comma-separated text.
template <auto parse_element>
[[nodiscard]] Elements<parse_element> elements(std::string_view value) {
  return Elements<parse_element>(value);
}

}  // namespace sipring
