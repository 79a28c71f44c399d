// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/diversion.h>

#include <sipring/core/message/detail/address_element.h>

namespace sipring {
namespace {

constexpr detail::Spelled<Diversion::Reason> diversion_reasons[] = {
    {"unknown", Diversion::Reason::unknown},
    {"user-busy", Diversion::Reason::user_busy},
    {"no-answer", Diversion::Reason::no_answer},
    {"unavailable", Diversion::Reason::unavailable},
    {"unconditional", Diversion::Reason::unconditional},
    {"time-of-day", Diversion::Reason::time_of_day},
    {"do-not-disturb", Diversion::Reason::do_not_disturb},
    {"deflection", Diversion::Reason::deflection},
    {"follow-me", Diversion::Reason::follow_me},
    {"out-of-service", Diversion::Reason::out_of_service},
    {"away", Diversion::Reason::away},
};

template <auto member>
bool two_digits(Diversion& diversion, const Parameter& given, std::uint32_t offset) {
  return detail::matches(detail::ValueRule::two_digits, given.value) &&
         detail::number<member>(diversion, given, offset);
}

constexpr detail::Known<Diversion> of_diversion[] = {
    {"reason", detail::any_value<&Diversion::reason_text>},
    {"counter", two_digits<&Diversion::counter>},
    {"limit", two_digits<&Diversion::limit>},
    {"privacy", detail::any_value<&Diversion::privacy>},
    {"screen", detail::any_value<&Diversion::screen>},
};

}  // namespace

Parsed<Diversion> parse_diversion(std::string_view value) {
  Parsed<Diversion> diversion =
      detail::read_address<Diversion>(value, detail::Brackets::expected, of_diversion);
  if (diversion && !diversion->reason_text.empty())
    diversion->reason =
        detail::word_from(diversion_reasons, diversion->reason_text, Diversion::Reason::other);
  return diversion;
}

}  // namespace sipring
