// SPDX-License-Identifier: MIT
#include <sipring/core/routing/via_stamp.h>

#include <algorithm>
#include <charconv>

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
  char* end = std::ranges::copy(name, rport_.data()).out;
  end = std::to_chars(end, rport_.data() + rport_.size(), port).ptr;
  edits_[count_++] = {via.rport_text, {rport_.data(), end}};
}

void ViaStamp::stamp_received(const Via& via, const IpAddress& ip) {
  const AddressText address = to_text(ip);
  const bool present = !via.received.empty();
  constexpr std::string_view name = ";received=";
  char* end = received_.data();
  if (!present) end = std::ranges::copy(name, end).out;
  end = std::ranges::copy(address.view(), end).out;
  const std::string_view at_end(via.text.data() + via.text.size(), 0);
  edits_[count_++] = {present ? via.received : at_end, {received_.data(), end}};
}

}  // namespace sipring
