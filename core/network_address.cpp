// SPDX-License-Identifier: MIT
#include <sipring/core/network_address.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>

namespace sipring {
namespace {

constexpr int groups = 8;  // of 16 bits, in an IPv6 address

// Takes the digits of a group from the front of `text`; nullopt when there are none, or more than
// four.
std::optional<unsigned> take_digits(std::string_view& text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || digits > 4) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Digits at `at`, without a leading zero, which some readers take for octal; `at` moves behind
// them.
std::optional<std::uint8_t> take_v4_octet(const char*& at, const char* end) {
  const auto digit = [&] {
    return at == end ? 10U : static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0';
  };
  unsigned number = digit();
  if (number > 9) return std::nullopt;
  ++at;
  for (int more = 0; more < 2; ++more, ++at) {
    const unsigned next = digit();
    if (next > 9) break;
    if (number == 0) return std::nullopt;
    number = number * 10 + next;
  }
  if (number > 255) return std::nullopt;
  return static_cast<std::uint8_t>(number);
}

// IPv4address as RFC 5954 section 4.1 has it.
bool parse_v4(std::string_view text, std::uint8_t* octets) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (at == end || *at != '.') return false;
      ++at;
    }
    const auto octet = take_v4_octet(at, end);
    if (!octet) return false;
    octets[i] = *octet;
  }
  return at == end;
}

// IPv6address of RFC 5954 section 4.1: groups of up to four digits, one "::", IPv4 as the last 32
// bits.
class V6Parser {
 public:
  explicit V6Parser(std::string_view text) : text_(text) {}

  std::optional<IpAddress> parse() {
    if (take(text_, "::")) gap_ = 0;
    while (!text_.empty()) {
      if (!take_group()) return std::nullopt;
    }
    if (gap_ < 0 ? size_ != 16 : size_ > 14) return std::nullopt;
    return with_gap_filled();
  }

 private:
  bool take_group() {
    if (size_ > 14) return false;
    const std::size_t end = text_.find_first_of(".:");
    if (end != std::string_view::npos && text_[end] == '.') return take_v4();
    const std::optional<unsigned> group = take_digits(text_);
    if (!group) return false;
    octets_[size_++] = static_cast<std::uint8_t>(*group >> 8);
    octets_[size_++] = static_cast<std::uint8_t>(*group);
    return text_.empty() || take_separator();
  }

  bool take_v4() {
    if (size_ > 12 || !parse_v4(text_, octets_.data() + size_)) return false;
    size_ += 4;
    text_ = {};
    return true;
  }

  bool take_separator() {
    if (gap_ < 0 && take(text_, "::")) {
      gap_ = static_cast<int>(size_);
      return true;
    }
    return take(text_, ":") && !text_.empty();
  }

  IpAddress with_gap_filled() const {
    IpAddress address{{}, IpAddress::Family::v6};
    const std::size_t before = gap_ < 0 ? size_ : static_cast<std::size_t>(gap_);
    const auto split = octets_.begin() + static_cast<std::ptrdiff_t>(before);
    std::copy(octets_.begin(), split, address.octets.begin());
    std::copy_backward(split, octets_.begin() + static_cast<std::ptrdiff_t>(size_),
                       address.octets.end());
    return address;
  }

  std::string_view text_;
  std::array<std::uint8_t, 16> octets_{};
  std::size_t size_ = 0;
  int gap_ = -1;  // how many octets come before "::"; -1: there is none
};

struct OctetText {
  std::array<char, 3> characters{};
  std::uint8_t size = 0;
};

constexpr auto octet_texts = [] {
  std::array<OctetText, 256> texts{};
  for (unsigned octet = 0; octet < 256; ++octet) {
    OctetText& text = texts[octet];
    const auto put = [&](unsigned digit) {
      text.characters[text.size++] = static_cast<char>('0' + digit);
    };
    if (octet >= 100) put(octet / 100);
    if (octet >= 10) put(octet / 10 % 10);
    put(octet % 10);
  }
  return texts;
}();

// Appends to a text that has room for AddressText's characters.
class Appender {
 public:
  explicit Appender(char* to) : to_(to) {}
  [[nodiscard]] char* end() const { return to_; }
  void add(std::string_view part) { to_ = std::ranges::copy(part, to_).out; }
  void add(char character) { *to_++ = character; }
  // An octet in decimal digits. Three are written always: the rest is overwritten, or ignored.
  void add(std::uint8_t octet) {
    const OctetText& digits = octet_texts[octet];
    std::memcpy(to_, digits.characters.data(), digits.characters.size());
    to_ += digits.size;
  }
  void add(unsigned number, int base) {
    constexpr std::size_t most_digits = 5;
    to_ = std::to_chars(to_, to_ + most_digits, number, base).ptr;
  }

 private:
  char* to_;
};

template <class Write>
AddressText text_by(Write&& write) {
  AddressText text;
  Appender appender(text.characters.data());
  write(appender);
  text.size = static_cast<std::uint8_t>(appender.end() - text.characters.data());
  return text;
}

void append_v4(Appender& text, std::span<const std::uint8_t, 4> octets) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) text.add('.');
    text.add(octets[i]);
  }
}

unsigned group_at(const IpAddress& address, int group) {
  const auto at = static_cast<std::size_t>(group) * 2;
  return static_cast<unsigned>(address.octets[at] << 8 | address.octets[at + 1]);
}

struct ZeroRun {
  int start = groups;
  int length = 1;  // a single group is not shortened (RFC 5952 section 4.2.2)
};

// The first one of the longest (section 4.2.3).
ZeroRun longest_zero_run(const IpAddress& address) {
  ZeroRun longest;
  for (int start = 0; start < groups; ++start) {
    int end = start;
    while (end < groups && group_at(address, end) == 0) ++end;
    if (end - start > longest.length) longest = {start, end - start};
  }
  return longest;
}

bool is_v4_mapped(const IpAddress& address) {
  const auto zeros = std::span(address.octets).first<10>();
  return std::ranges::all_of(zeros, [](std::uint8_t octet) { return octet == 0; }) &&
         group_at(address, 5) == 0xffff;
}

void append_v6(Appender& text, const IpAddress& address) {
  if (is_v4_mapped(address)) {  // section 5
    text.add("::ffff:");
    return append_v4(text, std::span(address.octets).last<4>());
  }
  const ZeroRun run = longest_zero_run(address);
  for (int group = 0; group < groups; ++group) {
    if (group == run.start) {
      text.add("::");
      group += run.length - 1;
      continue;
    }
    if (group > 0 && group != run.start + run.length) text.add(":");
    text.add(group_at(address, group), 16);
  }
}

void append(Appender& text, const IpAddress& address) {
  if (address.family == IpAddress::Family::v6) return append_v6(text, address);
  append_v4(text, std::span(address.octets).first<4>());
}

}  // namespace

std::string_view to_string(Transport transport) {
  switch (transport) {
    case Transport::udp: return "UDP";
    case Transport::tcp: return "TCP";
    case Transport::tls: return "TLS";
    case Transport::ws: return "WS";
    case Transport::wss: return "WSS";
  }
  return "";
}

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  IpAddress address;
  if (parse_v4(text, address.octets.data())) return address;
  const bool reference = text.size() >= 2 && text.front() == '[' && text.back() == ']';
  if (reference) text = text.substr(1, text.size() - 2);
  return text.find(':') == text.npos ? std::nullopt : V6Parser(text).parse();
}

AddressText to_text(const IpAddress& address) {
  return text_by([&](Appender& text) { append(text, address); });
}

AddressText to_text(const NetworkAddress& address) {
  return text_by([&](Appender& text) {
    const bool v6 = address.ip.family == IpAddress::Family::v6;
    if (v6) text.add('[');
    append(text, address.ip);
    text.add(v6 ? std::string_view("]:") : std::string_view(":"));
    text.add(address.port, 10);
  });
}

char* write_text(char* to, const IpAddress& address) {
  Appender text(to);
  append(text, address);
  return text.end();
}

}  // namespace sipring
