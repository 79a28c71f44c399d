// SPDX-License-Identifier: MIT
#include <call/event.h>

namespace sipring::app {

// Octets of the far side need not be UTF-8.
std::string json_of(const Event& event) {
  nlohmann::ordered_json json{{"event", event.name}};
  if (event.call != 0) json["call"] = event.call;
  if (!event.fields.is_null()) json.update(event.fields);
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace sipring::app
