// Numbers among the values of header parameters.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameter_values.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>

#include <limits>

namespace sipring::detail {

std::optional<std::uint32_t> number_from(std::string_view text) {
  if (!matches(ValueRule::number, text)) return std::nullopt;
  const unsigned char* at = octets(text.data());
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(read_number(at, at + text.size(), most));
}

std::optional<std::uint16_t> qvalue_from(std::string_view text) {
  if (!matches(ValueRule::qvalue, text)) return std::nullopt;
  std::uint32_t thousandths = 0;
  for (const std::size_t at : {0U, 2U, 3U, 4U})
    thousandths =
        thousandths * 10 + (at < text.size() ? static_cast<std::uint32_t>(text[at] - '0') : 0);
  return static_cast<std::uint16_t>(thousandths);
}

}  // namespace sipring::detail
