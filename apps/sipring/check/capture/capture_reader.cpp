// SPDX-License-Identifier: MIT
#include <check/capture/capture_reader.h>
#include <check/capture/hep3.h>
#include <check/sip_start.h>

#include <optional>
#include <string>

namespace sipring::app {

void CaptureReader::add(int link_type, std::int64_t microseconds, std::string_view frame) {
  ++summary_.packets;
  microseconds_ = microseconds;
  if (const std::optional<IpPacket> packet = read_packet(link_type, frame)) {
    read_ip(*packet, 0);
  } else {
    ++summary_.not_ip;
  }
}

// Of fragments the last one to come is the packet; what is in a tunnel is read as if there were
// none.
void CaptureReader::read_ip(IpPacket packet, int depth) {
  std::optional<std::string> whole;
  if (packet.is_fragment) {
    whole = fragments_.add(packet);
    if (!whole) return;
    packet.payload = *whole;
  }
  if (depth < most_tunnels)
    if (const std::optional<IpPacket> inner = read_tunnel(packet))
      return read_ip(*inner, depth + 1);
  read_transport(packet);
}

void CaptureReader::read_transport(const IpPacket& packet) {
  if (packet.protocol == protocol_udp) {
    if (const auto datagram = read_udp(packet.payload)) return read_datagram(packet, *datagram);
  } else if (packet.protocol == protocol_tcp) {
    if (const auto segment = read_tcp(packet.payload)) return read_segment(packet, *segment);
  }
  ++summary_.not_sip;
}

void CaptureReader::read_datagram(const IpPacket& packet, const UdpDatagram& datagram) {
  const std::string_view payload = datagram.payload;
  NetworkAddress source{packet.source, datagram.source_port, Transport::udp};
  NetworkAddress destination{packet.destination, datagram.destination_port, Transport::udp};
  if (payload.empty() || is_keep_alive(payload)) {
    ++summary_.keep_alives;
  } else if (payload.starts_with(hep3_magic)) {
    ++summary_.hep3;
    const auto hep = read_hep3(payload);
    if (!hep || !begins_like_sip(hep->payload)) return;
    hep->has_addresses ? hand_out(hep->source, hep->destination, hep->payload)
                       : hand_out(source, destination, hep->payload);
  } else if (is_sip(datagram)) {
    hand_out(source, destination, payload);
  } else {
    ++summary_.not_sip;
  }
}

bool CaptureReader::is_on_port(std::uint16_t source, std::uint16_t destination) const {
  return source == port_ || destination == port_;
}

// STUN and RTP begin with octets that no text has.
bool CaptureReader::is_sip(const UdpDatagram& datagram) const {
  if (begins_like_sip(datagram.payload)) return true;
  const char first = datagram.payload.front();
  const bool is_text = (first >= ' ' && first < 0x7f) || first == '\r' || first == '\n';
  return is_text && is_on_port(datagram.source_port, datagram.destination_port) &&
         !begins_like_http(datagram.payload);
}

// A SYN without an ACK opens a connection for both directions.
void CaptureReader::read_segment(const IpPacket& packet, const TcpSegment& segment) {
  const NetworkAddress from{packet.source, segment.source_port, Transport::tcp};
  const NetworkAddress to{packet.destination, segment.destination_port, Transport::tcp};
  if (segment.starts && !segment.acknowledges) {
    const auto back = streams_.find({to, from});
    if (back != streams_.end()) back->second.restart(take_from({to, from}));
  }
  stream({from, to}).add(segment, take_from({from, to}));
}

TcpStream& CaptureReader::stream(const Direction& direction) {
  const bool on_port = is_on_port(direction.first.port, direction.second.port);
  return streams_.try_emplace(direction, on_port).first->second;
}

TcpStream::Take CaptureReader::take_from(const Direction& direction) {
  return [this, direction](std::string_view message) {
    hand_out(direction.first, direction.second, message);
  };
}

void CaptureReader::hand_out(const NetworkAddress& from, const NetworkAddress& to,
                             std::string_view bytes) {
  take_({summary_.packets, microseconds_, from, to, bytes});
}

CaptureSummary CaptureReader::end() {
  TcpStreamTally tcp;
  for (auto& [direction, stream] : streams_) {
    stream.end(take_from(direction));
    tcp += stream.tally();
  }
  summary_.tcp_gaps = tcp.gaps;
  summary_.tcp_octets_skipped = tcp.octets_skipped;
  summary_.hep3 += tcp.hep3;
  summary_.keep_alives += tcp.keep_alives;
  summary_.not_sip += tcp.not_sip;
  summary_.fragments_missing = fragments_.incomplete();
  return summary_;
}

}  // namespace sipring::app
