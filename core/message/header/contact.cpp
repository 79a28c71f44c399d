// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/contact.h>

#include <sipring/core/message/detail/address_element.h>
#include <sipring/core/message/uri_parts.h>

namespace sipring {
namespace {

bool take_expires(Contact& contact, const Parameter& given, std::uint32_t offset) {
  constexpr std::uint32_t malformed = 3600;
  if (contact.expires) return false;
  contact.expires = detail::number_from(detail::without_quotes(given.value));
  if (contact.expires && detail::is_quoted(given.value))
    contact.forgiven.add(Forgiveness::quoted_token, offset);
  if (contact.expires) return true;
  contact.expires = malformed;
  contact.forgiven.add(Forgiveness::malformed_expires, offset);
  return true;
}

// From 1 to 2^31-1 (RFC 5626 section 4.2).
bool take_reg_id(Contact& contact, const Parameter& given, std::uint32_t) {
  const std::optional<std::uint32_t> number = detail::number_from(given.value);
  if (contact.reg_id != 0 || !number || *number == 0 || *number >> 31 != 0) return false;
  contact.reg_id = *number;
  return true;
}

// Phones forget the brackets, or the quotes with them.
bool take_instance(Contact& contact, const Parameter& given, std::uint32_t offset) {
  const std::string_view text = detail::without_quotes(given.value);
  const bool bracketed = detail::matches(detail::ValueRule::instance, text);
  const bool understood = bracketed || (!text.empty() && text.find_first_of("<>") == text.npos);
  if (!understood || contact.instance.data() != nullptr) return false;
  contact.instance = bracketed ? text.substr(1, text.size() - 2) : text;
  if (!bracketed) contact.forgiven.add(Forgiveness::missing_brackets, offset);
  if (!detail::is_quoted(given.value)) contact.forgiven.add(Forgiveness::unquoted_string, offset);
  return true;
}

constexpr detail::Known<Contact> of_contact[] = {
    {"q", detail::qvalue<&Contact::q>},
    {"expires", take_expires},
    {"reg-id", take_reg_id},
    {"+sip.instance", take_instance},
    {"pub-gruu", detail::quoted_value<&Contact::pub_gruu>},
    {"temp-gruu", detail::quoted_value<&Contact::temp_gruu>},
};

}  // namespace

Parsed<Contact> parse_contact(std::string_view value) {
  if (is_wildcard(value)) {
    Contact all;
    all.wildcard = true;
    all.length = 1;
    return all;
  }
  Parsed<Contact> contact =
      detail::read_address<Contact>(value, detail::Brackets::optional, of_contact);
  if (!contact || contact->uri.parameters.empty()) return contact;
  contact->outbound = has_uri_parameter(contact->uri, "ob");
  contact->gruu = has_uri_parameter(contact->uri, "gr");
  return contact;
}

}  // namespace sipring
