// SPDX-License-Identifier: MIT
#include "listener_text.h"

#include "listen_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace sipring::app {
namespace {

constexpr std::string_view right_options =
    "proxy=v2; of tls: and wss: cert=FILE, key=FILE, ca=FILE, verify=none|request|peer";

std::optional<TlsVerify> verify_of(std::string_view word) {
  if (word == "none") return TlsVerify::none;
  if (word == "request") return TlsVerify::request;
  if (word == "peer") return TlsVerify::require;
  return std::nullopt;
}

bool set_option(ListenerText& listener, std::string_view name, std::string_view value) {
  if (value.empty()) return false;
  if (name == "proxy") return listener.is_proxied = value == "v2";
  if (!has_tls(listener.address.transport)) return false;
  if (name == "verify") {
    const auto verify = verify_of(value);
    listener.verify = verify.value_or(TlsVerify::none);
    return verify.has_value();
  }
  for (const auto& [word, file] : {std::pair{"cert", &listener.files.certificate},
                                   {"key", &listener.files.key},
                                   {"ca", &listener.files.authorities}}) {
    if (name != word) continue;
    *file = value;
    return true;
  }
  return false;
}

std::string complaint(std::string_view text, std::string_view what) {
  return fmt::format("{}: {} ({})", text, what, right_options);
}

}  // namespace

std::expected<ListenerText, std::string> parse_listener(std::string_view text) {
  const std::size_t question = text.find('?');
  const auto address = parse_listen_address(text.substr(0, question));
  if (!address) return std::unexpected(address.error());
  ListenerText listener{.address = *address};
  if (question == std::string_view::npos) return listener;
  if (!is_reliable(address->transport))
    return std::unexpected(complaint(text, "options are for connections"));
  for (std::string_view rest = text.substr(question + 1); !rest.empty();) {
    const std::string_view option = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), option.size() + 1));
    const std::size_t equals = std::min(option.find('='), option.size());
    const std::string_view value = option.substr(std::min(equals + 1, option.size()));
    if (!set_option(listener, option.substr(0, equals), value))
      return std::unexpected(complaint(text, fmt::format("{} is none of these", option)));
  }
  if (signs_itself(listener) && !listener.files.key.empty())
    return std::unexpected(complaint(text, "a key without a cert"));
  return listener;
}

}  // namespace sipring::app
