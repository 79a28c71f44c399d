// Receiver: what the wire brings, a message at a time (RFC 3261 sections 8.2, 9.2, 17.1.3, 17.2.3,
// 18).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/engine_parts.h>
#include <sipring/core/detail/requester.h>
#include <sipring/core/detail/responder.h>
#include <sipring/core/message/message.h>

#include <string_view>

namespace sipring::detail {

class Receiver {
 public:
  // `strict`: what validate() finds is refused.
  Receiver(EngineParts& parts, Responder& responder, Requester& requester, bool strict)
      : parts_(parts), responder_(responder), requester_(requester), strict_(strict) {}

  void receive(Instant now, const Received& received, bool is_wanted);
  // The octets that arrived may go now: a request that was not answered at once is kept, and waits
  // under its timers. True when that made outputs.
  bool finish_arrival();
  // The start of a message that was not delivered.
  void transport_failed(Instant now, std::string_view bytes);
  [[nodiscard]] bool begins_anew(std::string_view datagram);

 private:
  bool is_refused_strictly(const Message& message);
  void on_request(Arrival& arrival);
  bool read_request(Arrival& arrival);
  void on_known(const Arrival& arrival, Handle<Transaction> handle);
  bool acknowledges_other(const Envelope& ack, const Transaction& invite);
  bool admit(Arrival& arrival);
  void on_new_request(Arrival& arrival);
  void on_ack(const Arrival& arrival);
  void on_cancel(Arrival& arrival);
  void on_response(Arrival& arrival);
  void send_held_cancel(Instant now, Handle<Transaction> handle);

  Handle<Transaction> create_server(Arrival& arrival);
  bool keep_request(Arrival& arrival, Transaction& transaction);
  [[nodiscard]] std::uint64_t merge_key_of(const Message& request, const Envelope& envelope) const;
  std::string_view tag_of_reply(const Transaction& invite);

  EngineParts& parts_;
  Responder& responder_;
  Requester& requester_;
  bool strict_;
};

}  // namespace sipring::detail
