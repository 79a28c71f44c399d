// SPDX-License-Identifier: MIT
#include <answer/registration.h>

#include <agent/text.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/params.h>
#include <sipring/core/message/header/values.h>
#include <sipring/pools/trimmed.h>

#include <optional>

namespace sipring::app {
namespace {

constexpr std::uint32_t default_expires = 3600;

void refuse(RegistrationText& text, std::uint16_t status, std::string_view reason) {
  text.contacts.clear();
  text.status = status;
  text.reason = reason;
}

// Section 10.2.1.1; a malformed one counts as 3600 (section 10.3).
std::uint32_t expires_of(const Address& contact, std::uint32_t of_request) {
  const auto value = parameter(contact.parameters, "expires");
  if (!value) return of_request;
  return parse_expires(*value).value_or(default_expires);
}

// A folded line becomes one line.
void put_unfolded(FixedText<8192>& text, std::string_view value) {
  while (const auto line = take_until(value, '\n')) {
    std::string_view part = *line;
    if (part.ends_with('\r')) part.remove_suffix(1);
    text << part;
  }
}

void put_contact(FixedText<8192>& text, std::string_view written, const Address& contact,
                 std::uint32_t expires) {
  if (text.size() != 0) text << ", ";
  put_unfolded(text, trimmed(written));
  if (!parameter(contact.parameters, "expires")) text << ";expires=" << expires;
}

// False: a contact that cannot be read.
bool put_contacts(FixedText<8192>& text, std::string_view value, std::uint32_t expires) {
  while (!value.empty()) {
    const Parsed<Address> contact = parse_address(value);
    if (!contact) return false;
    const std::uint32_t granted = expires_of(*contact, expires);
    if (granted != 0) put_contact(text, value.substr(0, contact->length), *contact, granted);
    if (contact->length >= value.size()) break;
    value = trimmed(value.substr(contact->length + 1));
  }
  return true;
}

}  // namespace

void write_registration(const Message& request, RegistrationText& text) {
  text.contacts.clear();
  text.status = 200, text.reason = {};
  const auto expires = request.first(HeaderId::expires);
  const std::uint32_t seconds =
      expires ? parse_expires(*expires).value_or(default_expires) : default_expires;
  for (const HeaderField field : request.each(HeaderId::contact)) {
    if (is_wildcard(field.value)) {  // section 10.3, step 6
      if (seconds != 0 || request.find(HeaderId::contact, request.find(HeaderId::contact) + 1) !=
                              request.header_count()) {
        return refuse(text, 400, "Contact: * Needs Expires: 0 And No Other Contact");
      }
      return;
    }
    if (!put_contacts(text.contacts, field.value, seconds)) {
      return refuse(text, 400, "Malformed Contact Header Field");
    }
  }
  if (text.contacts.overflowed()) return refuse(text, 513, {});
}

}  // namespace sipring::app
