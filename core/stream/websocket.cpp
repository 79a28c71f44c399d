// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/utf8.h>
#include <sipring/core/stream/websocket.h>

#include <algorithm>
#include <cstring>

namespace sipring {
namespace {

std::string_view text_of(std::span<char> octets) {
  return {octets.data(), octets.size()};
}

// How many octets a character has that begins with this one; 0: none begins so (RFC 3629).
std::size_t character_size(char first) {
  const auto octet = static_cast<unsigned char>(first);
  if (octet < 0x80) return 1;
  if (octet >= 0xc2 && octet <= 0xdf) return 2;
  if (octet >= 0xe0 && octet <= 0xef) return 3;
  return octet >= 0xf0 && octet <= 0xf4 ? 4 : 0;
}

// Whether these octets, fewer than their character has, begin one: some ending makes it whole.
bool begins_character(std::string_view octets) {
  const std::size_t size = character_size(octets[0]);
  if (octets.size() >= size) return false;
  std::array<char, 4> whole{};
  std::copy(octets.begin(), octets.end(), whole.begin());
  // The second octet is the only one with a range of its own; of each range one of these is part.
  for (const int second : {0x80, 0x90, 0xa0}) {
    if (octets.size() == 1) whole[1] = static_cast<char>(second);
    std::fill(whole.begin() + std::max<std::ptrdiff_t>(2, std::ssize(octets)), whole.end(),
              static_cast<char>(0x80));
    if (is_utf8({whole.data(), size})) return true;
  }
  return false;
}

}  // namespace

WebSocket::Frame WebSocket::next(std::span<char> received) {
  if (received.empty()) return {};
  if (ended_) return {.kind = Kind::ignored, .size = received.size()};
  const auto read = read_frame_head(text_of(received), role_);
  if (!read) return fail(read.error());
  if (read->size == 0) return {};
  if (const FrameError error = check(read->head); error != FrameError::none) return fail(error);
  Frame frame;
  frame.size = read->size + read->head.payload_size;
  if (received.size() < frame.size) return frame;
  frame.payload = received.subspan(read->size, read->head.payload_size);
  if (read->head.mask) mask(frame.payload, *read->head.mask);
  return take(read->head, frame);
}

// What the head alone tells: nothing is buffered for a frame that will be refused.
FrameError WebSocket::check(const FrameHead& head) const {
  if (is_control(head.opcode)) return FrameError::none;
  const bool continues = head.opcode == Opcode::continuation;
  if (continues && !has_parts_) return FrameError::nothing_to_continue;
  if (!continues && has_parts_) return FrameError::interrupted;
  const std::uint32_t left = message_bytes_ - in_parts_;
  return head.payload_size > left ? FrameError::message_too_large : FrameError::none;
}

WebSocket::Frame WebSocket::take(const FrameHead& head, Frame frame) {
  switch (head.opcode) {
    case Opcode::ping: frame.kind = Kind::ping; return frame;
    case Opcode::pong: frame.kind = Kind::pong; return frame;
    case Opcode::close: return take_close(frame);
    default: return take_data(head, frame);
  }
}

WebSocket::Frame WebSocket::take_data(const FrameHead& head, Frame frame) {
  frame.is_text = has_parts_ ? parts_are_text_ : head.opcode == Opcode::text;
  if (frame.is_text && !take_text(text_of(frame.payload), head.is_final))
    return fail(FrameError::text_not_utf8);
  frame.kind = head.is_final ? Kind::message : Kind::part;
  frame.ends_parts = head.is_final && has_parts_;
  parts_are_text_ = frame.is_text;
  has_parts_ = !head.is_final;
  in_parts_ = head.is_final ? 0 : in_parts_ + static_cast<std::uint32_t>(frame.payload.size());
  if (close_sent_) frame.kind = Kind::ignored;
  return frame;
}

WebSocket::Frame WebSocket::take_close(Frame frame) {
  frame.kind = Kind::close;
  const std::string_view payload = text_of(frame.payload);
  if (payload.size() == 1) return fail(FrameError::close_without_whole_status);
  if (payload.size() >= 2) {
    const auto high = static_cast<unsigned char>(payload[0]);
    const auto low = static_cast<unsigned char>(payload[1]);
    frame.code = CloseCode{static_cast<std::uint16_t>(high << 8 | low)};
    if (!may_be_sent(frame.code)) return fail(FrameError::close_status);
    if (!is_utf8(payload.substr(2))) return fail(FrameError::close_reason_not_utf8);
    frame.payload = frame.payload.subspan(2);
  }
  ended_ = true;
  return frame;
}

// A character may be cut by the end of a part, never by the end of the message.
bool WebSocket::take_text(std::string_view text, bool is_last) {
  if (begun_size_ != 0) {
    std::array<char, 4> character{};
    std::copy_n(begun_.begin(), begun_size_, character.begin());
    const std::size_t size = character_size(character[0]);
    const std::size_t taken = std::min(text.size(), size - begun_size_);
    std::copy_n(text.begin(), taken, character.begin() + begun_size_);
    const std::string_view so_far(character.data(), begun_size_ + taken);
    text.remove_prefix(taken);
    if (so_far.size() < size) {
      std::copy(so_far.begin(), so_far.end(), begun_.begin());
      begun_size_ = static_cast<std::uint8_t>(so_far.size());
      return !is_last && begins_character(so_far);
    }
    begun_size_ = 0;
    if (!is_utf8(so_far)) return false;
  }
  const std::string_view rest = text.substr(first_not_utf8(text));
  if (rest.empty()) return true;
  if (is_last || rest.size() > begun_.size() || !begins_character(rest)) return false;
  std::copy(rest.begin(), rest.end(), begun_.begin());
  begun_size_ = static_cast<std::uint8_t>(rest.size());
  return true;
}

WebSocket::Frame WebSocket::fail(FrameError error) {
  ended_ = true;
  return {.kind = Kind::broken, .error = error, .code = close_code_of(error)};
}

}  // namespace sipring
