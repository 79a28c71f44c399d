// TcpStream: one direction of a TCP connection out of a capture: segments put in order, and cut
// into SIP messages. Whether it carries SIP its octets say, not its port alone:
//
//   undecided ──first line──▶ sip ──gap, or what is no message──▶ searching ──start line──▶ sip
//       └───────────────────▶ other
//
// A capture that begins in the middle of a connection begins with searching.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/capture/packet.h>

#include <sipring/core/message/stream_framer.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sipring::app {

// What became of the octets of one direction.
struct TcpStreamTally {
  std::size_t gaps = 0;            // segments that the capture lacks
  std::size_t octets_skipped = 0;  // of SIP, without the start of their message
  std::size_t keep_alives = 0;     // segments with nothing else in them
  std::size_t not_sip = 0;         // segments of another protocol
  std::size_t hep3 = 0;            // the same, of capture agents
  TcpStreamTally& operator+=(const TcpStreamTally& other);
};

class TcpStream {
 public:
  using Take = std::function<void(std::string_view message)>;

  // On a port of SIP all text but HTTP is taken for it, as broken as it may be.
  explicit TcpStream(bool on_port) : on_port_(on_port) {}

  // Calls `take` for each message that is complete now.
  void add(const TcpSegment& segment, const Take& take);
  // The connection is over: what was held back behind a gap is read now.
  void end(const Take& take);
  // Another connection follows with the same addresses and ports. Changes nothing where this one
  // has not carried an octet: its SYN may have been sent twice.
  void restart(const Take& take);

  [[nodiscard]] const TcpStreamTally& tally() const { return tally_; }

 private:
  enum class State : std::uint8_t { undecided, sip, searching, other };
  static constexpr std::size_t most_held = 1 << 20;  // octets behind a gap that may yet be filled
  static constexpr std::size_t most_start_line = 8'192;  // octets of a line that may yet be one

  void begin(const TcpSegment& segment);
  [[nodiscard]] bool is_anew(const TcpSegment& segment) const;
  [[nodiscard]] std::int32_t distance_to(const TcpSegment& segment) const;
  void hold(std::uint64_t offset, std::string_view octets);
  void append_held(const Take& take);
  void skip_gap();
  void append(std::string_view octets, const Take& take);
  void decide();
  void search();
  void cut(const Take& take);
  [[nodiscard]] std::size_t cut_one(std::string_view rest, const Take& take);
  [[nodiscard]] std::size_t cut_broken(const StreamFramer::Frame& frame, std::string_view rest,
                                       const Take& take);
  void skip_received();
  void turn_to(State state);
  [[nodiscard]] std::size_t& count_of_other() { return is_hep3_ ? tally_.hep3 : tally_.not_sip; }

  bool on_port_;
  State state_ = State::undecided;
  bool is_open_ = false;  // next_ is known
  bool has_octets_ = false;
  bool has_ended_ = false;                     // FIN or RST
  bool is_hep3_ = false;                       // what it is where it is no SIP
  bool in_message_ = false;                    // received_ begins with a part of one
  std::uint32_t next_ = 0;                     // the sequence number that comes next
  std::uint64_t next_offset_ = 0;              // the same, without the wrap around
  std::map<std::uint64_t, std::string> held_;  // what has come too early, by offset
  std::size_t held_octets_ = 0;
  // Where no message has been found yet: it may be another protocol.
  bool has_been_sip_ = false;
  TcpStreamTally pending_;
  std::string received_;
  std::uint64_t discard_ = 0;  // octets of a message that was too large
  StreamFramer framer_;
  TcpStreamTally tally_;
};

}  // namespace sipring::app
