// SPDX-License-Identifier: MIT
#include <sipring/io/config.h>

namespace sipring {

// As where toml++ is there, which changes it.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
std::expected<Config, std::string> parse_config(std::string_view, const std::string& name, Config) {
  return std::unexpected(name + ": built without toml++ (SIPRING_TOML)");
}

}  // namespace sipring
