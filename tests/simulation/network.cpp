// SPDX-License-Identifier: MIT
#include "tests/simulation/network.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "tests/simulation/corruption.h"

namespace sipring::simulation {

Network::Network(const Weights& weights, const Directory& directory, Random& random,
                 bool swaps_branches)
    : weights_(weights), directory_(directory), random_(random), swaps_branches_(swaps_branches) {
  const std::size_t nodes = directory.size();
  for (std::size_t i = 0; i < nodes * nodes; ++i) links_.push_back(draw_link());
}

// Without asymmetry all are the same.
Network::Link Network::draw_link() {
  Link link{weights_.loss, weights_.duplication, weights_.delay, weights_.jitter};
  if (!random_.chance(weights_.asymmetry)) return link;
  link.loss = random_.pick({0U, weights_.loss / 4, 200U, 500U});
  link.duplication = random_.pick({0U, weights_.duplication});
  link.delay *= random_.pick({0, 1, 3});
  link.jitter = random_.chance(500) ? Duration{} : link.jitter;
  return link;
}

const Network::Link& Network::link(const NetworkAddress& from, const NetworkAddress& to) const {
  const auto source = directory_.index_of(from), destination = directory_.index_of(to);
  return links_[source.value_or(0) * directory_.size() + destination.value_or(0)];
}

void Network::send(Instant now, const NetworkAddress& from, const NetworkAddress& to,
                   std::string_view bytes) {
  if (swaps_branches_) {
    swapped_ = bytes;
    swap_branch(swapped_);
    bytes = swapped_;
  }
  const Link& way = link(from, to);
  if (random_.chance(weights_.bounce)) {
    Packet& packet = deliver(now, way, from, to, bytes);
    packet.is_bounce = true;
    // An ICMP error quotes the start of what was sent: sometimes all, sometimes not even the Via.
    if (random_.chance(500)) packet.bytes.resize(random_.below(bytes.size() + 1));
    return;
  }
  if (random_.chance(way.loss)) return;
  if (random_.chance(way.duplication)) deliver(now, way, from, to, bytes);
  Packet& packet = deliver(now, way, from, to, bytes);
  if (random_.chance(weights_.corruption)) corrupt(packet.bytes, random_);
}

Packet& Network::deliver(Instant now, const Link& link, const NetworkAddress& from,
                         const NetworkAddress& to, std::string_view bytes) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(packets_.size()));
    packets_.emplace_back();
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  arrivals_.push({now + link.delay + random_.up_to(link.jitter), ++sent_, place});
  Packet& packet = packets_[place];
  packet.source = from, packet.destination = to;
  packet.bytes.assign(bytes);
  packet.is_bounce = false;
  return packet;
}

const Packet& Network::take() {
  const Arrival first = arrivals_.top();
  arrivals_.pop();
  std::swap(taken_, packets_[first.packet]);
  free_.push_back(first.packet);
  fingerprint_ ^= static_cast<std::uint64_t>(first.at.time_since_epoch().count());
  mix(taken_.bytes);
  return taken_;
}

void Network::mix(std::string_view bytes) {
  const auto add = [this](std::uint64_t word) {
    fingerprint_ = (fingerprint_ ^ word) * 0x9e3779b97f4a7c15;
    fingerprint_ ^= fingerprint_ >> 32;
  };
  std::uint64_t word = 0;
  for (; bytes.size() >= sizeof word; bytes.remove_prefix(sizeof word)) {
    std::memcpy(&word, bytes.data(), sizeof word);
    add(word);
  }
  word = bytes.size();
  for (const char c : bytes) word = word << 8 | static_cast<unsigned char>(c);
  add(word);
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
