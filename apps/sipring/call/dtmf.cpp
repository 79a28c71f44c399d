// SPDX-License-Identifier: MIT
#include <agent/text.h>
#include <call/dtmf.h>

#include <sipring/pools/trimmed.h>

#include <fmt/format.h>

#include <charconv>

namespace sipring::app {
namespace {

std::optional<std::string_view> value_in(std::string_view body, std::string_view name) {
  while (const auto line = take_until(body, '\n')) {
    const std::size_t equals = line->find('=');
    if (equals == line->npos) continue;
    if (equals_ignoring_case(trimmed(line->substr(0, equals)), name))
      return trimmed(line->substr(equals + 1));
  }
  return std::nullopt;
}

}  // namespace

std::string dtmf_body(char key) {
  return fmt::format("Signal={}\r\nDuration=160\r\n", key);
}

std::optional<Key> key_of(std::string_view content_type, std::string_view body) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  Key key;
  if (equals_ignoring_case(type, "application/dtmf")) {
    key.signal = trimmed(body);
  } else if (equals_ignoring_case(type, dtmf_relay)) {
    key.signal = value_in(body, "Signal").value_or("");
    const std::string_view duration = value_in(body, "Duration").value_or("");
    (void)std::from_chars(duration.data(), duration.data() + duration.size(), key.milliseconds);
  }
  if (key.signal.empty()) return std::nullopt;
  return key;
}

}  // namespace sipring::app
