// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/flow_token.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

namespace sipring {
namespace {

// On the wire, before base64url (RFC 4648 section 5, without padding): what is hashed, then the
// hash.
struct Layout {
  static constexpr std::size_t hash = 16;
  static constexpr std::size_t head = 4 + 8 + 1 + 1 + 2;  // run, flow, transport, family, port
  static constexpr std::size_t v4 = head + 4, v6 = head + 16;
  static constexpr std::size_t most = v6 + hash;
};
static_assert((Layout::most * 8 + 5) / 6 <= FlowTokenText::most_octets);

using Octets = std::array<std::uint8_t, Layout::most>;

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

FlowTokenText encode(std::span<const std::uint8_t> octets) {
  FlowTokenText text;
  std::uint32_t bits = 0;
  unsigned held = 0;
  const auto put = [&](std::uint32_t digit) {
    text.characters[text.size++] = digits[digit & 0x3f];
  };
  for (const std::uint8_t octet : octets) {
    bits = bits << 8 | octet;
    for (held += 8; held >= 6; held -= 6) put(bits >> (held - 6));
  }
  if (held != 0) put(bits << (6 - held));
  return text;
}

// How many octets; nullopt: another character, too long, or bits that belong to no octet.
std::optional<std::size_t> decode(std::string_view text, Octets& octets) {
  std::uint32_t bits = 0;
  unsigned held = 0;
  std::size_t size = 0;
  for (const char character : text) {
    const std::size_t digit = digits.find(character);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    if (size == octets.size()) return std::nullopt;
    octets[size++] = static_cast<std::uint8_t>(bits >> held);
  }
  const bool is_whole = held < 6 && (bits & ((1u << held) - 1)) == 0;
  return is_whole ? std::optional(size) : std::nullopt;
}

std::array<std::uint8_t, Layout::hash> hash_of(const HashSeed& seed,
                                               std::span<const std::uint8_t> octets) {
  Hasher hasher(seed);
  hasher.add(std::string_view(reinterpret_cast<const char*>(octets.data()), octets.size()));
  return std::bit_cast<std::array<std::uint8_t, Layout::hash>>(hasher.finish());
}

// Without a word about which octet differs.
bool are_equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  std::uint8_t difference = 0;
  for (std::size_t i = 0; i < b.size(); ++i)
    difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

}  // namespace

std::string_view to_string(FlowTokenError error) {
  switch (error) {
    case FlowTokenError::forged: return "forged";
    case FlowTokenError::other_run: return "other_run";
  }
  return "";
}

FlowTokenText FlowTokens::write(const PeerFlow& flow) const {
  Octets octets{};
  const bool v4 = flow.peer.ip.family == IpAddress::Family::v4;
  const std::size_t size = v4 ? Layout::v4 : Layout::v6;
  std::memcpy(octets.data(), &run_, 4);
  std::memcpy(octets.data() + 4, &flow.flow, 8);
  octets[12] = std::to_underlying(flow.peer.transport);
  octets[13] = v4 ? 4 : 6;
  std::memcpy(octets.data() + 14, &flow.peer.port, 2);
  std::memcpy(octets.data() + Layout::head, flow.peer.ip.octets.data(), size - Layout::head);
  std::ranges::copy(hash_of(seed_, std::span(octets).first(size)), octets.data() + size);
  return encode(std::span(octets).first(size + Layout::hash));
}

std::expected<PeerFlow, FlowTokenError> FlowTokens::read(std::string_view user) const {
  Octets octets{};
  const auto all = decode(user, octets);
  const bool fits = all && (*all == Layout::v4 + Layout::hash || *all == Layout::v6 + Layout::hash);
  if (!fits) return std::unexpected(FlowTokenError::forged);
  const std::size_t size = *all - Layout::hash;
  const auto signed_part = std::span<const std::uint8_t>(octets).first(size);
  if (!are_equal(std::span<const std::uint8_t>(octets).subspan(size),
                 hash_of(seed_, signed_part))) {
    return std::unexpected(FlowTokenError::forged);
  }
  std::uint32_t run = 0;
  std::memcpy(&run, octets.data(), 4);
  if (run != run_) return std::unexpected(FlowTokenError::other_run);
  PeerFlow flow;
  std::memcpy(&flow.flow, octets.data() + 4, 8);
  flow.peer.transport = static_cast<Transport>(octets[12]);
  flow.peer.ip.family = octets[13] == 4 ? IpAddress::Family::v4 : IpAddress::Family::v6;
  std::memcpy(&flow.peer.port, octets.data() + 14, 2);
  std::memcpy(flow.peer.ip.octets.data(), octets.data() + Layout::head, size - Layout::head);
  return flow;
}

}  // namespace sipring
