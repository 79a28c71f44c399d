// Octets as numbers: unaligned loads, case folding, and 32 octets compared at once (AVX2, or a
// portable twin of 64-bit words).
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef SIPRING_AVX2
#include <immintrin.h>
#endif

namespace sipring::detail {

// The octets at `text` as a number of which the lowest octet comes first, whatever the machine's
// order.
template <class Word>
[[nodiscard]] inline Word load(const char* text) {
  Word word;
  std::memcpy(&word, text, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
  return word;
}

// The first octets of a text, eight at most, without reading beyond it. length is 1 or more.
[[nodiscard]] inline std::uint64_t load_head(const char* text, std::size_t length) {
  if (length >= 8) return load<std::uint64_t>(text);
  if (length >= 4) {
    const std::uint64_t tail = load<std::uint32_t>(text + length - 4);
    return load<std::uint32_t>(text) | tail << (8 * (length - 4));
  }
  const auto octet = [&](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  };
  return octet(0) | octet(length / 2) | octet(length - 1);
}

// The same, of a text that is known when compiling.
template <class Word>
[[nodiscard]] consteval Word word_of(const char (&text)[sizeof(Word) + 1]) {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i)
    word |= static_cast<Word>(static_cast<Word>(static_cast<unsigned char>(text[i])) << (8 * i));
  return word;
}

// Folds A-Z to a-z in every octet. Other octets below 0x40 gain 0x20 too: compare only where
// controls are ruled out.
inline constexpr std::uint64_t fold_case = 0x2020202020202020;

[[nodiscard]] constexpr char lower(char octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet + ('a' - 'A')) : octet;
}

[[nodiscard]] constexpr bool is_digit(char octet) {
  return octet >= '0' && octet <= '9';
}

// Nearly always they are spelled alike, or have another length.
[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  return true;
}

// Bit i of every mask below is octet i.
class Block {
 public:
  static constexpr std::uint32_t size = 32;

#ifdef SIPRING_AVX2
  explicit Block(const char* text)
      : octets_{_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text))} {}
  [[nodiscard]] std::uint32_t equal(char octet) const {
    return mask_of(_mm256_cmpeq_epi8(octets_, _mm256_set1_epi8(octet)));
  }
  // 0x00-0x1f and 0x7f.
  [[nodiscard]] std::uint32_t controls() const {
    const __m256i low =
        _mm256_cmpeq_epi8(_mm256_min_epu8(octets_, _mm256_set1_epi8(0x1f)), octets_);
    return mask_of(_mm256_or_si256(low, _mm256_cmpeq_epi8(octets_, _mm256_set1_epi8(0x7f))));
  }
  // Up to and including the space, 0x7f, and everything above: what ends a Request-URI.
  [[nodiscard]] std::uint32_t not_visible() const {
    const __m256i visible = _mm256_cmpgt_epi8(octets_, _mm256_set1_epi8(0x20));
    return ~mask_of(
        _mm256_andnot_si256(_mm256_cmpeq_epi8(octets_, _mm256_set1_epi8(0x7f)), visible));
  }
  [[nodiscard]] std::uint32_t above_ascii() const {
    return mask_of(octets_);
  }
  // Octets equal to `lower` when A-Z are folded to a-z.
  [[nodiscard]] std::uint32_t equal_folded(const char* lower) const {
    const __m256i folded = _mm256_or_si256(octets_, _mm256_set1_epi8(0x20));
    return mask_of(
        _mm256_cmpeq_epi8(folded, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(lower))));
  }

 private:
  static std::uint32_t mask_of(__m256i octets) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(octets));
  }
  __m256i octets_;
#else
  explicit Block(const char* text) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] = load<std::uint64_t>(text + 8 * i);
  }
  [[nodiscard]] std::uint32_t equal(char octet) const {
    const std::uint64_t pattern = every * static_cast<unsigned char>(octet);
    return collect([&](std::uint64_t word) { return zeros(word ^ pattern); });
  }
  [[nodiscard]] std::uint32_t controls() const {
    return collect([](std::uint64_t word) {
      return zeros(word & (every * 0xe0)) | zeros(word ^ (every * 0x7f));
    });
  }
  [[nodiscard]] std::uint32_t not_visible() const {
    return collect([](std::uint64_t word) {
      return zeros(word & (every * 0xe0)) | zeros(word ^ (every * 0x20)) |
             zeros(word ^ (every * 0x7f)) | (word & (every * 0x80));
    });
  }
  [[nodiscard]] std::uint32_t above_ascii() const {
    return collect([](std::uint64_t word) { return word & (every * 0x80); });
  }
  [[nodiscard]] std::uint32_t equal_folded(const char* lower) const {
    std::size_t at = 0;
    return collect([&](std::uint64_t word) {
      const std::uint64_t wanted = load<std::uint64_t>(lower + 8 * at++);
      return zeros((word | fold_case) ^ wanted);
    });
  }

 private:
  static constexpr std::uint64_t every = 0x0101010101010101;
  // 0x80 in every octet that is zero; exact, so that no carry reaches a neighbour.
  static std::uint64_t zeros(std::uint64_t word) {
    constexpr std::uint64_t low = every * 0x7f;
    return ~(((word & low) + low) | word | low);
  }
  template <class Test>
  std::uint32_t collect(Test test) const {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < words_.size(); ++i)
      mask |= static_cast<std::uint32_t>(((test(words_[i]) >> 7) * 0x0102040810204080) >> 56)
              << (8 * i);
    return mask;
  }
  std::array<std::uint64_t, 4> words_;
#endif
};

}  // namespace sipring::detail
