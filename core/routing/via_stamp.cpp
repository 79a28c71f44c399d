// SPDX-License-Identifier: MIT
#include <sipring/core/routing/detail/via_stamp.h>

#include <charconv>
#include <cstring>
#include <utility>

namespace sipring {

ViaStamp::ViaStamp(const Via& via, const ResponseRoute& route, const NetworkAddress& source) {
  if (route.fill_rport) stamp_rport(via, source.port);
  if (route.add_received) stamp_received(via, source.ip);
  if (count_ == 2 && edits_[1].replaced.data() < edits_[0].replaced.data()) {
    std::swap(edits_[0], edits_[1]);
  }
}

void ViaStamp::stamp_rport(const Via& via, std::uint16_t port) {
  constexpr std::string_view name = "rport=";
  std::memcpy(rport_.data(), name.data(), name.size());
  char* end = rport_.data() + name.size();
  end = std::to_chars(end, rport_.data() + rport_.size(), port).ptr;
  edits_[count_++] = {via.rport_text, {rport_.data(), end}};
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
  edits_[count_++] = {present ? via.received : at_end, {present ? address : added, end}};
}

}  // namespace sipring
