// SPDX-License-Identifier: MIT
#include "tests/simulation/network.h"

#include <algorithm>

namespace sipring::simulation {

Network::Network(const Weights& weights, Random& random, bool swaps_branches)
    : weights_(weights), random_(random), swaps_branches_(swaps_branches) {}

void Network::send(Instant now, Packet packet) {
  if (swaps_branches_) swap_branch(packet.bytes);
  if (random_.chance(weights_.bounce)) {
    packet.is_bounce = true;
    // An ICMP error quotes the start of what was sent: sometimes all, sometimes not even the Via.
    if (random_.chance(500)) packet.bytes.resize(random_.below(packet.bytes.size() + 1));
    return deliver(now, std::move(packet));
  }
  if (random_.chance(weights_.loss)) return;
  if (random_.chance(weights_.duplication)) deliver(now, packet);
  if (random_.chance(weights_.corruption)) corrupt(packet.bytes);
  deliver(now, std::move(packet));
}

void Network::deliver(Instant now, Packet packet) {
  const Instant arrival = now + weights_.delay + random_.up_to(weights_.jitter);
  packets_.emplace(std::pair(arrival, ++sent_), std::move(packet));
}

Instant Network::next_arrival() const {
  return packets_.empty() ? never : packets_.begin()->first.first;
}

Packet Network::take() {
  auto first = packets_.extract(packets_.begin());
  const auto mix = [this](std::uint64_t word) {
    fingerprint_ = (fingerprint_ ^ word) * 0x100000001b3;
  };
  mix(static_cast<std::uint64_t>(first.key().first.time_since_epoch().count()));
  for (const char c : first.mapped().bytes) mix(static_cast<unsigned char>(c));
  return std::move(first.mapped());
}

void Network::corrupt(std::string& bytes) {
  if (bytes.empty()) return;
  switch (random_.below(4)) {
    case 0: bytes.resize(random_.below(bytes.size())); break;
    case 1:
      bytes.insert(random_.below(bytes.size()), bytes, random_.below(bytes.size()),
                   random_.below(80));
      break;
    case 2: bytes.erase(random_.below(bytes.size()), random_.below(20)); break;
    default:
      for (std::size_t count = random_.below(8) + 1; count > 0; --count) {
        bytes[random_.below(bytes.size())] =
            random_.chance(500) ? static_cast<char>(random_.next())
                                : random_.pick({'0', '9', ';', ',', '\r', '\n', ' ', '"', '<'});
      }
  }
}

// Gives a response the branch of the one before it. Ours are all of one length.
void Network::swap_branch(std::string& bytes) {
  constexpr std::string_view cookie = "z9hG4bK";
  const std::size_t at = bytes.find(cookie);
  if (!bytes.starts_with("SIP/2.0 ") || at == std::string::npos) return;
  const std::string branch = bytes.substr(at, bytes.find_first_of(";\r, ", at) - at);
  if (branch.size() == last_branch_.size()) bytes.replace(at, branch.size(), last_branch_);
  last_branch_ = branch;
}

}  // namespace sipring::simulation
