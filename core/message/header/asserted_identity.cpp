// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/asserted_identity.h>

#include <sipring/core/message/elements.h>

namespace sipring {
namespace {

std::optional<Address>* place_of(const Uri& uri, AssertedIdentity& identity) {
  if (uri.scheme == Uri::Scheme::tel) return &identity.tel;
  if (is_sip(uri)) return &identity.sip;
  return nullptr;
}

}  // namespace

Parsed<AssertedIdentity> asserted_identity(const Message& message, HeaderId id) {
  AssertedIdentity identity;
  const auto list = elements<parse_address>(message, id);
  for (auto each = list.begin(); each != list.end(); ++each) {
    if (!*each) return std::unexpected(each->error());
    identity.forgiven.add((*each)->forgiven, each.offset());
    std::optional<Address>* const place = place_of((*each)->uri, identity);
    if (place == nullptr || place->has_value())
      identity.forgiven.add(Forgiveness::surplus_identity, each.offset());
    else
      *place = **each;
  }
  return identity;
}

}  // namespace sipring
