// What a WebSocket says in front of messages and between them: its opening handshake, heads of
// frames, control frames (RFC 6455 sections 4.1 and 5).
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/connections.h>
#include <sipring/pools/fixed_text.h>

#include <array>
#include <utility>

namespace sipring {
namespace {

constexpr std::size_t dns_name_and_port = 255 + 6;

// The Host of its opening handshake: as its URI has it, without a port that goes without saying
// (RFC 6455 section 4.1).
void write_host(FixedText<dns_name_and_port>& host, const Connection& connection) {
  const NetworkAddress& peer = connection.peer;
  if (connection.domain().empty()) {
    host << to_text(peer).view();
    return;
  }
  host << connection.domain();
  if (peer.port != default_port(peer.transport)) host << ":" << std::uint32_t{peer.port};
}

}  // namespace

// In front of the messages that wait.
void Connections::request_upgrade(Connection& connection) {
  std::array<std::uint8_t, 16> nonce;
  for (std::uint8_t& octet : nonce) octet = static_cast<std::uint8_t>(draw());
  const UpgradeClient client(sha1_, nonce);
  std::array<char, 1'024> room;
  FixedText<dns_name_and_port> host;
  write_host(host, connection);
  const std::size_t size =
      client.write_request(room, {.host = host.view(), .resource = resource_, .origin = origin_});
  Ref<Buffer> request = buffers_.copy({room.data(), size});
  if (!request ||
      !queues_.push_front(connection.queue, {.bytes = std::move(request), .transaction = {}}))
    return fail(connection, CloseReason::no_room);
  connection.framing.begin_upgrade(client);
  connection.writes_handshake = true;
  mark_dirty(connection);
}

// A client's message is masked, which needs a copy: others may hold the buffer. A server's head can
// stand by itself; but to copy a message of an ordinary size behind it costs a tenth of what the
// kernel takes for a second piece. TLS copies all pieces anyway.
bool Connections::frame(const Connection& connection, SendQueues::Outgoing& outgoing) {
  constexpr std::size_t ordinary = 4'096;
  const std::string_view bytes = outgoing.bytes->view();
  const bool is_copied = !connection.is_accepted ||
                         (connection.peer.transport == Transport::ws && bytes.size() <= ordinary);
  Ref<Buffer> framed;
  if (is_copied) framed = buffers_.acquire(bytes.size() + FrameHead::max_size);
  if (framed) {
    const std::optional<MaskKey> key =
        connection.is_accepted ? std::nullopt : std::optional(draw_mask());
    // RFC 7118 section 5: text is for what is UTF-8, and a SIP body need not be.
    const std::size_t size =
        write_frame({framed->data(), framed->capacity()}, Opcode::binary, bytes, key);
    framed->resize(static_cast<std::uint32_t>(size));
    outgoing.bytes = std::move(framed);
    return true;
  }
  if (!connection.is_accepted) return false;
  const FrameHead head{.opcode = Opcode::binary,
                       .is_final = true,
                       .mask = std::nullopt,
                       .payload_size = bytes.size()};
  char* const end = outgoing.head.data() + outgoing.head.size();
  outgoing.head_size = static_cast<std::uint8_t>(end - write_frame_head(end, head));
  return true;
}

void Connections::enqueue_control(Connection& connection, Opcode opcode, std::string_view payload) {
  std::array<char, FrameHead::max_size + FrameHead::max_control_payload> room;
  const std::optional<MaskKey> key =
      connection.is_accepted ? std::nullopt : std::optional(draw_mask());
  enqueue_text(connection, {room.data(), write_frame(room, opcode, payload, key)});
}

void Connections::enqueue_close(Connection& connection, CloseCode code) {
  std::array<char, FrameHead::max_size + FrameHead::max_control_payload> room;
  const std::optional<MaskKey> key =
      connection.is_accepted ? std::nullopt : std::optional(draw_mask());
  enqueue_text(connection, {room.data(), write_close(room, code, "", key)});
}

MaskKey Connections::draw_mask() {
  const std::uint64_t word = draw();
  return {static_cast<std::uint8_t>(word), static_cast<std::uint8_t>(word >> 8),
          static_cast<std::uint8_t>(word >> 16), static_cast<std::uint8_t>(word >> 24)};
}

}  // namespace sipring
