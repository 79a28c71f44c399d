// Keys as INFO carries them: application/dtmf-relay, "Signal=5" and "Duration=160", and
// application/dtmf, which is the key alone. No RFC has them; every PBX does.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sipring::app {

inline constexpr std::string_view dtmf_relay = "application/dtmf-relay";

struct Key {
  std::string signal;
  std::uint32_t milliseconds = 0;  // 0: it is not said
};

[[nodiscard]] std::string dtmf_body(char key);
// nullopt: another content type, or no key.
[[nodiscard]] std::optional<Key> key_of(std::string_view content_type, std::string_view body);

}  // namespace sipring::app
