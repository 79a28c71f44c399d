// Walking the parameters of a format.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/rtp.h>
#include <sipring/core/sdp/detail/text.h>

namespace sipring::sdp {

FmtpParameter FmtpParameters::Cursor::value() const {
  const std::string_view word = detail::trimmed(*words_);
  const std::size_t equals = word.find('=');
  if (equals == word.npos) return {word, {}};
  return {detail::trimmed(word.substr(0, equals)), detail::trimmed(word.substr(equals + 1))};
}

void FmtpParameters::Cursor::skip_blank() {
  while (words_ != std::default_sentinel && detail::trimmed(*words_).empty()) ++words_;
}

std::optional<std::string_view> FmtpParameters::find(std::string_view name) const {
  for (const FmtpParameter parameter : *this)
    if (detail::equals_ignoring_case(parameter.name, name)) return parameter.value;
  return std::nullopt;
}

}  // namespace sipring::sdp
