// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/abilities.h>
#include <sipring/core/message/detail/octets.h>

#include <algorithm>
#include <array>
#include <span>

namespace sipring {
namespace {

constexpr std::string_view own_methods =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, MESSAGE";
constexpr std::string_view own_extensions = "100rel, timer";
constexpr std::string_view own_types =
    "application/sdp, multipart/mixed, multipart/alternative, multipart/related";

std::string list_of(std::string_view own, std::span<const std::string> more) {
  std::string list(own);
  for (const std::string& element : more) list.append(", ").append(element);
  return list;
}

HeaderBlock block_of(std::string_view allow, std::string_view supported) {
  return HeaderBlock(std::array{HeaderLine{"Allow", allow}, HeaderLine{"Supported", supported}});
}

}  // namespace

Abilities::Abilities(const CallSettings& settings)
    : settings_(settings),
      allow_(list_of(own_methods, settings.methods)),
      supported_(list_of(own_extensions, settings.extensions)),
      accept_(list_of(own_types, settings.body_types)),
      body_types_(settings.body_types.begin(), settings.body_types.end()),
      block_(block_of(allow_, supported_)) {}

bool Abilities::has_extension(std::string_view tag) const {
  const auto is_it = [&](std::string_view own) { return detail::equals_ignoring_case(tag, own); };
  return is_it("100rel") || is_it("timer") || std::ranges::any_of(settings_.extensions, is_it);
}

bool Abilities::has_method(std::string_view name) const {
  return std::ranges::find(settings_.methods, name) != settings_.methods.end();
}

}  // namespace sipring
