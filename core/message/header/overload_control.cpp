// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/overload_control.h>

#include <sipring/core/message/detail/known_parameter.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>

#include <algorithm>
#include <utility>

namespace sipring {
namespace {

bool take_oc(OverloadControl& control, const Parameter& given, std::uint32_t offset) {
  if (control.supported) return false;
  control.supported =
      !detail::has_value(given) || detail::number<&OverloadControl::oc>(control, given, offset);
  return control.supported;
}

bool take_validity(OverloadControl& control, const Parameter& given, std::uint32_t offset) {
  if (control.has_validity) return false;
  control.has_validity = !detail::has_value(given) ||
                         detail::number<&OverloadControl::validity_ms>(control, given, offset);
  return control.has_validity;
}

bool take_algorithms(OverloadControl& control, const Parameter& given, std::uint32_t offset) {
  return detail::matches(detail::ValueRule::algorithms, detail::without_quotes(given.value)) &&
         detail::quoted_value<&OverloadControl::algorithms>(control, given, offset);
}

constexpr detail::Known<OverloadControl> of_overload_control[] = {
    {"oc", take_oc},
    {"oc-algo", take_algorithms},
    {"oc-validity", take_validity},
    {"oc-seq",
     detail::plain_value<&OverloadControl::sequence, detail::ValueRule::overload_sequence>},
};

// Seconds and their fraction: five digits at most, those that are left out are zeros.
std::pair<std::uint64_t, std::uint64_t> instant_of(std::string_view sequence) {
  constexpr std::uint64_t twelve_digits = 999'999'999'999;
  const unsigned char* at = detail::octets(sequence.data());
  const unsigned char* const end = at + sequence.size();
  const std::uint64_t seconds = detail::read_number(at, end, twelve_digits);
  if (at != end) ++at;
  std::uint64_t fraction = 0;
  for (int digit = 0; digit < 5; ++digit)
    fraction = fraction * 10 + (at != end ? static_cast<std::uint64_t>(*at++ - '0') : 0);
  return {seconds, fraction};
}

}  // namespace

Parsed<OverloadControl> parse_overload_control(std::string_view via_parameters) {
  Parsed<OverloadControl> control;
  control->parameters = via_parameters;
  detail::take_parameters(control, via_parameters, of_overload_control, detail::Malformed::refused);
  if (control && !control->supported && control->validity_ms.value_or(0) != 0) {
    control->has_validity = false;  // it says nothing without "oc" (section 4.3)
    control->validity_ms.reset();
  }
  return control;
}

bool has_algorithm(const OverloadControl& control, std::string_view name) {
  constexpr std::string_view separators = ", \t\r\n";
  std::string_view rest = control.algorithms;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(separators), rest.size());
    if (end != 0 && detail::equals_ignoring_case(rest.substr(0, end), name)) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

bool is_newer(std::string_view a, std::string_view b) {
  return instant_of(a) > instant_of(b);
}

}  // namespace sipring
