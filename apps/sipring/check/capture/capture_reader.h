// CaptureReader: the packets of a capture, one after the other, and the SIP messages that they make
// up. capture.h feeds it from a file.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/capture/capture.h>
#include <check/capture/fragments.h>
#include <check/capture/packet.h>
#include <check/capture/tcp_stream.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

namespace sipring::app {

class CaptureReader {
 public:
  using Take = std::function<void(const CapturedMessage&)>;
  // `port` and `take` as for read_capture(); `take` outlives this.
  CaptureReader(std::uint16_t port, const Take& take) : port_(port), take_(take) {}

  // `link_type` is a DLT_ value of libpcap. Time is in microseconds since 1970.
  void add(int link_type, std::int64_t microseconds, std::string_view frame);
  void add_cut_off() { ++summary_.packets, ++summary_.cut_off; }
  [[nodiscard]] CaptureSummary end();

 private:
  using Direction = std::pair<NetworkAddress, NetworkAddress>;  // from, to
  static constexpr int most_tunnels = 8;                        // IP in IP in IP ...

  void read_ip(IpPacket packet, int depth);
  void read_transport(const IpPacket& packet);
  void read_datagram(const IpPacket& packet, const UdpDatagram& datagram);
  void read_segment(const IpPacket& packet, const TcpSegment& segment);
  [[nodiscard]] bool is_on_port(std::uint16_t source, std::uint16_t destination) const;
  [[nodiscard]] bool is_sip(const UdpDatagram& datagram) const;
  TcpStream& stream(const Direction& direction);
  TcpStream::Take take_from(const Direction& direction);
  void hand_out(const NetworkAddress& from, const NetworkAddress& to, std::string_view bytes);

  std::uint16_t port_;
  const Take& take_;
  CaptureSummary summary_;
  Fragments fragments_;
  std::map<Direction, TcpStream> streams_;
  std::int64_t microseconds_ = 0;
};

}  // namespace sipring::app
