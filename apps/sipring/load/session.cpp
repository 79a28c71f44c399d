// SPDX-License-Identifier: MIT
#include <load/session.h>

#include <sipring/pools/hexadecimal.h>

#include <charconv>

namespace sipring::app {
namespace {

template <class Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('-')) text.remove_prefix(1);
  return true;
}

}  // namespace

void SessionNames::put(char* to, Handle<Session> session) const {
  to = put_hexadecimal(to, run);
  for (const std::uint32_t number : {shard, session.slot, session.generation}) {
    *to++ = '-';
    to = put_hexadecimal(to, number);
  }
}

std::optional<Handle<Session>> SessionNames::session_of(std::string_view call_id) const {
  SessionNames names;
  Handle<Session> session;
  const bool is_complete = take_number(call_id, names.run) && take_number(call_id, names.shard) &&
                           take_number(call_id, session.slot) &&
                           take_number(call_id, session.generation);
  if (!is_complete || names.run != run || names.shard != shard) return std::nullopt;
  return session;
}

}  // namespace sipring::app
