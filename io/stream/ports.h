// StreamPorts: the stream listeners and connections of one shard. core/connection/ decides, this
// performs: accepts, connects, receives and sends for it, one send for each connection and turn.
//
// Each operation names its connection by the flow's slot and generation, which are compared when it
// completes. A slot is given back when the kernel has nothing of it any more.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/connections.h>
#include <sipring/core/flow.h>
#include <sipring/core/outbound/keep_alives.h>
#include <sipring/core/output.h>
#include <sipring/core/received.h>
#include <sipring/core/shard/detail/letter.h>
#include <sipring/io/detail/failed_sends.h>
#include <sipring/io/detail/token.h>
#include <sipring/io/detail/uring.h>
#include <sipring/io/server.h>
#include <sipring/io/socket_address.h>
#include <sipring/io/stream/handshake_queue.h>
#include <sipring/io/stream/read_queues.h>
#include <sipring/io/stream/socket.h>
#include <sipring/io/stream/stream_buffers.h>
#include <sipring/io/stream/tls_lines.h>

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstdint>
#include <expected>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sipring {

class StreamPorts : private PeerIdentities {
 public:
  static constexpr std::uint32_t max_listeners = 64;

  struct Parts {
    Uring& uring;
    StreamBuffers& buffers;
    Connections& connections;
    KeepAlives& keep_alives;
    FailedSends& failed;
  };
  // `tls` has as many connections and listeners as there are here. `reuses_connections`: as
  // FlowSettings' (core/engine.h).
  StreamPorts(const Parts& parts, const StreamSocketOptions& options, const TlsLines::Settings& tls,
              bool reuses_connections, std::pmr::memory_resource& memory);
  ~StreamPorts() override;
  StreamPorts(const StreamPorts&) = delete;
  StreamPorts& operator=(const StreamPorts&) = delete;

  // Of each connection, beside what core has of it, and TLS.
  [[nodiscard]] static constexpr std::size_t bytes_of_connection() { return sizeof(Line); }

  // `upgrade`: of a WebSocket's listener; it stays until the listener has been closed and its
  // connections have ended. `is_proxied`: a PROXY header begins each connection, in front of TLS.
  void open(StreamSocket socket, Flow listener, const UpgradePolicy* upgrade,
            bool is_proxied = false);
  // What a listener for TLS shows, before it is opened and whenever that changes.
  [[nodiscard]] std::expected<void, TlsFailure> serve_tls(Flow listener, Transport transport,
                                                          const ListenerTls& tls);
  // Appends at most so many of the connections that there are.
  void describe(Instant now, std::uint32_t most, std::vector<ConnectionInfo>& to) const;
  // Its connections go on.
  void close(Flow listener);
  [[nodiscard]] bool is_closing() const { return closing_ != 0; }

  // What cannot be sent is told to FailedSends. Its connection need not be there yet.
  void send(Instant now, Transmit&& message);
  // Its keep-alives are not answered.
  void give_up(Instant now, Flow flow) {
    parts_.connections.failed(now, flow, CloseReason::no_pong);
  }
  // For another shard, out of its octets. False: it will not leave.
  [[nodiscard]] bool send_copy(Instant now, const Letter& letter);
  void on_completion(Instant now, const CompletionToken& token, const io_uring_cqe& completion);
  // After each completion, and after what has been sent from elsewhere: the next message. What it
  // points to lasts until the next call.
  [[nodiscard]] std::optional<Received> next_message(Instant now);
  // A copy of a message, which the letter is about then, until it is given back; nullopt: no room.
  [[nodiscard]] std::optional<Loan> keep(Letter& letter);
  void give_back(Loan loan);
  void advance(Instant now);
  [[nodiscard]] Instant next_deadline() const;
  // Handshakes that wait for this turn or a later one: one step, when none has been made.
  [[nodiscard]] bool has_handshakes() const { return !handshakes_.empty(); }
  void shake_hands(Instant now);
  // Octets that have waited for this turn: a piece of the next connection that has some and may go
  // on, as if it had completed now. False: there is no other.
  [[nodiscard]] bool reads_on() const { return reads_on_; }
  [[nodiscard]] bool read_on(Instant now);

  // At the end of a turn: one send for each connection that has something, then buffers are lent.
  void flush(Instant now);
  void arm(Instant now);

  void stop_receiving();
  [[nodiscard]] bool is_receiving() const { return receiving_ != 0; }
  [[nodiscard]] const Connections& connections() const { return parts_.connections; }
  [[nodiscard]] const TlsCounters& tls() const { return tls_counters_; }

 private:
  static constexpr std::uint32_t pieces_of_a_send = 64;
  static constexpr std::uint32_t sends_at_once = 128;  // before they have to be submitted
  // A peer at full speed must not keep a turn to itself.
  static constexpr std::uint32_t bytes_of_a_turn = 128 * 1024;
  static constexpr std::uint32_t most_unread = 8'192;      // pieces of what is read later
  static constexpr std::size_t bytes_of_a_piece = 16'000;  // just below a size of buffers
  static constexpr std::uint32_t most_kept = 8'192;
  static constexpr std::uint32_t most_postponed = 4'096;  // pieces of handshakes

  struct Listening {
    StreamSocket socket;
    Flow flow;
    const UpgradePolicy* upgrade = nullptr;
    bool is_proxied = false;
    bool accepts = false;  // the kernel has our request to
    bool is_closing = false;
  };
  // What the kernel has of a connection.
  struct Line {
    int fd = -1;
    std::uint32_t generation = 0;
    std::uint32_t bytes = 0;  // received in the turn with this number
    std::uint32_t turn = 0;
    ReadQueues::Queue unread;  // that came and is read later; an empty piece is the peer's end
    Instant since{};
    std::uint64_t bytes_in = 0, bytes_out = 0;
    bool receives = false;
    bool sends = false;
    bool connects = false;
    bool is_paused = false;  // its receive has been taken back
    bool ends = false;
    bool is_unarmed = false;
    bool awaits_proxy = false;  // its PROXY header comes before TLS
    bool says_last = false;     // why it ends is on its way, and is not taken back
  };
  // A send that has not been submitted: the kernel reads it then.
  struct Submission {
    msghdr header;
    std::array<iovec, pieces_of_a_send> pieces;
  };

  void take_up(Instant now, Flow flow, int fd);
  void perform(Instant now, const OpenConnection& open);
  void perform(const ShutConnection& shut);
  void perform(Instant now, const EndConnection& end);
  void end_if_done(Flow flow);
  [[nodiscard]] Line* line_of(Flow flow);
  [[nodiscard]] Flow flow_of(const CompletionToken& token) const;
  // Of a connection that there is.
  [[nodiscard]] const NetworkAddress& peer_of(Flow flow) const {
    return connections().find(flow)->peer;
  }

  // ports_accept.cpp
  void on_accept(Instant now, std::uint32_t number, const io_uring_cqe& completion);
  void accepted(Instant now, const Listening& listening, int fd);
  void arm_accepts(Instant now);
  void end_listener_if_done(std::uint32_t number);
  // ports_receive.cpp
  void on_receive(Instant now, Flow flow, const io_uring_cqe& completion);
  void received(Instant now, Flow flow, Line& line, std::span<char> octets);
  void read(Instant now, Flow flow, Line& line, std::span<char> octets);
  void read_later(Instant now, Flow flow, Line& line, std::span<const char> octets);
  void take_receive_back(Flow flow, Line& line);
  [[nodiscard]] bool has_to_wait(Flow flow, const Line& line);
  [[nodiscard]] bool arm_again(Flow flow);
  [[nodiscard]] std::span<char> without_proxy_header(Instant now, Flow flow,
                                                     std::span<char> octets);
  void want_arming(Flow flow);
  void arm_receive(Flow flow);
  // ports_send.cpp
  void on_connect(Instant now, Flow flow, std::int32_t result);
  void on_send(Instant now, Flow flow, std::int32_t result);
  void write(Instant now, Flow flow);
  void submit_send(Flow flow, Line& line, std::span<const std::string_view> pieces);
  void submit_all();
  // ports_tls.cpp
  [[nodiscard]] TlsLines& tls_lines();
  [[nodiscard]] TlsLine* tls_line(Flow flow);
  void received_secret(Instant now, Flow flow, std::span<char> octets);
  void shake(Instant now, Flow flow, TlsLine& line);
  [[nodiscard]] bool decrypt(Instant now);
  void fail_tls(Instant now, Flow flow, const TlsFailure& failure);
  void look_for_alias(const Received& message);
  [[nodiscard]] bool is_authenticated_as(Flow flow, std::string_view domain) const override;
  void begin_client_tls(Instant now, Flow flow);
  void write_secret(Instant now, Flow flow, TlsLine& tls);
  void submit_record(Flow flow);
  void on_record_sent(Instant now, Flow flow, TlsLine& tls, std::uint32_t octets);
  void end_writing(Flow flow);
  void cancel(const CompletionToken& target);
  void close_descriptor(int fd, const CompletionToken& token);

  // Ciphertext that is being read.
  struct Secret {
    Flow flow;
    std::string_view octets;
    Ref<Buffer> holds;  // them, when they have waited
  };

  Parts parts_;
  StreamSocketOptions options_;
  TlsLines::Settings tls_settings_;
  bool reuses_connections_;
  TlsCounters tls_counters_;
  std::optional<TlsLines> tls_;  // from the first need of it on
  HandshakeQueue handshakes_;
  ReadQueues unread_;
  Ref<Buffer> piece_;  // of those, that next_message() points into
  Secret secret_;
  std::pmr::memory_resource& memory_;
  std::pmr::vector<std::optional<Listening>> listeners_;  // by slot
  std::pmr::vector<Line> lines_;                          // by slot
  std::pmr::vector<Flow> unarmed_;                        // that receive nothing now
  std::size_t looked_at_ = 0;  // of those, in this turn, for octets to be read on
  bool reads_on_ = false;
  std::pmr::vector<Submission> submissions_;   // that the kernel has not read
  std::pmr::vector<SocketAddress> addresses_;  // likewise
  Pool<Ref<Buffer>> kept_;
  std::optional<std::uint16_t> buffer_;  // that next_message() points into
  std::uint32_t receiving_ = 0;
  std::uint32_t closing_ = 0;
  std::uint32_t turn_ = 0;
  bool listens_ = false;
  Instant accept_again_ = never;  // descriptors had run out
  bool is_stopped_ = false;
};

// Of a listener with this transport; null where it is no WebSocket's.
[[nodiscard]] inline const UpgradePolicy* upgrade_of(Transport transport,
                                                     const UpgradePolicy& policy) {
  return is_websocket(transport) ? &policy : nullptr;
}

}  // namespace sipring
