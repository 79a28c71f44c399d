// Writes capture files: link layers, IP, UDP and TCP headers with nothing in them that a reader of
// captures does not look at.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace sipring::app::test {

inline std::string be16(std::size_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number)};
}
inline std::string be32(std::size_t number) {
  return be16(number >> 16 & 0xffff) + be16(number & 0xffff);
}
inline std::string zeros(std::size_t count) {
  return std::string(count, '\0');
}

inline std::string udp(std::string_view payload, std::uint16_t from = 5060,
                       std::uint16_t to = 5060) {
  return be16(from) + be16(to) + be16(payload.size() + 8) + zeros(2) + std::string(payload);
}

constexpr char tcp_fin = 1, tcp_syn = 2, tcp_ack = 16;
inline std::string tcp(std::string_view payload, std::uint32_t sequence, char flags = 0,
                       std::uint16_t from = 40000, std::uint16_t to = 5060) {
  return be16(from) + be16(to) + be32(sequence) + zeros(4) + std::string{0x50, flags} + zeros(6) +
         std::string(payload);
}

// From 192.0.2.1 to 192.0.2.2. `fragment` is the word of flags and offset.
inline std::string ipv4(std::uint8_t protocol, std::string_view payload, std::size_t fragment = 0) {
  return std::string{0x45, 0} + be16(payload.size() + 20) + be16(77) + be16(fragment) + '\x40' +
         static_cast<char>(protocol) + zeros(2) + "\xc0" + zeros(1) + "\x02\x01\xc0" + zeros(1) +
         "\x02\x02" + std::string(payload);
}

// From 2001:db8::1 to 2001:db8::2.
inline std::string ipv6(std::uint8_t next_header, std::string_view payload) {
  const std::string network = "\x20\x01\x0d\xb8" + zeros(11);
  return "\x60" + zeros(3) + be16(payload.size()) + static_cast<char>(next_header) + '\x40' +
         network + '\x01' + network + '\x02' + std::string(payload);
}

inline std::string chunk(std::uint16_t type, std::string_view octets) {
  return zeros(2) + be16(type) + be16(octets.size() + 6) + std::string(octets);
}
inline std::string hep3(std::string_view chunks) {
  return "HEP3" + be16(chunks.size() + 6) + std::string(chunks);
}

inline std::string ethernet(std::string_view packet, std::size_t type = 0x0800) {
  return zeros(12) + be16(type) + std::string(packet);
}

// Removed with the object.
class CaptureFile {
 public:
  explicit CaptureFile(std::uint32_t link_type) {
    const int fd = ::mkstemp(path_.data());
    if (fd >= 0) ::close(fd);
    std::ofstream(path_, std::ios::binary)
        << "\xa1\xb2\xc3\xd4" + be16(2) + be16(4) + zeros(8) + be32(65535) + be32(link_type);
  }
  ~CaptureFile() { ::unlink(path_.c_str()); }
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;

  // `lost`: octets that the capture did not keep.
  CaptureFile& add(std::string_view frame, std::size_t lost = 0) {
    const std::string_view kept = frame.substr(0, frame.size() - lost);
    std::ofstream(path_, std::ios::binary | std::ios::app)
        << be32(1'700'000'000 + packets_) + be32(250) + be32(kept.size()) + be32(frame.size()) +
               std::string(kept);
    ++packets_;
    return *this;
  }
  void add_raw(std::string_view octets) {
    std::ofstream(path_, std::ios::binary | std::ios::app) << octets;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = testing::TempDir() + "sipring_capture_XXXXXX";
  std::uint32_t packets_ = 0;
};

}  // namespace sipring::app::test
