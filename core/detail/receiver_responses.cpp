// What comes back to messages of ours: responses, and word that one was not delivered.
// SPDX-License-Identifier: MIT
#include <sipring/core/detail/receiver.h>

#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/parse_limits.h>
#include <sipring/core/message/parser.h>

namespace sipring::detail {
namespace {

Event event_of_response(int status) {
  return status < 200 ? Event::r1xx : status < 300 ? Event::r2xx : Event::r300_699;
}

}  // namespace

void Receiver::on_response(Arrival& arrival) {
  const Message& message = arrival.message;
  Envelope& envelope = arrival.envelope;
  parts_.counters.received.count_response(message.status());
  envelope.request_uri.reset();
  if (!read_top_via(message, envelope) || !read_cseq(message, envelope)) {
    return parts_.drop(DropReason::malformed);
  }
  const TransactionKey key =
      client_key(parts_.seed, envelope.via.branch, envelope.cseq.method_name);
  parts_.transactions.prefetch(key);
  if (!read_names(message, envelope)) return parts_.drop(DropReason::malformed);
  const Handle<Transaction> handle = parts_.transactions.find(key);
  if (!handle) return parts_.drop(DropReason::stray_response);
  if (OcClient* const oc = parts_.overload.client()) {
    oc->learn(arrival.at, parts_.transactions.find(handle)->peer, envelope.via.parameters);
  }
  const Event event = event_of_response(message.status());
  const bool expected = parts_.transactions.step(arrival.at, handle, event, &arrival);
  if (!expected) return parts_.drop(DropReason::stray_response);
  send_held_cancel(arrival.at, handle);
}

void Receiver::send_held_cancel(Instant now, Handle<Transaction> handle) {
  const Transaction* transaction = parts_.transactions.find(handle);
  if (transaction == nullptr || !transaction->cancel_wanted || transaction->cancelled) return;
  if (transaction->state == State::proceeding) (void)requester_.cancel(now, handle);
}

// An ICMP error quotes the start of the message: its top Via names the transaction, its method is
// in the start line or CSeq. The ACK for a non-2xx is its INVITE's.
void Receiver::transport_failed(Instant now, std::string_view bytes) {
  if (!parts_.outbox.has_room()) return;
  Message& quoted = parts_.stored;
  (void)parse(bytes, quoted, no_limits);
  const Parsed<Via> via = parse_via(quoted.first(HeaderId::via).value_or(""));
  if (!via) return;
  const Parsed<CSeq> cseq = parse_cseq(quoted.first(HeaderId::cseq).value_or(""));
  const std::string_view method = quoted.method() == Method::ack ? "INVITE" : quoted.method_name();
  const TransactionKey key =
      quoted.is_request()
          ? client_key(parts_.seed, via->branch, method)
          : server_key(parts_.seed, *via, cseq ? cseq->method_name : std::string_view("INVITE"));
  if (const Handle<Transaction> handle = parts_.transactions.find(key)) {
    parts_.transactions.step(now, handle, Event::transport_error);
  }
}

}  // namespace sipring::detail
