// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/registration.h>

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/option_tag.h>
#include <sipring/core/message/header/route.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/outbound/edge.h>

namespace sipring {
namespace {

struct Contacts {
  int lasting = 0;           // with an expiration other than zero
  bool any_reg_id = false;   // of these
  bool has_instance = true;  // all of these with a reg-id
};

Contacts read_contacts(const Message& registration) {
  const auto value = registration.first(HeaderId::expires);
  const auto expires = value ? parse_expires(*value) : Parsed<std::uint32_t>(1u);
  Contacts contacts;
  for (const Parsed<Contact>& contact : elements<parse_contact>(registration, HeaderId::contact)) {
    if (!contact || contact->wildcard) continue;
    if (contact->expires.value_or(expires.value_or(1)) == 0) continue;
    ++contacts.lasting;
    if (contact->reg_id == 0) continue;
    contacts.any_reg_id = true;
    contacts.has_instance &= !contact->instance.empty();
  }
  return contacts;
}

// Each proxy adds its Path on top (RFC 3327 section 5.2), so that of the client's first hop stands
// last.
bool first_hop_knows_outbound(const Message& registration) {
  bool knows = false;
  for (const Parsed<Route>& path : elements<parse_route>(registration, HeaderId::path))
    knows = path && path->outbound;
  return knows;
}

}  // namespace

RegistrationVerdict judge_registration(const Message& registration) {
  constexpr std::uint16_t bad_request = 400, first_hop_lacks_outbound_support = 439;
  const Contacts contacts = read_contacts(registration);
  if (!contacts.any_reg_id) return {};
  const bool supported = option_tags(registration, HeaderId::supported).has(OptionTag::outbound);
  if (!is_first_hop(registration) && !first_hop_knows_outbound(registration)) {
    const std::uint16_t refuse = supported ? first_hop_lacks_outbound_support : 0;
    return {.refuse = refuse};
  }
  if (contacts.lasting > 1) return {.refuse = bad_request};
  if (!contacts.has_instance) return {};
  return {.refuse = 0, .by_flow = true, .require_outbound = supported};
}

}  // namespace sipring
