// How a call came here, and why it ended: History-Info, Diversion, Reason.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/diversion.h>
#include <sipring/core/message/header/history_info.h>
#include <sipring/core/message/header/reason.h>

namespace sipring::app::typed {
namespace {

TypedValue history_entry(const HistoryEntry& entry) {
  constexpr const char* targets[] = {"", "rc", "mp", "np"};
  TypedValue typed;
  put(typed, "index", entry.index);
  put(typed, "name", entry.display_name);
  put_uri(typed, entry.uri);
  put(typed, "target", targets[static_cast<std::size_t>(entry.target)]);
  put(typed, "target-index", entry.target_index);
  put(typed, "cause", entry.cause);
  put(typed, "reason", entry.reason);
  put(typed, "privacy", entry.privacy);
  return typed;
}

TypedValue diversion_entry(const Diversion& diversion) {
  TypedValue typed;
  put(typed, "name", diversion.display_name);
  put_uri(typed, diversion.uri);
  put(typed, "reason", diversion.reason_text);
  put(typed, "counter", diversion.counter);
  put(typed, "limit", diversion.limit);
  put(typed, "privacy", diversion.privacy);
  put(typed, "screen", diversion.screen);
  return typed;
}

TypedValue reason(const Reason& reason) {
  TypedValue typed;
  put(typed, "protocol", reason.protocol);
  put(typed, "cause", reason.cause);
  put(typed, "text", reason.text);
  return typed;
}

constexpr Row diversion_rows[] = {
    {HeaderId::history_info, list<parse_history_info, history_entry>},
    {HeaderId::reason, list<parse_reason, reason>},
};

}  // namespace

std::span<const Row> diversions() {
  return diversion_rows;
}

Elements diversion(std::string_view value) {
  return list<parse_diversion, diversion_entry>(value);
}

}  // namespace sipring::app::typed
