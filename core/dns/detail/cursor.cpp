// SPDX-License-Identifier: MIT
#include <sipring/core/dns/detail/cursor.h>

namespace sipring::dns::detail {
namespace {

constexpr std::uint8_t pointer_bits = 0xc0;

}  // namespace

void Cursor::fail(DecodeError error) {
  if (!failed_) error_ = error;
  failed_ = true;
  at_ = end_;
}

std::uint8_t Cursor::octet() {
  const std::string_view one = octets(1);
  return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one.front());
}
std::uint16_t Cursor::u16() {
  const unsigned high = octet();
  return static_cast<std::uint16_t>(high << 8 | octet());
}
std::uint32_t Cursor::u32() {
  const std::uint32_t high = u16();
  return high << 16 | u16();
}

std::string_view Cursor::octets(std::size_t size) {
  if (size > left()) {
    fail(DecodeError::too_short);
    return {};
  }
  at_ += size;
  return message_.substr(at_ - size, size);
}

Name Cursor::name() {
  Name name;
  std::size_t from = at_;
  std::size_t end = end_;
  std::size_t after = 0;  // the first pointer; 0: none yet
  while (!failed_ && !read_labels(name, from, end)) {
    // Two octets of a pointer stand at `from`. It must lead back, so that no name goes in circles.
    if (end - from < 2) {
      fail(DecodeError::too_short);
      break;
    }
    const auto high = static_cast<std::uint8_t>(message_[from]);
    const auto low = static_cast<std::uint8_t>(message_[from + 1]);
    const std::size_t to = static_cast<std::size_t>(high & ~pointer_bits) << 8 | low;
    if (after == 0) after = from + 2;
    if (to >= from) {
      fail(DecodeError::bad_pointer);
      break;
    }
    end = from;  // and not beyond where it was pointed to from
    from = to;
  }
  if (failed_) return {};
  at_ = after != 0 ? after : from;
  return name;
}

// True at the root, `from` behind it; false at a pointer, or when it failed.
bool Cursor::read_labels(Name& name, std::size_t& from, std::size_t end) {
  while (true) {
    if (from >= end) {
      fail(DecodeError::too_short);
      return false;
    }
    const auto length = static_cast<std::uint8_t>(message_[from]);
    if ((length & pointer_bits) == pointer_bits) return false;
    if (length == 0) {
      ++from;
      return true;
    }
    if ((length & pointer_bits) != 0) {
      fail(DecodeError::bad_name);
      return false;
    }
    if (end - from - 1 < length) {
      fail(DecodeError::too_short);
      return false;
    }
    if (!name.add_label(message_.substr(from + 1, length))) {
      fail(DecodeError::bad_name);
      return false;
    }
    from += 1 + std::size_t{length};
  }
}

}  // namespace sipring::dns::detail
