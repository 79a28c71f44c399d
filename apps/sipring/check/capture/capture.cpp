// SPDX-License-Identifier: MIT
#include <check/capture/capture.h>
#include <check/capture/fragments.h>
#include <check/capture/packet.h>
#include <check/capture/tcp_stream.h>

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace sipring::app {
namespace {

constexpr std::uint8_t protocol_tcp = 6;
constexpr std::uint8_t protocol_udp = 17;

struct CloseCapture {
  void operator()(pcap_t* capture) const { pcap_close(capture); }
};
using OpenCapture = std::unique_ptr<pcap_t, CloseCapture>;

class Reader {
 public:
  using Take = std::function<void(const CapturedMessage&)>;
  Reader(std::uint16_t port, const Take& take) : port_(port), take_(take) {}

  void read(int link_type, const pcap_pkthdr& header, std::string_view frame) {
    ++summary_.packets;
    microseconds_ = std::int64_t{header.ts.tv_sec} * 1'000'000 + header.ts.tv_usec;
    if (header.caplen < header.len) {
      ++summary_.cut_off;
      return;
    }
    std::optional<IpPacket> packet = read_packet(link_type, frame);
    if (!packet) {
      ++summary_.not_ip;
      return;
    }
    if (!packet->is_fragment) return read_ip(*packet);
    if (const std::optional<std::string> whole = fragments_.add(*packet)) {
      packet->payload = *whole;
      read_ip(*packet);
    }
  }

  CaptureSummary end() {
    for (auto& [direction, stream] : streams_) {
      stream.end(take_from(direction));
      summary_.tcp_gaps += stream.gaps();
    }
    summary_.fragments_missing = fragments_.incomplete();
    return summary_;
  }

 private:
  using Direction = std::pair<NetworkAddress, NetworkAddress>;  // from, to

  void read_ip(const IpPacket& packet) {
    if (packet.protocol == protocol_udp) {
      if (const auto datagram = read_udp(packet.payload)) return read_datagram(packet, *datagram);
    } else if (packet.protocol == protocol_tcp) {
      if (const auto segment = read_tcp(packet.payload)) return read_segment(packet, *segment);
    }
    ++summary_.not_sip;
  }

  void read_datagram(const IpPacket& packet, const UdpDatagram& datagram) {
    const std::string_view payload = datagram.payload;
    if (payload.find_first_not_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) {
      ++summary_.keep_alives;
    } else if (is_sip(datagram)) {
      hand_out({packet.source, datagram.source_port, Transport::udp},
               {packet.destination, datagram.destination_port, Transport::udp}, payload);
    } else {
      ++summary_.not_sip;
    }
  }

  // STUN and RTP begin with octets that no text has.
  [[nodiscard]] bool is_sip(const UdpDatagram& datagram) const {
    if (begins_like_sip(datagram.payload)) return true;
    const bool on_port = datagram.source_port == port_ || datagram.destination_port == port_;
    const char first = datagram.payload.front();
    return on_port && ((first >= ' ' && first < 0x7f) || first == '\r' || first == '\n');
  }

  void read_segment(const IpPacket& packet, const TcpSegment& segment) {
    const Direction direction{{packet.source, segment.source_port, Transport::tcp},
                              {packet.destination, segment.destination_port, Transport::tcp}};
    streams_[direction].add(segment, take_from(direction));
  }

  TcpStream::Take take_from(const Direction& direction) {
    return [this, direction](std::string_view message) {
      hand_out(direction.first, direction.second, message);
    };
  }

  void hand_out(const NetworkAddress& from, const NetworkAddress& to, std::string_view bytes) {
    take_({summary_.packets, microseconds_, from, to, bytes});
  }

  std::uint16_t port_;
  const Take& take_;
  CaptureSummary summary_;
  Fragments fragments_;
  std::map<Direction, TcpStream> streams_;
  std::int64_t microseconds_ = 0;
};

}  // namespace

std::expected<CaptureSummary, std::string> read_capture(
    const std::string& file, std::uint16_t port,
    const std::function<void(const CapturedMessage&)>& take) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  const OpenCapture capture(pcap_open_offline(file.c_str(), error.data()));
  if (!capture) return std::unexpected(std::string(error.data()));
  const int link_type = pcap_datalink(capture.get());
  if (!knows_link_type(link_type)) {
    const char* name = pcap_datalink_val_to_description_or_dlt(link_type);
    return std::unexpected("captures of link type " + std::string(name) + " are not understood");
  }
  Reader reader(port, take);
  pcap_pkthdr* header = nullptr;
  const unsigned char* octets = nullptr;
  int result = 0;
  while ((result = pcap_next_ex(capture.get(), &header, &octets)) == 1) {
    reader.read(link_type, *header, {reinterpret_cast<const char*>(octets), header->caplen});
  }
  if (result == PCAP_ERROR) return std::unexpected(std::string(pcap_geterr(capture.get())));
  return reader.end();
}

// pcap in either order of octets, with microseconds or nanoseconds, and pcapng.
bool is_capture(std::string_view octets) {
  constexpr std::array<std::string_view, 5> magics{"\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4",
                                                   "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d",
                                                   "\x0a\x0d\x0d\x0a"};
  const std::string_view magic = octets.substr(0, 4);
  return magic.size() == 4 && std::ranges::find(magics, magic) != magics.end();
}

}  // namespace sipring::app
