// SPDX-License-Identifier: MIT
#include <agent/text.h>
#include <load/session.h>

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/pools/hexadecimal.h>
#include <sipring/pools/trimmed.h>

#include <array>
#include <charconv>

namespace sipring::app {
namespace {

// The route set of a caller is the Record-Route in reverse (section 12.1.2): each address is put
// before those that are there.
bool take_route(const Message& response, FixedText<512>& route) {
  route.clear();
  for (std::uint32_t i = response.header_count(); i-- > 0;) {
    if (response.id(i) != HeaderId::record_route) continue;
    const std::string_view value = response.header(i).value;
    std::array<std::string_view, 16> addresses;
    std::size_t count = 0;
    const auto list = elements<parse_address_without_uri>(value);
    for (auto element = list.begin(); element != list.end(); ++element) {
      if (!*element || count == addresses.size()) return false;
      addresses[count++] = trimmed(value.substr(element.offset(), (*element)->length));
    }
    while (count-- > 0) route << (route.size() == 0 ? "" : ", ") << addresses[count];
  }
  return !route.overflowed();
}

template <class Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('-')) text.remove_prefix(1);
  return true;
}

}  // namespace

bool take_dialog(const Message& response, Session& session) {
  const auto to = response.first(HeaderId::to);
  const auto contact = response.first(HeaderId::contact);
  if (!to || !contact) return false;
  const Parsed<Address> target = parse_address(*contact);
  if (!target) return false;
  session.to.clear();
  session.to << *to;
  session.remote_target.clear();
  session.remote_target << target->uri.text;
  return take_route(response, session.route) && !session.to.overflowed() &&
         !session.remote_target.overflowed();
}

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
