// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/diversion.h>

#include <sipring/core/message/detail/address_element.h>

namespace sipring {
namespace {

using Reason = Diversion::Reason;

constexpr detail::Spelled<Reason> reasons[] = {
    {"unknown", Reason::unknown},
    {"user-busy", Reason::user_busy},
    {"no-answer", Reason::no_answer},
    {"unavailable", Reason::unavailable},
    {"unconditional", Reason::unconditional},
    {"time-of-day", Reason::time_of_day},
    {"do-not-disturb", Reason::do_not_disturb},
    {"deflection", Reason::deflection},
    {"follow-me", Reason::follow_me},
    {"out-of-service", Reason::out_of_service},
    {"away", Reason::away},
};

template <auto member>
bool two_digits(Diversion& diversion, const Parameter& given, std::uint32_t offset) {
  return detail::matches(detail::ValueRule::two_digits, given.value) &&
         detail::number<member>(diversion, given, offset);
}

constexpr detail::Known<Diversion> known[] = {
    {"reason", detail::any_value<&Diversion::reason_text>},
    {"counter", two_digits<&Diversion::counter>},
    {"limit", two_digits<&Diversion::limit>},
    {"privacy", detail::any_value<&Diversion::privacy>},
    {"screen", detail::any_value<&Diversion::screen>},
};

}  // namespace

Parsed<Diversion> parse_diversion(std::string_view value) {
  Parsed<Diversion> diversion =
      detail::read_address<Diversion>(value, detail::Brackets::expected, known);
  if (diversion && !diversion->reason_text.empty())
    diversion->reason =
        detail::word_from(reasons, diversion->reason_text, Diversion::Reason::other);
  return diversion;
}

}  // namespace sipring
