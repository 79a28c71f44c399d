// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/stream/detail/http_head.h>

namespace sipring::detail {
namespace {

// False where the list is malformed.
template <class Take>
bool each_element(std::string_view list, Take&& take) {
  for (;;) {
    const std::string_view element = next_http_element(list);
    if (element.empty()) return list.empty();
    take(element);
  }
}

}  // namespace

void HttpHead::take(std::string_view name, std::string_view text) {
  const auto is = [&](std::string_view wanted) { return equals_ignoring_case(name, wanted); };
  const auto list = [&](auto&& take_element) {
    if (!each_element(text, take_element)) has_malformed_list = true;
  };
  if (is("host")) return host.take(text);
  if (is("sec-websocket-key")) return key.take(text);
  if (is("sec-websocket-accept")) return accept.take(text);
  if (is("sec-websocket-version")) return websocket_version.take(text);
  if (is("origin")) return origin.take(text);
  if (is("upgrade"))
    return list([&](std::string_view element) {
      upgrade_is_websocket |= equals_ignoring_case(element, "websocket");
    });
  if (is("connection"))
    return list([&](std::string_view element) {
      connection_is_upgrade |= equals_ignoring_case(element, "upgrade");
    });
  if (is("sec-websocket-protocol"))
    return list([&](std::string_view element) {
      has_sip |= element == "sip";
      ++subprotocols;
    });
  if (is("sec-websocket-extensions")) has_extension |= !text.empty();
  if (is("transfer-encoding") || (is("content-length") && text != "0")) has_body = true;
}

}  // namespace sipring::detail
