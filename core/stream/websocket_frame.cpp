// SPDX-License-Identifier: MIT
#include <sipring/core/stream/detail/websocket_frame.h>
#include <sipring/pools/assert.h>

#include <cstring>
#include <utility>

#ifdef SIPRING_AVX2
#include <immintrin.h>
#endif

namespace sipring {
namespace {

constexpr unsigned int final_bit = 0x80;
constexpr unsigned int reserved_bits = 0x70;
constexpr unsigned int mask_bit = 0x80;
constexpr unsigned int sixteen_bits = 126;  // in place of a length: it follows in two octets
constexpr unsigned int sixty_four_bits = 127;

unsigned int octet_of(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

bool is_known(unsigned int opcode) {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

FrameError check_first(unsigned int first) {
  if ((first & reserved_bits) != 0) return FrameError::reserved_bits;
  if (!is_known(first & 0x0f)) return FrameError::reserved_opcode;
  const bool is_final = (first & final_bit) != 0;
  if (!is_final && is_control(Opcode{static_cast<std::uint8_t>(first & 0x0f)}))
    return FrameError::fragmented_control;
  return FrameError::none;
}

FrameError check_second(unsigned int second, Opcode opcode, WebSocketRole role) {
  const bool is_masked = (second & mask_bit) != 0;
  if (role == WebSocketRole::server && !is_masked) return FrameError::unmasked;
  if (role == WebSocketRole::client && is_masked) return FrameError::masked;
  if (is_control(opcode) && (second & ~mask_bit) > FrameHead::max_control_payload)
    return FrameError::control_too_long;
  return FrameError::none;
}

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t octets) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < octets; ++i) value = value << 8 | octet_of(bytes, at + i);
  return value;
}

// The length where it does not stand in the second octet.
FrameError check_length(std::uint64_t length, std::size_t octets) {
  if (length >> 63 != 0) return FrameError::length_negative;
  const std::uint64_t least = octets == 2 ? sixteen_bits : 65'536;
  return length < least ? FrameError::length_not_minimal : FrameError::none;
}

}  // namespace

std::expected<ReadHead, FrameError> read_frame_head(std::string_view bytes, WebSocketRole role) {
  ReadHead read;
  if (bytes.empty()) return read;
  const unsigned int first = octet_of(bytes, 0);
  if (const FrameError error = check_first(first); error != FrameError::none)
    return std::unexpected(error);
  read.head.opcode = Opcode{static_cast<std::uint8_t>(first & 0x0f)};
  read.head.is_final = (first & final_bit) != 0;
  if (bytes.size() < 2) return read;
  const unsigned int second = octet_of(bytes, 1);
  if (const FrameError error = check_second(second, read.head.opcode, role);
      error != FrameError::none)
    return std::unexpected(error);

  const unsigned int short_length = second & ~mask_bit;
  const std::size_t octets =
      short_length == sixteen_bits ? 2 : (short_length == sixty_four_bits ? 8 : 0);
  const std::size_t mask_at = 2 + octets;
  if (bytes.size() < mask_at) return read;
  read.head.payload_size = octets == 0 ? short_length : number(bytes, 2, octets);
  if (octets != 0) {
    if (const FrameError error = check_length(read.head.payload_size, octets);
        error != FrameError::none)
      return std::unexpected(error);
  }
  if ((second & mask_bit) == 0) {
    read.size = mask_at;
    return read;
  }
  MaskKey key{};
  if (bytes.size() < mask_at + key.size()) return read;
  std::memcpy(key.data(), bytes.data() + mask_at, key.size());
  read.head.mask = key;
  read.size = mask_at + key.size();
  return read;
}

char* write_frame_head(char* payload, const FrameHead& head) {
  SIPRING_VERIFY(head.payload_size >> 63 == 0);
  char* begin = payload;
  if (head.mask) {
    begin -= head.mask->size();
    std::memcpy(begin, head.mask->data(), head.mask->size());
  }
  const std::size_t octets =
      head.payload_size < sixteen_bits ? 0 : (head.payload_size < 65'536 ? 2 : 8);
  std::uint64_t length = head.payload_size;
  for (std::size_t i = 0; i < octets; ++i, length >>= 8) *--begin = static_cast<char>(length);
  const std::uint64_t second =
      octets == 0 ? head.payload_size : (octets == 2 ? sixteen_bits : sixty_four_bits);
  *--begin = static_cast<char>(second | (head.mask ? mask_bit : 0));
  *--begin = static_cast<char>(std::to_underlying(head.opcode) | (head.is_final ? final_bit : 0));
  return begin;
}

void mask(std::span<char> payload, const MaskKey& key) {
  std::uint32_t four = 0;
  std::memcpy(&four, key.data(), key.size());
  char* at = payload.data();
  char* const end = at + payload.size();
#ifdef SIPRING_AVX2
  const __m256i wide = _mm256_set1_epi32(static_cast<int>(four));
  for (; end - at >= 32; at += 32) {
    auto* const place = reinterpret_cast<__m256i*>(at);
    _mm256_storeu_si256(place, _mm256_xor_si256(_mm256_loadu_si256(place), wide));
  }
#endif
  const std::uint64_t eight = std::uint64_t{four} << 32 | four;
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    word ^= eight;
    std::memcpy(at, &word, sizeof word);
  }
  detail::mask_plain({at, end}, key);  // steps of 8 and 32 leave the key where it was
}

void detail::mask_plain(std::span<char> payload, const MaskKey& key) {
  for (std::size_t i = 0; i < payload.size(); ++i)
    payload[i] = static_cast<char>(static_cast<unsigned char>(payload[i]) ^ key[i % key.size()]);
}

std::size_t write_frame(std::span<char> room, Opcode opcode, std::string_view payload,
                        const std::optional<MaskKey>& key) {
  const FrameHead head{.opcode = opcode, .mask = key, .payload_size = payload.size()};
  std::array<char, FrameHead::max_size> head_room;
  char* const head_end = head_room.data() + head_room.size();
  const char* const begin = write_frame_head(head_end, head);
  const auto head_size = static_cast<std::size_t>(head_end - begin);
  SIPRING_ASSERT(head_size + payload.size() <= room.size());
  std::memcpy(room.data(), begin, head_size);
  if (!payload.empty()) std::memcpy(room.data() + head_size, payload.data(), payload.size());
  if (key) mask(room.subspan(head_size, payload.size()), *key);
  return head_size + payload.size();
}

std::size_t write_close(std::span<char> room, CloseCode code, std::string_view reason,
                        const std::optional<MaskKey>& key) {
  if (code == CloseCode::no_status) return write_frame(room, Opcode::close, {}, key);
  SIPRING_VERIFY(may_be_sent(code));
  std::array<char, FrameHead::max_control_payload> payload;
  SIPRING_ASSERT(reason.size() + 2 <= payload.size());
  const std::uint16_t number = std::to_underlying(code);
  payload[0] = static_cast<char>(number >> 8);
  payload[1] = static_cast<char>(number & 0xff);
  if (!reason.empty()) std::memcpy(payload.data() + 2, reason.data(), reason.size());
  return write_frame(room, Opcode::close, {payload.data(), reason.size() + 2}, key);
}

}  // namespace sipring
