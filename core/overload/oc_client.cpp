// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/oc_client.h>

#include <sipring/core/message/header/overload_control.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>

namespace sipring {
namespace {

constexpr std::uint32_t sample = 1'024;  // requests that the mix remembers, about
constexpr std::uint32_t whole = 10'000;  // shares are counted in hundredths of a percent
constexpr std::uint32_t longest_validity_ms = 3'600'000;
// RFC 7415's tolerances: what may be sent at once after a pause.
constexpr std::uint32_t ordinary_burst = 4;
constexpr std::uint32_t preferred_burst = 10;

}  // namespace

OcClient::OcClient(const OverloadSettings& settings, const Entropy& entropy,
                   std::pmr::memory_resource& memory)
    : seed_{entropy.words[0], entropy.words[1]},
      random_(entropy.words[2] ^ entropy.words[3]),
      hops_(std::bit_ceil(std::max(settings.peers, ways)), &memory),
      sets_(hops_.size() / ways) {}

std::uint64_t OcClient::key_of(const NetworkAddress& hop) const {
  Hasher hasher(seed_);
  std::uint64_t words[2];
  std::memcpy(words, hop.ip.octets.data(), sizeof words);
  hasher.add(words[0]);
  hasher.add(words[1]);
  hasher.add(std::uint64_t{hop.port} << 8 | static_cast<std::uint64_t>(hop.ip.family));
  return hasher.finish().low | 1;
}

OcClient::Hop* OcClient::find(Instant now, std::uint64_t key) {
  Hop* const first = &hops_[(key >> 1 & (sets_ - 1)) * ways];
  for (Hop* hop = first; hop != first + ways; ++hop) {
    if (hop->key == key && now < hop->valid_until) return hop;
  }
  return nullptr;
}

// Its own place if it had one, or that of the one which expires first.
OcClient::Hop& OcClient::make_room(std::uint64_t key) {
  Hop* const first = &hops_[(key >> 1 & (sets_ - 1)) * ways];
  Hop* taken = first;
  for (Hop* hop = first; hop != first + ways; ++hop) {
    if (hop->key == key) {
      taken = hop;
      break;
    }
    if (hop->valid_until < taken->valid_until) taken = hop;
  }
  *taken = Hop();
  taken->key = key;
  return *taken;
}

void OcClient::learn(Instant now, const NetworkAddress& address, std::string_view parameters) {
  const Parsed<OverloadControl> control = parse_overload_control(parameters);
  if (!control || !control->oc || control->sequence.empty()) return;
  const std::uint64_t key = key_of(address);
  Hop* hop = find(now, key);
  if (hop != nullptr) {
    const std::string_view known(hop->sequence.data(), hop->sequence_size);
    if (!is_newer(control->sequence, known)) return;
  }
  const std::uint32_t validity = std::min(
      control->validity_ms.value_or(OverloadControl::default_validity_ms), longest_validity_ms);
  if (validity == 0) {  // section 5.7
    if (hop != nullptr) hop->valid_until = Instant::min();
    return;
  }
  if (control->sequence.size() > Hop::longest_sequence) return;
  if (hop == nullptr) hop = &make_room(key);
  hop->algorithm = has_algorithm(*control, "rate") ? OcAlgorithm::rate : OcAlgorithm::loss;
  hop->oc = *control->oc;
  hop->valid_until = now + std::chrono::milliseconds(validity);
  hop->sequence_size = static_cast<std::uint8_t>(control->sequence.size());
  std::ranges::copy(control->sequence, hop->sequence.begin());
}

bool OcClient::admits(Instant now, const NetworkAddress& address, Precedence precedence) {
  const bool is_preferred = precedence <= Precedence::emergency;
  count(is_preferred);
  Hop* const hop = find(now, key_of(address));
  if (hop == nullptr) return true;
  return hop->algorithm == OcAlgorithm::rate ? passes_rate(now, *hop, is_preferred)
                                             : passes_loss(*hop, is_preferred);
}

bool OcClient::is_overloaded(Instant now, const NetworkAddress& address) {
  return find(now, key_of(address)) != nullptr;
}

void OcClient::count(bool is_preferred) {
  ++(is_preferred ? preferred_ : ordinary_);
  if (ordinary_ + preferred_ < sample) return;
  ordinary_ /= 2;
  preferred_ /= 2;
}

// Section 7.2: ordinary requests bear the whole loss as far as there are enough of them.
bool OcClient::passes_loss(const Hop& hop, bool is_preferred) {
  const std::uint32_t all = std::max(ordinary_ + preferred_, 1U);
  const std::uint32_t loss = std::min(hop.oc, 100U) * (whole / 100);
  const std::uint32_t ordinary_share =
      static_cast<std::uint32_t>(std::uint64_t{ordinary_} * whole / all);
  const std::uint32_t lost_of_mine =
      is_preferred ? loss - std::min(loss, ordinary_share) : std::min(loss, ordinary_share);
  const std::uint32_t mine = is_preferred ? whole - ordinary_share : ordinary_share;
  return std::uint64_t{draw()} * mine >= std::uint64_t{lost_of_mine} * whole;
}

bool OcClient::passes_rate(Instant now, Hop& hop, bool is_preferred) {
  if (hop.oc == 0) return false;
  return hop.bucket.take(now,
                         Rate::per_second(hop.oc, is_preferred ? preferred_burst : ordinary_burst));
}

std::uint32_t OcClient::draw() {
  return static_cast<std::uint32_t>(random_.up_to(whole - 1));
}

}  // namespace sipring
