// HeaderBuilder: what RequestBuilder and ResponseBuilder have in common, in a form where calls
// follow one another. A mistake is remembered and told by build(); calls after it do nothing.
//
// Texts that are given are copied into the builder's room, so that temporaries may be given. The
// body, and what is copied from a Message, are borrowed until build(). One builder makes any number
// of messages, one after the other; nothing is allocated but the buffer that build() returns.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/build_error.h>
#include <sipring/core/message/detail/header_list.h>
#include <sipring/core/message/detail/header_value.h>
#include <sipring/core/message/message.h>
#include <sipring/core/network_address.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace sipring {

template <class Derived>
class HeaderBuilder {
 public:
  // Room of its own for the texts that are given, in octets; enough for some forty header fields.
  static constexpr std::size_t own_room = 2048;

  HeaderBuilder(const HeaderBuilder&) = delete;
  HeaderBuilder& operator=(const HeaderBuilder&) = delete;

  // Any header field: see HeaderList for what each does.
  Derived& append(const HeaderName& name, const HeaderValue& value) {
    return headers_.append(name, value), self();
  }
  Derived& prepend(const HeaderName& name, const HeaderValue& value) {
    return headers_.prepend(name, value), self();
  }
  Derived& replace(const HeaderName& name, const HeaderValue& value) {
    return headers_.replace(name, value), self();
  }
  Derived& insert(std::uint32_t index, const HeaderName& name, const HeaderValue& value) {
    return headers_.insert(index, name, value), self();
  }
  Derived& remove(const HeaderName& name) { return headers_.remove(name), self(); }
  Derived& remove_at(std::uint32_t index) { return headers_.remove_at(index), self(); }
  Derived& move(std::uint32_t from, std::uint32_t to) { return headers_.move(from, to), self(); }

  // From another message, as they stand there.
  Derived& copy(const Message& message, const HeaderName& name) {
    return headers_.copy_kind(message, name), self();
  }
  Derived& copy_all(const Message& message) { return headers_.copy_all(message), self(); }
  Derived& copy_all_but(const Message& message, std::initializer_list<HeaderName> names) {
    return headers_.copy_all_but(message, {names.begin(), names.size()}), self();
  }

  // Those that may come once are replaced, the others added: a Via and a Record-Route as the
  // topmost, a Contact and a Route as the last.
  Derived& via(const HeaderValue& value) { return prepend(HeaderId::via, value); }
  Derived& record_route(const HeaderValue& value) { return prepend(HeaderId::record_route, value); }
  Derived& route(const HeaderValue& value) { return append(HeaderId::route, value); }
  Derived& contact(const HeaderValue& value) { return append(HeaderId::contact, value); }
  Derived& from(const HeaderValue& value) { return replace(HeaderId::from, value); }
  Derived& from(const HeaderValue& address, std::string_view tag) {
    return from(address).tag(HeaderId::from, tag);
  }
  Derived& to(const HeaderValue& value) { return replace(HeaderId::to, value); }
  Derived& to(const HeaderValue& address, std::string_view tag) {
    return to(address).tag(HeaderId::to, tag);
  }
  // A Via of ours, topmost: with rport where responses come by datagram (RFC 3581).
  Derived& via(Transport transport, std::string_view sent_by, std::string_view branch) {
    return headers_.prepend_via(transport, sent_by, branch), self();
  }
  // Added to a From or To; one that it has stays.
  Derived& tag(HeaderId header, std::string_view tag) {
    return headers_.add_tag(header, tag), self();
  }
  Derived& call_id(const HeaderValue& value) { return replace(HeaderId::call_id, value); }

  // Borrowed until build(). Content-Length is computed.
  Derived& body(const HeaderValue& content_type, std::string_view text) {
    body_ = text;
    return replace(HeaderId::content_type, content_type);
  }
  Derived& no_body() {
    body_ = {};
    return remove(HeaderId::content_type);
  }
  Derived& names(NameForm form) {
    names_ = form;
    return self();
  }

  [[nodiscard]] const HeaderList& headers() const { return headers_; }

 protected:
  HeaderBuilder() : headers_({own_, own_room}) {}
  explicit HeaderBuilder(std::span<char> room) : headers_(room) {}
  ~HeaderBuilder() = default;

  Derived& clear() {
    headers_.clear();
    body_ = {};
    names_ = NameForm::as_given;
    return self();
  }
  Derived& fail(BuildProblem problem, HeaderId header) {
    return headers_.fail(problem, header), self();
  }
  Derived& self() { return static_cast<Derived&>(*this); }

  char own_[own_room];
  HeaderList headers_;
  std::string_view body_;
  NameForm names_ = NameForm::as_given;
};

}  // namespace sipring
