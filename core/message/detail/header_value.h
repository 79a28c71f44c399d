// HeaderName and HeaderValue: what builders and edits take for a header field, in whatever form the
// caller has it. Both borrow; they are parameters and live for the call.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/build_error.h>
#include <sipring/core/message/detail/text_room.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/names.h>
#include <sipring/core/message/uri.h>
#include <sipring/core/network_address.h>

#include <concepts>
#include <cstdint>
#include <expected>
#include <string_view>
#include <variant>

namespace sipring {

template <class T>
concept TextLike = std::convertible_to<const T&, std::string_view>;

// By id or by text. A text that is in the list means its id, also in its compact form, and is
// written as it is given.
struct HeaderName {
  HeaderName(HeaderId header) : id(header), text(to_string(header)) {}  // not `extension`
  HeaderName(const TextLike auto& name) : id(header_id_from(name)), text(name) {}

  [[nodiscard]] bool is(HeaderId other, std::string_view other_text) const;

  HeaderId id;
  std::string_view text;
};

// A text is checked against the grammar of its header field where there is one. Of a Uri, an
// Address and a Via the *parts* are written, not `text`:
//   Uri      its parts when `host` is set, else `text`; as a header field's value inside <>
//   Address  "display name <uri>", `parameters`, and `tag` unless `parameters` has it
//   Via      transport, host, port, `parameters`, and what they lack of branch, rport, received and
//            maddr
// What is written, parsed again, has the parts that were given, or it is `malformed`: nothing can
// be smuggled in by a part, and parts that contradict each other are found.
class HeaderValue {
 public:
  HeaderValue(const TextLike auto& text) : value_(std::string_view(text)) {}
  HeaderValue(std::uint32_t number) : value_(number) {}
  HeaderValue(const Uri& uri) : value_(&uri) {}
  HeaderValue(const Address& address) : value_(&address) {}
  HeaderValue(const Via& via) : value_(&via) {}
  HeaderValue(const CSeq& cseq) : value_(&cseq) {}

  // Written into `room`, without white space around it: the view lives there.
  [[nodiscard]] std::expected<std::string_view, BuildProblem> write(HeaderId header,
                                                                    TextRoom& room) const;
  // As a Request-URI, without <>: a text or a Uri.
  [[nodiscard]] std::expected<std::string_view, BuildProblem> write_request_uri(
      TextRoom& room) const;

 private:
  std::variant<std::string_view, std::uint32_t, const Uri*, const Address*, const Via*, const CSeq*>
      value_;
};

// A Via of ours, with rport where responses come by datagram (RFC 3581 section 3). `sent_by`:
// "host" or "host:port". Views into the parameters.
[[nodiscard]] std::expected<Via, BuildProblem> make_via(Transport transport,
                                                        std::string_view sent_by,
                                                        std::string_view branch);

}  // namespace sipring
