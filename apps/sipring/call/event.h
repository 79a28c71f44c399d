// Event: what a softphone tells of its calls; a line of JSON each.
//
//   {"event":"ringing","call":1,"status":180}
//
// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace sipring::app {

struct Event {
  using Fields = nlohmann::ordered_json;

  std::string name;
  std::uint32_t call = 0;  // its number; 0: of none
  Fields fields = Fields::object();
};

// Without a line end.
[[nodiscard]] std::string json_of(const Event& event);

}  // namespace sipring::app
