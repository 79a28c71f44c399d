// A keyed hash: SipHash-1-3 with a 128-bit result (Aumasson and Bernstein, "SipHash: a fast
// short-input PRF"). With a secret seed nobody outside can make two texts collide, neither to slow
// a table down nor to be taken for another transaction.
// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sipring {

struct HashSeed {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
};

struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
};

// Feed parts, then finish. No two lists of parts feed the same words: ("ab", "c") and ("a", "bc")
// differ. One part of fewer than 128 octets gives exactly SipHash-1-3-128 of it.
class Hasher {
 public:
  explicit constexpr Hasher(const HashSeed& seed)
      : v0_(seed.k0 ^ 0x736f6d6570736575),
        v1_(seed.k1 ^ 0x646f72616e646f6d ^ 0xee),
        v2_(seed.k0 ^ 0x6c7967656e657261),
        v3_(seed.k1 ^ 0x7465646279746573) {}

  void add(std::uint64_t word) {
    v3_ ^= word;
    round();
    v0_ ^= word;
  }

  void add(std::string_view text) {
    add_text(text, [](std::uint64_t word) { return word; });
  }

  // Letters A to Z count as a to z.
  void add_lower(std::string_view text) {
    add_text(text, [](std::uint64_t word) { return lower(word); });
  }

  // The low half alone, for half the work.
  [[nodiscard]] std::uint64_t finish_low() {
    v2_ ^= 0xee;
    round(), round(), round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

  [[nodiscard]] Hash128 finish() {
    const std::uint64_t low = finish_low();
    v1_ ^= 0xdd;
    round(), round(), round();
    return {low, v0_ ^ v1_ ^ v2_ ^ v3_};
  }

 private:
  // Inlined, so that the state stays in registers from one part to the next.
  template <class Change>
  [[gnu::always_inline]] void add_text(std::string_view text, Change change) {
    const char* const end = text.data() + text.size();
    for (const char* p = text.data(); end - p >= 8; p += 8) add(change(load<std::uint64_t>(p)));
    add(change(tail(text)) | ending(text.size()));
  }

  // The last size % 8 octets, without reading outside the text and without a copy of variable
  // length.
  static std::uint64_t tail(std::string_view text) {
    const std::size_t size = text.size();
    const char* const end = text.data() + size;
    if (size >= 8) return load<std::uint64_t>(end - 8) >> 8 >> (56 - size % 8 * 8);
    if (size >= 4) {
      return load<std::uint32_t>(text.data()) | std::uint64_t{load<std::uint32_t>(end - 4)}
                                                    << (size - 4) * 8;
    }
    if (size == 0) return 0;
    return octet(text[0]) | octet(text[size / 2]) << (size / 2 * 8) |
           octet(text[size - 1]) << ((size - 1) * 8);
  }

  // SipHash has the length modulo 256 in the last octet, which leaves the start of a long part open
  // when parts follow one another: the length of a long part is a word before its last one, and the
  // octet says so.
  std::uint64_t ending(std::size_t size) {
    if (size < 128) [[likely]]
      return static_cast<std::uint64_t>(size) << 56;
    add(static_cast<std::uint64_t>(size));
    return (0x80 | (size & 0x7f)) << 56;
  }

  template <class Word>
  static Word load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }
  static std::uint64_t octet(char character) { return static_cast<unsigned char>(character); }

  // Eight letters at once: sets bit 5 of every octet in A..Z. Octets above 127 stay.
  static constexpr std::uint64_t lower(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    const std::uint64_t ascii = word & (0x7f * ones);
    const std::uint64_t from_a = ascii + (0x80 - 'A') * ones;       // bit 7: at least 'A'
    const std::uint64_t after_z = ascii + (0x80 - 'Z' - 1) * ones;  // bit 7: above 'Z'
    const std::uint64_t letters = (from_a ^ after_z) & ~word & (0x80 * ones);
    return word | (letters >> 2);
  }

  constexpr void round() {
    v0_ += v1_, v1_ = std::rotl(v1_, 13), v1_ ^= v0_, v0_ = std::rotl(v0_, 32);
    v2_ += v3_, v3_ = std::rotl(v3_, 16), v3_ ^= v2_;
    v0_ += v3_, v3_ = std::rotl(v3_, 21), v3_ ^= v0_;
    v2_ += v1_, v1_ = std::rotl(v1_, 17), v1_ ^= v2_, v2_ = std::rotl(v2_, 32);
  }

  std::uint64_t v0_, v1_, v2_, v3_;
};

}  // namespace sipring
