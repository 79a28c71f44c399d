// Words that name a role: setup and connection (RFC 4145).
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/security.h>
#include <sipring/core/sdp/detail/text.h>

namespace sipring::sdp {
namespace {

constexpr std::unexpected<ParseError> no_role{ParseError{ParseErrorCode::sdp_setup, 0}};

Forgiven spaces_around(std::string_view word, std::string_view value) {
  Forgiven forgiven;
  const auto at = static_cast<std::size_t>(word.data() - value.data());
  if (word.size() != value.size())
    forgiven.add(Forgiveness::sdp_white_space, at == 0 ? word.size() : 0);
  return forgiven;
}

}  // namespace

std::string_view to_string(Setup setup) {
  switch (setup) {
    case Setup::active: return "active";
    case Setup::passive: return "passive";
    case Setup::actpass: return "actpass";
    case Setup::holdconn: return "holdconn";
  }
  return "";
}

Parsed<SetupRole> parse_setup(std::string_view value) {
  const std::string_view word = detail::trimmed(value);
  for (const Setup setup : {Setup::active, Setup::passive, Setup::actpass, Setup::holdconn})
    if (word == to_string(setup)) return SetupRole{setup, spaces_around(word, value)};
  return no_role;
}

Setup answered(Setup offered) {
  switch (offered) {
    case Setup::active: return Setup::passive;
    case Setup::passive:
    case Setup::actpass: return Setup::active;
    case Setup::holdconn: return Setup::holdconn;
  }
  return Setup::holdconn;
}

bool may_answer(Setup answer, Setup offered) {
  switch (offered) {
    case Setup::active: return answer == Setup::passive || answer == Setup::holdconn;
    case Setup::passive: return answer == Setup::active || answer == Setup::holdconn;
    case Setup::actpass: return answer != Setup::actpass;
    case Setup::holdconn: return answer == Setup::holdconn;
  }
  return false;
}

std::string_view to_string(ConnectionUse use) {
  return use == ConnectionUse::fresh ? "new" : "existing";
}

Parsed<ConnectionKind> parse_connection_use(std::string_view value) {
  const std::string_view word = detail::trimmed(value);
  for (const ConnectionUse use : {ConnectionUse::fresh, ConnectionUse::existing})
    if (word == to_string(use)) return ConnectionKind{use, spaces_around(word, value)};
  return no_role;
}

}  // namespace sipring::sdp
