// MessageEdit: what a proxy changes in a message that it passes on, as a list of pieces: nothing
// else is copied or written again (RFC 3261 sections 16.6, 16.7).
//
//   MessageEdit edit;
//   const auto pieces = edit.start(request)
//                           .decrement_max_forwards()
//                           .pop_route()
//                           .record_route("<sip:proxy.example.com;lr>")
//                           .via(Transport::udp, "192.0.2.1:5060", identifiers.branch().view())
//                           .pieces();
//
// The message must live, unchanged, until its pieces have been sent. A mistake is remembered and
// told at the end; calls after it do nothing. Nothing is allocated but the buffer of write().
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/build_error.h>
#include <sipring/core/message/detail/edits.h>
#include <sipring/core/message/detail/header_value.h>
#include <sipring/core/message/detail/text_room.h>
#include <sipring/core/message/message.h>
#include <sipring/core/network_address.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

class MessageEdit {
 public:
  static constexpr std::uint32_t capacity = 48;  // edits; most calls make one
  static constexpr std::size_t own_room = 1024;  // octets of new text

  MessageEdit() : room_({own_, own_room}) {}
  // With the caller's room for new text in place of its own; it must outlive this.
  explicit MessageEdit(std::span<char> room) : room_(room) {}
  MessageEdit(const MessageEdit&) = delete;
  MessageEdit& operator=(const MessageEdit&) = delete;

  // `message` was parsed without an error. Forgets all edits before it.
  MessageEdit& start(const Message& message);

  MessageEdit& request_uri(const HeaderValue& uri);      // section 16.6 step 2
  MessageEdit& decrement_max_forwards();                 // step 3: 70 where there is none
  MessageEdit& record_route(const HeaderValue& value) {  // step 4: before those that are there
    return prepend(HeaderId::record_route, value);
  }
  // The topmost element, also when others share its header field (section 16.4, 16.6 step 6).
  MessageEdit& pop_route();
  MessageEdit& prepend_via(const HeaderValue& value) { return prepend(HeaderId::via, value); }
  // Step 8. `parameters` stand before the branch, each with its ';'.
  MessageEdit& via(Transport transport, std::string_view sent_by, std::string_view branch,
                   std::string_view parameters = {});
  // What a server adds to the topmost of those that are there (core/routing/detail/via_stamp.h).
  // What the edits point to is borrowed like the message.
  MessageEdit& stamp_via(std::span<const Edit> edits);
  MessageEdit& pop_via();  // section 16.7 step 3

  // Any header field. A new one of a kind that is not there comes behind the Vias by prepend() and
  // as the last by append().
  MessageEdit& prepend(const HeaderName& name, const HeaderValue& value);
  MessageEdit& append(const HeaderName& name, const HeaderValue& value);
  // In the place of the first of its kind, the others are taken out; appended when there is none.
  MessageEdit& replace(const HeaderName& name, const HeaderValue& value);
  MessageEdit& replace_at(std::uint32_t index, const HeaderValue& value);
  MessageEdit& remove(const HeaderName& name);  // all of the kind; none is no mistake
  MessageEdit& remove_at(std::uint32_t index);
  // Content-Length follows. `text` is borrowed like the message.
  MessageEdit& body(const HeaderValue& content_type, std::string_view text);
  // Where there is none: a connection needs one (section 18.3).
  MessageEdit& content_length();

  // In order, none empty, for an iovec each. Valid until the next edit.
  [[nodiscard]] std::expected<std::span<const std::string_view>, BuildError> pieces();
  [[nodiscard]] Built write(BufferPool& buffers);
  [[nodiscard]] const std::optional<BuildError>& error() const { return error_; }
  // That which is edited; start() has been called.
  [[nodiscard]] const Message& message() const { return *message_; }

 private:
  enum class Owner : std::uint8_t { once, popped_via, popped_route };
  enum class Among : std::uint8_t { first, last };  // of what is inserted at one place

  MessageEdit& fail(BuildProblem problem, HeaderId header);
  MessageEdit& insert(const char* at, Among among, std::string_view text);
  MessageEdit& change(std::string_view replaced, std::string_view with, Owner owner = Owner::once);
  void put(std::uint32_t index, const Edit& edit, Owner owner);
  void drop(Owner owner);
  template <auto parse_element>
  MessageEdit& pop(HeaderId id, std::uint32_t count, Owner owner);
  std::optional<std::string_view> line(HeaderId id, std::string_view name, const HeaderValue& value,
                                       std::string_view ending);
  MessageEdit& content_length(std::size_t size);
  MessageEdit& replace_line(std::uint32_t index, const HeaderValue& value);
  [[nodiscard]] const char* after_vias() const;
  [[nodiscard]] const char* blank_line() const;

  const Message* message_ = nullptr;
  char own_[own_room];
  TextRoom room_;
  std::array<Edit, capacity> edits_;
  std::array<Owner, capacity> owners_{};
  std::uint32_t count_ = 0;
  std::uint32_t popped_vias_ = 0;
  std::uint32_t popped_routes_ = 0;
  bool has_new_body_ = false;
  std::optional<BuildError> error_;
  std::array<std::string_view, 2 * capacity + 1> pieces_;
};

}  // namespace sipring
