// The inside of Engine: what it owns, and the two ways through it. engine_receive.cpp handles what
// the wire brings, engine_send.cpp what the transaction user asks for.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/message/envelope.h>
#include <sipring/core/message/refusal.h>
#include <sipring/core/outbox.h>
#include <sipring/core/overload/oc_client.h>
#include <sipring/core/overload/oc_server.h>
#include <sipring/core/overload/oc_stamp.h>
#include <sipring/core/overload/sources.h>
#include <sipring/core/routing/response_route.h>
#include <sipring/core/routing/via_stamp.h>
#include <sipring/core/transaction/key.h>
#include <sipring/core/transaction/transactions.h>

#include <optional>
#include <string>

namespace sipring {

class Engine::Core {
 public:
  using Sent = std::expected<void, SendError>;

  Core(const Settings& settings, const Entropy& entropy, std::pmr::memory_resource& memory);

  void receive(Instant now, const Received& received);
  void receive_unwanted(Instant now, const Received& received);
  void turn_ended(Instant now, const TurnReport& report);
  Sent respond(Instant now, Handle<Transaction> handle, const Response& response);
  Sent repeat_response(Instant now, Handle<Transaction> handle);
  std::expected<Handle<Transaction>, SendError> send(Instant now, const Request& request,
                                                     std::uint64_t user);
  Sent send_stateless(const Request& request);
  Sent cancel(Instant now, Handle<Transaction> handle);
  Sent set_timer_c(Instant now, Handle<Transaction> handle, Duration after);
  std::optional<TransactionStatus> status(Handle<Transaction> handle);
  const Message* request(Handle<Transaction> handle);
  bool attach(Handle<Transaction> handle, std::uint64_t user);
  void transmit_failed(Instant now, Handle<Transaction> handle);
  void transport_failed(Instant now, std::string_view bytes);
  bool begins_anew(std::string_view datagram);  // engine_begins.cpp
  std::optional<Output> next_output();
  // Whether the outputs of the last input have been taken.
  [[nodiscard]] bool is_drained() const {
    return outbox.empty() && !current_ && transactions.next_deadline() > advanced_to;
  }

  // In the order in which they are made: what comes later refers to what comes first.
  Limits limits;
  std::string server;
  ShardMark mark;
  bool strict;
  OverloadSettings overload;
  HashSeed seed;  // of transaction keys
  HashSeed branch_seed;
  Counters counters;
  NetworkAddress last_malformed;
  BufferPool buffers;
  Outbox outbox;
  MessageWriter writer;
  std::optional<Sources> sources;  // none of these three: not configured
  std::optional<OcServer> oc_server;
  std::optional<OcClient> oc_client;
  Transactions transactions;
  Instant advanced_to = Instant::min();

 private:
  // A request from the wire on its way through.
  struct Inbound {
    const Received& received;
    const Envelope& envelope;
    ResponseRoute route;
    TransactionKey key;
    std::uint64_t merge_key = 0;  // 0: no merged request is looked for
    bool merged = false;          // the request has come by another way
  };

  // The octets of message_ may go now: a request that was not answered at once is kept, and waits
  // under its timers. True when that made outputs.
  bool end_drain();
  bool fire_one();
  bool keep_request(Transaction& transaction);
  void drop(DropReason reason) {
    ++counters[reason];
    if (is_malformed(reason)) last_malformed = received_.source;
  }
  // engine_receive.cpp
  bool is_refused_strictly(const Received& received);
  void on_unparsable(const ParseError& error, const Received& received);
  void on_request(Instant now, const Received& received);
  void on_known(Instant now, Handle<Transaction> handle, const Inbound& inbound);
  void on_new_request(const Inbound& inbound);
  void on_ack(const Inbound& inbound);
  void on_cancel(Instant now, const Inbound& inbound);
  std::string_view tag_of_reply(const Transaction& invite);
  void on_response(Instant now, const Received& received);
  void send_held_cancel(Instant now, Handle<Transaction> handle);

  Handle<Transaction> create_server(const Inbound& inbound);
  [[nodiscard]] std::uint64_t merge_key_of(const Message& request, const Envelope& envelope) const;
  [[nodiscard]] std::uint64_t expect_merged() const;  // of message_
  bool acknowledges_other(const Transaction& invite, const Inbound& inbound);
  bool is_within_dialog(const Inbound& inbound) const;
  void reject(const Inbound& inbound, const Response& response, DropReason reason);
  void reject_malformed(const Received& received, const Response& response, DropReason reason);
  void reject_malformed(const Received& received, const Refusal& refusal);
  void reject_malformed(const Received& received, const EnvelopeError& error);
  void shed(const Inbound& inbound, DropReason reason = DropReason::overload);
  void give_up(Handle<Transaction> handle, const Transaction& transaction);
  // engine_overload.cpp
  void set_up_overload(const Entropy& entropy, std::pmr::memory_resource& memory);
  bool admit(Instant now, const Inbound& inbound);
  bool refuse_service(const Inbound& inbound, DropReason reason);
  [[nodiscard]] std::string_view via_parameters() const {
    return oc_client ? OcClient::via_parameters : std::string_view{};
  }
  // A response to a request whose top Via is `via`, with what it is told about overload.
  struct Told {
    const Via& via;
    const IpAddress& client;
  };
  Written write_telling(Instant now, const Told& told, const Message& request,
                        std::span<const Edit> via_edits, std::string_view to_tag,
                        const Response& response);
  // engine_send.cpp
  // Transmit::order of a request that can be sent.
  std::expected<std::uint32_t, SendError> check(const Request& request) const;
  void parse_stored(const Buffer& buffer);
  // Of the To of stored_; empty when it has none.
  [[nodiscard]] std::string_view stored_to_tag() const;
  Written write_reply(Instant now, const Transaction& transaction, const Response& response,
                      bool is_current);

  std::uint64_t branches_made_ = 0;
  Message message_;  // from the wire
  Message stored_;   // a kept request, parsed anew
  Envelope envelope_;
  Received received_;
  Instant received_at_{};
  bool guarded_ = false;                  // admit() has a say
  bool refusing_ = false;                 // what would begin a transaction is refused
  std::uint32_t source_ = Sources::none;  // of message_, where it counts
  // The server transaction of message_ and the stamp of its top Via, until the drain ends: it may
  // be answered from there.
  Handle<Transaction> current_;
  std::optional<ViaStamp> stamp_;
};

}  // namespace sipring
