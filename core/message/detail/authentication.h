// Digest parameters by table: one list of names, members and quotes both reads a header field and
// writes it (RFC 7616 section 3.3 to 3.5).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/header/params.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/pools/detail/text_writer.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring::detail {

struct AuthenticationText {
  std::string_view scheme;  // empty where there is none
  std::string_view parameters;
  Forgiven forgiven;  // empty parameters
};
// A token and nothing else, as Bearer has it (RFC 6750 section 2.1): no auth-param looks so.
[[nodiscard]] bool is_token68(std::string_view parameters);
// A parameter that nobody knows: notes a value that is neither token nor quoted, and its absence.
void note_parameter(const Parameter& given, Forgiven& forgiven, std::size_t offset);
// All of another scheme than Digest. A token68 is Bearer's alone.
void note_parameters(std::string_view scheme, std::string_view parameters, std::string_view value,
                     Forgiven& forgiven);
// auth-scheme LWS auth-param *( COMMA auth-param )
Parsed<AuthenticationText> read_scheme_and_parameters(std::string_view value);
// ainfo *( COMMA ainfo )
Parsed<AuthenticationText> read_authentication_parameters(std::string_view value);

enum class Quotes : std::uint8_t { needed, forbidden };

// A parameter as it is taken from a text: false when it breaks its rule or comes twice.
[[nodiscard]] bool take_value(std::string_view& member, Quotes quotes, std::string_view value,
                              Forgiven& forgiven, std::size_t offset);
// Eight hexadecimal digits; notes those in upper case.
[[nodiscard]] bool take_nonce_count(std::string_view digits, Forgiven& forgiven,
                                    std::size_t offset);

// Joins a scheme and parameters in a caller's room; remembers what could not be written.
class AuthenticationWriter {
 public:
  explicit AuthenticationWriter(std::span<char> room) : text_(room) {}
  void put_scheme(std::string_view scheme);
  void put_parameter(std::string_view name, std::string_view value, Quotes quotes);
  void put_raw(std::string_view parameters);
  [[nodiscard]] std::optional<std::string_view> text() const;

 private:
  TextWriter text_;
  bool any_ = false;  // a parameter has been written
  bool good_ = true;
};

template <class Header>
struct DigestMember {
  std::string_view name;
  std::string_view Header::*member;
  Quotes quotes;
};

// The Digest parameters of `header`, whose `parameters` are read; others are passed over, and
// "name=" without a value is as none.
template <class Header, class Table>
[[nodiscard]] Parsed<Header> take_members(const Header& header, const Table& table,
                                          std::string_view value) {
  return with_parameters(
      header, value,
      [&](Header& result, const Parameter& each) {
        const bool is_empty = each.value.empty() && has_value(each);
        for (const DigestMember<Header>& entry : table)
          if (!is_empty && is(each, entry.name))
            return take_value(result.*entry.member, entry.quotes, each.value, result.forgiven,
                              offset_of(each.value, value));
        note_parameter(each, result.forgiven, offset_of(each.name, value));
        return true;
      },
      Malformed::refused);
}

template <class Header, class Table>
void put_members(AuthenticationWriter& writer, const Header& header, const Table& table) {
  for (const DigestMember<Header>& entry : table)
    if ((header.*entry.member).data() != nullptr)
      writer.put_parameter(entry.name, header.*entry.member, entry.quotes);
}

}  // namespace sipring::detail
