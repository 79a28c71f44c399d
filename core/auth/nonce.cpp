// SPDX-License-Identifier: MIT
#include <sipring/core/auth/detail/nonce.h>
#include <sipring/core/auth/digest.h>
#include <sipring/pools/assert.h>
#include <sipring/pools/hexadecimal.h>

namespace sipring {
namespace {

constexpr std::uint32_t window_size = 64;  // bits of Window::seen

std::uint32_t second_of(Instant now) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

char* put_signature(char* to, const Hash128& signature) {
  return put_hexadecimal(put_hexadecimal(to, signature.high), signature.low);
}

}  // namespace

Nonces::Nonces(const Settings& settings, const Entropy& entropy, std::pmr::memory_resource& memory)
    : settings_(settings),
      seed_{entropy.words[0] ^ 0x6e6f6e6365, entropy.words[1]},  // of no other use
      windows_(settings.windows, &memory) {
  SIPRING_ASSERT(settings.windows != 0);
}

Nonce Nonces::make(Instant now) {
  const std::uint32_t second = second_of(now);
  Nonce nonce;
  char* to = put_hexadecimal(nonce.digits.data(), ++last_);
  to = put_hexadecimal(to, second);
  put_signature(to, sign(last_, second));
  return nonce;
}

std::optional<std::uint64_t> Nonces::number_of(std::string_view nonce, Instant now) const {
  if (nonce.size() != nonce_size) return std::nullopt;
  const auto number = read_hexadecimal<std::uint64_t>(nonce.data());
  const auto second = read_hexadecimal<std::uint32_t>(nonce.data() + hex_digits_of_word);
  if (!number || !second) return std::nullopt;
  std::array<char, 32> signature{};
  put_signature(signature.data(), sign(*number, *second));
  const std::string_view expected(signature.data(), signature.size());
  if (!equal_in_constant_time(nonce.substr(nonce_size - signature.size()), expected))
    return std::nullopt;
  const std::chrono::seconds age(second_of(now) - *second);  // wraps around as the seconds do
  return age <= settings_.lifetime ? number : std::nullopt;
}

bool Nonces::use(std::uint64_t number, std::uint32_t count) {
  Window& window = windows_[number % windows_.size()];
  if (number < window.number || count == 0) return false;
  if (number > window.number) window = {.number = number};
  if (count > window.highest) {
    const std::uint32_t by = count - window.highest;
    window.seen = by < window_size ? window.seen << by | 1 : 1;
    window.highest = count;
    return true;
  }
  const std::uint32_t behind = window.highest - count;
  if (behind >= window_size || (window.seen >> behind & 1) != 0) return false;
  window.seen |= std::uint64_t{1} << behind;
  return true;
}

bool Nonces::is_used(std::uint64_t number, std::uint32_t count) const {
  const Window& window = windows_[number % windows_.size()];
  if (number != window.number || count == 0 || count > window.highest) return false;
  const std::uint32_t behind = window.highest - count;
  return behind < window_size && (window.seen >> behind & 1) != 0;
}

Hash128 Nonces::sign(std::uint64_t number, std::uint32_t second) const {
  Hasher hasher(seed_);
  hasher.add(number);
  hasher.add(std::uint64_t{second});
  return hasher.finish();
}

}  // namespace sipring
