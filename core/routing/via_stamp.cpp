// SPDX-License-Identifier: MIT
#include <sipring/core/routing/detail/via_stamp.h>

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/params.h>

#include <charconv>
#include <cstring>

namespace sipring {

ViaStamp::ViaStamp(const Via& via, const ResponseRoute& route, const NetworkAddress& source,
                   std::optional<std::uint16_t> keep_seconds) {
  if (route.fill_rport) stamp_rport(via, source.port);
  if (route.add_received) stamp_received(via, source.ip);
  if (keep_seconds) stamp_keep(via, *keep_seconds);
}

// At one place the last one comes first: what a parameter becomes, then a new one.
void ViaStamp::add(std::string_view replaced, std::string_view with) {
  std::size_t place = count_++;
  for (; place != 0 && replaced.data() <= edits_[place - 1].replaced.data(); --place)
    edits_[place] = edits_[place - 1];
  edits_[place] = {replaced, with};
}

void ViaStamp::stamp_rport(const Via& via, std::uint16_t port) {
  constexpr std::string_view name = "rport=";
  std::memcpy(rport_.data(), name.data(), name.size());
  char* end = rport_.data() + name.size();
  end = std::to_chars(end, rport_.data() + rport_.size(), port).ptr;
  add(via.rport_text, {rport_.data(), end});
}

void ViaStamp::stamp_received(const Via& via, const IpAddress& ip) {
  constexpr std::string_view name = ";received=";
  std::memcpy(received_.data(), name.data(), name.size());
  char* const address = received_.data() + name.size();
  char* const end = write_text(address, ip);
  const bool present = via.received.data() != nullptr;  // it may be empty: "received="
  const std::string_view at_end(via.text.data() + via.text.size(), 0);
  const bool has_semicolon = via.text.ends_with(';');  // forgiven; a second one need not follow
  char* const added = received_.data() + (has_semicolon ? 1 : 0);
  add(present ? via.received : at_end, {present ? address : added, end});
}

void ViaStamp::stamp_keep(const Via& via, std::uint16_t seconds) {
  for (const Parameter& each : Parameters(via.parameters)) {
    if (!detail::equals_ignoring_case(each.text, "keep")) continue;
    keep_[0] = '=';
    char* const end = std::to_chars(keep_.data() + 1, keep_.data() + keep_.size(), seconds).ptr;
    return add({each.text.data() + each.text.size(), 0}, {keep_.data(), end});
  }
}

}  // namespace sipring
