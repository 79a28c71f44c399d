// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/charging_vector.h>

#include <sipring/core/message/detail/known_parameter.h>

#include <algorithm>

namespace sipring {
namespace {

constexpr detail::Known<ChargingVector> of_charging_vector[] = {
    {"icid-generated-at", detail::any_value<&ChargingVector::icid_generated_at>},
    {"orig-ioi", detail::any_value<&ChargingVector::orig_ioi>},
    {"term-ioi", detail::any_value<&ChargingVector::term_ioi>},
    {"transit-ioi", detail::any_value<&ChargingVector::transit_ioi>},
    {"related-icid", detail::any_value<&ChargingVector::related_icid>},
    {"related-icid-generated-at", detail::any_value<&ChargingVector::related_icid_generated_at>},
};

// "icid-value" EQUAL gen-value, which its machine has accepted as a parameter.
Parsed<std::string_view> read_icid(std::string_view text) {
  const std::string_view name = text.substr(0, text.find_first_of("= \t\r\n"));
  if (!detail::equals_ignoring_case(name, "icid-value"))
    return detail::refusal(ParseErrorCode::missing_parameter, 0);
  const std::size_t equal = text.find('=');
  const std::size_t icid = text.find_first_not_of(" \t\r\n", std::min(equal, text.size() - 1) + 1);
  if (icid == text.npos) return detail::refusal(ParseErrorCode::parameter, 0);
  return detail::without_quotes(text.substr(icid));
}

}  // namespace

Parsed<ChargingVector> parse_charging_vector(std::string_view value) {
  Parsed<ChargingVector> vector =
      detail::alone(detail::read_header(value, detail::Head::parameter, &ChargingVector::icid,
                                        of_charging_vector),
                    value);
  if (!vector) return vector;
  for (const Parameter& each : Parameters(vector->parameters))  // it has come already, as the first
    if (detail::equals_ignoring_case(each.name, "icid-value"))
      return detail::refusal(ParseErrorCode::parameter,
                             static_cast<std::size_t>(each.name.data() - value.data()));
  const Parsed<std::string_view> icid = read_icid(vector->icid);
  if (!icid)
    return detail::refusal(icid.error().code,
                           static_cast<std::size_t>(vector->icid.data() - value.data()));
  vector->icid = *icid;
  return vector;
}

}  // namespace sipring
