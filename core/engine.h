// Engine: the SIP transaction layer of one shard, without sockets, clock, threads or callbacks.
//
// Octets and time go in, outputs come out. Inputs are receive(), turn_away(), advance(),
// transmit_failed() and transport_failed(). After each of them take outputs with next_output()
// until there are none: what they point to lives until the next input, and debug builds refuse one
// that comes before. What the user asks for, send(), respond(), cancel() and the like, is welcome
// at any time, also while outputs are taken; what it puts out follows.
//
//   engine.receive(now, received);
//   while (std::optional<Output> output = engine.next_output()) ...   // Transmit goes to the wire,
//   the rest to the user
//
// `now` is of a monotonic clock: from call to call it never goes back (debug builds notice). It may
// jump far ahead, as after a suspend: what became due meanwhile fires at the next advance(), once.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/counters.h>
#include <sipring/core/entropy.h>
#include <sipring/core/flow.h>
#include <sipring/core/limits.h>
#include <sipring/core/message/writer.h>
#include <sipring/core/network_address.h>
#include <sipring/core/output.h>
#include <sipring/core/overload/settings.h>
#include <sipring/core/overload/turn_budget.h>
#include <sipring/core/received.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/shard_mark.h>
#include <sipring/core/transaction/timers.h>
#include <sipring/pools/handle.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

class MessageEdit;

// Why a request or response was not sent.
enum class SendError : std::uint8_t {
  stale_transaction,  // the handle names no transaction, or one of the wrong side
  forbidden_status,   // 101 to 199 or 408 for a non-INVITE request (RFC 4320)
  wrong_state,        // a second final response; a CANCEL after the final response
  missing_header,     // From, To, Call-ID or CSeq is not there (RFC 3261 section 8.1.1)
  malformed_header,   // a CR or LF inside a header line, a CSeq that is none, a status outside 100
                      // to 699; a forwarded response that the client would not take for its own
  too_large,          // more than Limits::message_bytes
  no_transactions,    // the pool is used up
  no_buffers,         // the buffer memory is used up
  outputs_full,       // take them with next_output() first
  forbidden_timer,    // a timer C of three minutes or less (section 16.6 item 11)
  overloaded_peer,    // the next hop asks for less (RFC 7339): a proxy answers 503
};
[[nodiscard]] std::string_view to_string(SendError error);

// What is agreed on about a flow in the Vias of what goes by it.
struct FlowSettings {
  // Requests that we send over TLS say that the same connection may bring us the peer's own
  // ("alias", RFC 5923 section 8.1), and those to a peer that says so and has shown a certificate
  // leave by the connection that it opened.
  bool reuses_connections = false;
  // What begins a dialog or a registration says that we would send keep-alives for it ("keep", RFC
  // 6223 section 4.3). Whoever does it has core/outbound/keep_alives.h.
  bool offers_keep_alives = false;
  // How often we want them of those that offer them, in seconds; 0: as they like. nullopt: not at
  // all, as a proxy that is not in the route set must say.
  std::optional<std::uint16_t> keep_seconds = {};
};

struct Settings {
  Limits limits;
  TimerSettings timers;
  std::string_view server;  // value of the Server header field in responses; copied; empty: none
  ShardMark mark;           // written into the branches and tags that we generate
  // Requests with anything that validate() finds get a 400, responses are dropped unless all that
  // is found is an absence; otherwise only what nobody can do without is refused.
  bool strict = false;
  // A request that has come by another way already gets a 482 (section 8.2.2.2). A proxy turns it
  // off: to it these are two requests, and loops are another thing (section 16.3 item 4).
  bool finds_merged = true;
  FlowSettings flows;
  OverloadSettings overload;
};

// Where a proxy passes a request on to (RFC 3261 section 16.6 items 7 to 10).
struct NextHop {
  NetworkAddress destination;     // resolved: core asks no DNS
  Flow flow = {};                 // the listener or connection to send from
  std::string_view sent_by = {};  // of our Via: "host" or "host:port" that reaches this flow
};

class Engine {
 public:
  Engine(const Settings& settings, const Entropy& entropy, std::pmr::memory_resource& memory);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // From the wire. Whatever the octets are, this ends well: bad ones are answered or counted.
  void receive(Instant now, const Received& received);
  // The same when there is no time for it (core/overload/turn_budget.h): what belongs to a
  // transaction is handled, and an ACK; any other request gets a 503.
  void turn_away(Instant now, const Received& received);
  // After each turn of an overloaded shard: what oc parameters tell comes from it.
  void turn_ended(Instant now, const TurnReport& report);

  // Answers a request. What `response` points to is not needed any more when this returns.
  // Provisionals may follow one another; the first final response ends the choice. Not for a
  // non-INVITE request: 101 to 199 and 408 (RFC 4320 section 4).
  std::expected<void, SendError> respond(Instant now, Handle<Transaction> transaction,
                                         const Response& response);
  // Sends the 2xx of an INVITE once more: the user does so until its ACK comes (section 13.3.1.4).
  std::expected<void, SendError> repeat_response(Instant now, Handle<Transaction> transaction);

  // The ACK of that 2xx has come: it is not sent again, and the transaction, which would wait 64*T1
  // for INVITEs that come once more (RFC 6026), ends T4 later, over a reliable transport now. A
  // stale handle, or one of something else, is no mistake.
  void acknowledged(Instant now, Handle<Transaction> invite);

  // Sends a request in a new client transaction. `attached` comes back with every output of it.
  std::expected<Handle<Transaction>, SendError> send(Instant now, const Request& request,
                                                     std::uint64_t attached = 0);
  // Sends a request once and forgets it: the ACK for a 2xx (section 13.2.2.4). Whoever keeps what
  // it returns can send the same octets again: that ACK, whenever its 2xx comes again.
  std::expected<Transmit, SendError> send_stateless(const Request& request);
  std::expected<void, SendError> send_again(const Transmit& message);

  // A proxy passes on a request that has arrived, or that request() gives (section 16.6): with what
  // `request` changes in it, a Via of ours in front, and what section 18.2.1 adds to the next one.
  // Nothing is copied header field by header field. The edit is used up: each branch of a fork
  // takes one of its own. `attached` as in send().
  std::expected<Handle<Transaction>, SendError> forward(Instant now, MessageEdit& request,
                                                        const NextHop& hop,
                                                        std::uint64_t attached = 0);
  // The same without a transaction: the ACK for a 2xx (section 16.11).
  std::expected<Transmit, SendError> forward_stateless(MessageEdit& request, const NextHop& hop);
  // A proxy passes on a response that has arrived, without the topmost Via, which is ours, through
  // the server transaction of its request (section 16.7). The first final response ends the choice;
  // only another 2xx of an INVITE may follow, from the other callees of a fork (RFC 6026 section
  // 7.1). What is forbidden to respond() is forbidden here.
  std::expected<void, SendError> forward(Instant now, Handle<Transaction> server,
                                         MessageEdit& response);
  // Cancels an INVITE that we sent; held back until a provisional response has come (section 9.1).
  // From then on the INVITE has 64*T1 left, also when the CANCEL could not go out for want of room.
  std::expected<void, SendError> cancel(Instant now, Handle<Transaction> invite);

  // Timer C, for the INVITE of a proxy, right after send(): of more than three minutes
  // (section 16.6 item 11) and 18 hours at most, rounded up to seconds. It runs from the first
  // provisional response (timer B before), starts anew with each of 101 to 199, and ends as
  // TimerCFired says. Again: a new duration, from now. 0: none.
  std::expected<void, SendError> set_timer_c(Instant now, Handle<Transaction> invite,
                                             Duration after);

  // nullopt when the handle is stale.
  [[nodiscard]] std::optional<TransactionStatus> status(Handle<Transaction> transaction) const;

  // The request of a server transaction that has no final response yet: the message itself while it
  // is being handled, then the kept copy (its top Via stamped), parsed anew. nullptr when the
  // handle is stale or the final response has gone. Valid until the next call of any function here.
  [[nodiscard]] const Message* request(Handle<Transaction> transaction);
  // Attaches a word of the user's to a transaction. False when the handle is stale.
  bool attach(Handle<Transaction> transaction, std::uint64_t attached);

  // Whether a datagram is a request that neither belongs to a transaction here, nor is merged with
  // one, nor belongs to a dialog: a shard that drains gives it to another. Behind it stand octets
  // that may be read, as in receive(). Not to be asked while there are outputs to take.
  [[nodiscard]] bool begins_anew(std::string_view datagram);

  // A message could not be sent: `transaction` is that of its Transmit. To be told
  // once all outputs are taken, as any input (sections 17.1.4, 17.2.4). A null or stale handle is
  // no news.
  void transmit_failed(Instant now, Handle<Transaction> transaction);
  // The network tells that it could not deliver a message: `bytes` is what an ICMP error quotes of
  // it, its start.
  void transport_failed(Instant now, std::string_view bytes);

  // Fires every timer due by `now`.
  void advance(Instant now);
  [[nodiscard]] Instant next_deadline() const;

  [[nodiscard]] std::optional<Output> next_output();

  [[nodiscard]] const Counters& counters() const;
  [[nodiscard]] PoolUse pool_use() const;
  // Where the last message came from that was no SIP, or none that we can use; port 0: none has.
  [[nodiscard]] NetworkAddress last_malformed() const;
  [[nodiscard]] std::uint32_t transactions_alive() const;
  [[nodiscard]] BufferPool& buffers();
  // Memory that soon will be used for the first time, when no message waits: what pays for its
  // pages now spares a message that (64 KiB at most; its octets are nobody's yet). It is told once.
  // Empty: the next thousand transactions have theirs.
  [[nodiscard]] std::span<std::byte> coming_memory();

  // Tests only. Whether table, wheel and pool tell one story; and the nth transaction from now (1
  // is the next one) is refused as if the pool were full.
  [[nodiscard]] bool is_consistent() const;
  void fail_nth_transaction(std::uint64_t nth);

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace sipring
