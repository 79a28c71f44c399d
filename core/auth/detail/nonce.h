// Nonces of a server: RFC 7616 sections 3.3 and 5.12. They are signed, so none is stored: what
// comes back says when it was made, and that we made it. What is stored is which counts of a nonce
// have been used, for nonces with which somebody has proved to know a password.
//
//   number (16 digits) · second (8) · signature (32)
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/entropy.h>
#include <sipring/core/time.h>
#include <sipring/pools/hash.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

namespace sipring {

inline constexpr std::size_t nonce_size = 56;

struct Nonce {
  std::array<char, nonce_size> digits{};
  [[nodiscard]] std::string_view view() const { return {digits.data(), digits.size()}; }
};

class Nonces {
 public:
  struct Settings {
    Duration lifetime = std::chrono::minutes(5);
    std::uint32_t windows =
        16'384;  // nonces in use at once; older ones become stale before their time
  };
  Nonces(const Settings& settings, const Entropy& entropy, std::pmr::memory_resource& memory);

  [[nodiscard]] Nonce make(Instant now);
  // The number of a nonce that we made; nullopt: another's, or one that is too old.
  [[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view nonce, Instant now) const;

  // Whether this count is used for the first time; from then on it is used. Counts may come out of
  // order, by up to 64 (section 3.4: proxies and networks reorder). False too for a nonce whose
  // window has gone to a newer one.
  [[nodiscard]] bool use(std::uint64_t number, std::uint32_t count);
  [[nodiscard]] bool is_used(std::uint64_t number, std::uint32_t count) const;

 private:
  struct Window {
    std::uint64_t number = 0;  // of the nonce; 0: none
    std::uint64_t seen = 0;    // bit i: the count highest - i
    std::uint32_t highest = 0;
  };

  [[nodiscard]] Hash128 sign(std::uint64_t number, std::uint32_t second) const;

  Settings settings_;
  HashSeed seed_;
  std::uint64_t last_ = 0;  // number given out
  std::pmr::vector<Window> windows_;
};

}  // namespace sipring
