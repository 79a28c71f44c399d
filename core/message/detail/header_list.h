// HeaderList: the header fields of a message that is being made, in their order (RFC 3261
// section 7.3.1).
//
// What is given by name and value is checked and copied into the room that the caller lent; what is
// copied from a message stays where it stands, and that message must live until the list has been
// written. The first thing that goes wrong is kept as error(), and the list stays as it was then.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/build_error.h>
#include <sipring/core/message/detail/header_value.h>
#include <sipring/core/message/detail/text_room.h>
#include <sipring/core/message/message.h>
#include <sipring/core/network_address.h>

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

using HeaderSet = std::bitset<256>;  // by HeaderId
[[nodiscard]] HeaderSet headers_of(const Message& message);

// How lines are written (section 7.3.3): those that were copied as they stand; or all anew, "name:
// value", with the name in full where it is in the list, or compact where there is a compact form.
enum class NameForm : std::uint8_t { as_given, full, compact };

class HeaderList {
 public:
  static constexpr std::uint32_t capacity = 128;

  struct Line {
    HeaderId id = HeaderId::extension;
    std::string_view name;
    std::string_view value;
    std::string_view text;  // as it stood in a message, without its line ending; empty: made here
  };

  explicit HeaderList(std::span<char> room) : room_(room) {}
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;

  // No header fields, no error, all of the room.
  void clear();

  void append(const HeaderName& name, const HeaderValue& value);
  void prepend(const HeaderName& name, const HeaderValue& value);  // before all others of its kind
  // In the place of the first of its kind, the others are taken out; appended when there is none.
  void replace(const HeaderName& name, const HeaderValue& value);
  void insert(std::uint32_t index, const HeaderName& name, const HeaderValue& value);
  // "SIP/2.0/UDP sent_by;branch=...;rport", the rport only for datagrams (RFC 3581 section 3).
  void prepend_via(Transport transport, std::string_view sent_by, std::string_view branch);
  // A tag for the From or To that is there; one that it has stays.
  void add_tag(HeaderId header, std::string_view tag);
  void remove(const HeaderName& name);  // all of the kind; none is no mistake
  void remove_at(std::uint32_t index);
  // Takes one out and puts it where it then has the index `to`.
  void move(std::uint32_t from, std::uint32_t to);

  void copy(const Message& message, std::uint32_t index);
  // A part of a header field that a peer sent, as it came: what its parser forgave is no mistake of
  // ours. It stays where it stands.
  void append_received(HeaderId id, std::string_view value);
  void copy_kind(const Message& message, const HeaderName& name);
  void copy_all(const Message& message);
  void copy_all_but(const Message& message, std::span<const HeaderName> names);

  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] const Line& operator[](std::uint32_t index) const;
  [[nodiscard]] std::span<const Line> lines() const { return {lines_.data(), size_}; }
  // The first of its kind at or after `from`; size() when there is none.
  [[nodiscard]] std::uint32_t find(const HeaderName& name, std::uint32_t from = 0) const;
  // Its value, without the rest of its line; null data when there is none.
  [[nodiscard]] std::string_view first(HeaderId id) const;
  [[nodiscard]] HeaderSet kinds() const;
  // One that may come once and comes twice.
  [[nodiscard]] std::optional<HeaderId> repeated() const;

  [[nodiscard]] const std::optional<BuildError>& error() const { return error_; }
  void fail(BuildProblem problem, HeaderId header);

  [[nodiscard]] TextRoom& room() { return room_; }

 private:
  bool make(const HeaderName& name, const HeaderValue& value, Line& line);
  void insert_line(std::uint32_t index, const Line& line);

  union {  // without a constructor: only the first size_ are there
    std::array<Line, capacity> lines_;
  };
  std::uint32_t size_ = 0;
  std::optional<BuildError> error_;
  TextRoom room_;
};

}  // namespace sipring
