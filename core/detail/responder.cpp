// SPDX-License-Identifier: MIT
#include <sipring/core/detail/responder.h>

#include <sipring/core/message/header/via.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/overload/detail/oc_stamp.h>
#include <sipring/pools/assert.h>

#include <charconv>
#include <utility>

namespace sipring::detail {
namespace {

Event event_of_sending(int status) {
  return status < 200 ? Event::send_1xx : status < 300 ? Event::send_2xx : Event::send_300_699;
}

// RFC 4320 section 4: a non-INVITE request gets no provisional but 100, and never a 408.
bool is_forbidden(std::uint16_t status, const Transaction& transaction) {
  return !transaction.is_invite() && ((status > 100 && status < 200) || status == 408);
}

// What follows from a response that has been written.
void deliver(EngineParts& parts, Instant now, Handle<Transaction> handle, Transaction& transaction,
             std::uint16_t status, Ref<Buffer> bytes) {
  transaction.reply = std::move(bytes);
  if (status >= 200) {
    transaction.answered = true;
    transaction.request.reset();
  }
  parts.transactions.step(now, handle, event_of_sending(status));
}

// All else that a response has is in its request.
bool has_own_text(const Response& response) {
  return (response.headers.size() | response.body.size() | response.reason.size() |
          response.to_tag.size()) != 0;
}

}  // namespace

Sent Responder::respond(Instant now, Handle<Transaction> handle, const Response& response) {
  Transaction* const transaction = parts_.transactions.find(handle);
  if (transaction == nullptr || !transaction->is_server()) {
    return refuse(SendError::stale_transaction);
  }
  if (!is_writable(response)) return refuse(SendError::malformed_header);
  if (is_forbidden(response.status, *transaction)) return refuse(SendError::forbidden_status);
  if (transaction->answered) return refuse(SendError::wrong_state);
  if (!parts_.outbox.has_room()) return refuse(SendError::outputs_full);

  Written bytes = parts_.write(now, [&] {
    return handle == parts_.arrival.transaction ? write_from_arrival(now, *transaction, response)
                                                : write_from_kept(now, *transaction, response);
  });
  if (!bytes) return refuse(as_send_error(bytes.error()));
  const bool forgets = !has_own_text(response) && rewrites(*transaction, response);
  deliver(parts_, now, handle, *transaction, response.status, std::move(*bytes));
  if (forgets) transaction->reply.reset();
  return {};
}

// Whether a final response without a text of its own will be written again when its request comes
// again. Not an INVITE's: it is sent without being asked for. What tells of overload changes. Over
// a reliable transport no request comes again, and the transaction is over when it is answered.
bool Responder::rewrites(Transaction& transaction, const Response& response) {
  if (transaction.is_invite() || response.status < 200) return false;
  if (is_reliable(transaction.peer.transport) || parts_.overload.server() != nullptr) return false;
  const auto block = blocks_.number_of(response.block);
  if (!block) return false;
  transaction.is_rewritten = true;
  transaction.of_kind.rewritten = {.status = static_cast<std::uint16_t>(response.status & 1023),
                                   .block = static_cast<std::uint16_t>(*block & 63)};
  return true;
}

// No buffer for it is as if it were lost: the request comes again.
void Responder::rewrite(Handle<Transaction> handle, const Transaction& transaction) {
  const Arrival& arrival = parts_.arrival;
  const Transaction::Rewritten rewritten = transaction.of_kind.rewritten;
  const ViaStamp stamp(arrival.envelope.via, arrival.route, arrival.received.source,
                       parts_.keep_answer());
  const bool has_tag = !arrival.envelope.to_tag.empty();
  Written bytes = write(
      arrival.at, {arrival.message, stamp.edits(), transaction.peer.ip, transaction.key, has_tag},
      {.status = rewritten.status, .block = blocks_.at(rewritten.block)});
  if (!bytes) return;
  parts_.outbox.transmit(std::move(*bytes), transaction.peer, transaction.flow,
                         transaction.key.lane(), handle);
}

// While the octets of the request are there.
Written Responder::write_from_arrival(Instant now, const Transaction& transaction,
                                      const Response& response) {
  const Arrival& arrival = parts_.arrival;
  const bool has_tag = !arrival.envelope.to_tag.empty();
  return write(
      now, {arrival.message, arrival.stamp->edits(), transaction.peer.ip, transaction.key, has_tag},
      response);
}

// Later: from the copy that was kept, whose Via has been stamped.
Written Responder::write_from_kept(Instant now, const Transaction& transaction,
                                   const Response& response) {
  const Message& request = parts_.parse_stored(*transaction.request);
  const bool has_tag = !parts_.stored_to_tag().empty();
  return write(now, {request, {}, transaction.peer.ip, transaction.key, has_tag}, response);
}

Written Responder::write(Instant now, const Frame& frame, const Response& response) {
  HexText own_tag;
  std::string_view tag;
  if (!frame.has_tag && response.status != 100) {
    tag = response.to_tag;
    if (tag.empty()) tag = (own_tag = make_tag(frame.key, parts_.mark)).view();
  }
  OcServer* const oc = parts_.overload.server();
  if (oc == nullptr) [[likely]] {
    return parts_.writer.response(frame.request, frame.via_edits, tag, server_, response);
  }
  const auto via = parse_via(frame.request.first(HeaderId::via).value_or(""));
  const std::string_view parameters = via ? via->parameters : std::string_view{};
  const OcStamp stamp(parameters, frame.via_edits, now, frame.client, *oc);
  return parts_.writer.response(frame.request, stamp.edits(), tag, server_, response);
}

Sent Responder::repeat(Instant now, Handle<Transaction> handle) {
  const Transaction* transaction = parts_.transactions.find(handle);
  if (transaction == nullptr || !transaction->is_server()) {
    return refuse(SendError::stale_transaction);
  }
  if (!transaction->is_invite() || transaction->state != State::accepted) {
    return refuse(SendError::wrong_state);
  }
  if (!parts_.outbox.has_room()) return refuse(SendError::outputs_full);
  ++parts_.counters.retransmissions_sent;
  parts_.transactions.step(now, handle, Event::send_2xx);
  return {};
}

// Its end may be an output, should somebody have something attached to it.
void Responder::acknowledged(Instant now, Handle<Transaction> handle) {
  const Transaction* transaction = parts_.transactions.find(handle);
  if (transaction == nullptr || transaction->state != State::accepted) return;
  if (transaction->attached != 0 && !parts_.outbox.has_room()) return;  // timer L runs on
  parts_.transactions.step(now, handle, Event::acknowledged);
}

// RFC 6026 section 7.1: every 2xx of an INVITE goes on, whichever callee it is from.
Sent Responder::forward(Instant now, Handle<Transaction> handle, MessageEdit& response) {
  Transaction* const transaction = parts_.transactions.find(handle);
  if (transaction == nullptr || !transaction->is_server()) {
    return refuse(SendError::stale_transaction);
  }
  if (response.message().is_request()) return refuse(SendError::malformed_header);
  const auto status = static_cast<std::uint16_t>(response.message().status());
  if (is_forbidden(status, *transaction)) return refuse(SendError::forbidden_status);
  const bool is_another =
      transaction->is_invite() && transaction->state == State::accepted && status / 100 == 2;
  if (transaction->answered && !is_another) return refuse(SendError::wrong_state);
  if (!parts_.outbox.has_room()) return refuse(SendError::outputs_full);

  auto bytes = write_forwarded(now, *transaction, response);
  if (!bytes) return refuse(bytes.error());
  if (!is_another) {
    deliver(parts_, now, handle, *transaction, status, std::move(*bytes));
  } else {
    parts_.outbox.transmit(std::move(*bytes), transaction->peer, transaction->flow,
                           transaction->key.lane(), handle);
  }
  return {};
}

// Section 16.7 item 3: without our Via; another must be left, which leads to the client.
std::expected<Ref<Buffer>, SendError> Responder::write_forwarded(Instant now,
                                                                 const Transaction& transaction,
                                                                 MessageEdit& response) {
  response.pop_via();
  if (is_reliable(transaction.peer.transport)) response.content_length();
  Built bytes = response.write(parts_.buffers);
  if (!bytes) return refuse(as_send_error(bytes.error()));
  if ((*bytes)->size() > parts_.limits.message_bytes) return refuse(SendError::too_large);
  const Message& written = parts_.stored;
  if (!parse((*bytes)->view(), parts_.stored, no_limits)) return refuse(SendError::too_large);
  if (!written.first(HeaderId::via)) return refuse(SendError::missing_header);
  Envelope envelope;
  if (!answers(transaction, envelope)) return refuse(SendError::malformed_header);
  OcServer* const oc = parts_.overload.server();
  if (oc == nullptr) [[likely]]
    return *bytes;
  const OcStamp stamp(envelope.via.parameters, {}, now, transaction.peer.ip, *oc);
  Written told = parts_.writer.copy(parts_.parse_stored(**bytes), stamp.edits());
  if (!told) return refuse(as_send_error(told.error()));
  return *told;
}

// Whether the client will take what is in `stored` for an answer to this transaction's request
// (sections 17.1.3, 17.2.3). What has been mangled on its way would end the choice and get nowhere.
// An RFC 2543 client compares more than its Via, and more than a response has is in the key: then
// it is what was kept that tells.
bool Responder::answers(const Transaction& transaction, Envelope& envelope) {
  const Message& response = parts_.stored;
  if (!read_top_via(response, envelope) || !read_cseq(response, envelope)) return false;
  if (has_magic_cookie(envelope.via.branch)) {
    return server_key(parts_.seed, envelope.via, envelope.cseq.method_name) == transaction.key;
  }
  const Ref<Buffer>& kept = transaction.request ? transaction.request : transaction.reply;
  Envelope own;
  if (!kept || !read_names(response, envelope)) return false;
  if (!read_envelope(parts_.parse_stored(*kept), own)) return false;
  return envelope.via.branch == own.via.branch && envelope.via.host == own.via.host &&
         envelope.via.port == own.via.port && envelope.from_tag == own.from_tag &&
         envelope.call_id == own.call_id && envelope.cseq.number == own.cseq.number &&
         envelope.cseq.method_name == own.cseq.method_name;
}

void Responder::reject(const Response& response, DropReason reason) {
  parts_.drop(reason);
  const Arrival& arrival = parts_.arrival;
  if (arrival.is_ack()) return;
  const ViaStamp stamp(arrival.envelope.via, arrival.route, arrival.received.source,
                       parts_.keep_answer());
  const bool has_tag = !arrival.envelope.to_tag.empty();
  Written bytes = write(
      arrival.at,
      {arrival.message, stamp.edits(), arrival.received.source.ip, arrival.key, has_tag}, response);
  if (!bytes) return;
  parts_.outbox.transmit(std::move(*bytes), arrival.route.destination, arrival.received.flow,
                         arrival.key.lane(), {});
}

void Responder::shed(DropReason reason) {
  char digits[12];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, parts_.limits.retry_after_seconds).ptr;
  const HeaderLine retry_after[] = {{"Retry-After", {digits, end}}};
  reject({.status = 503, .headers = retry_after}, reason);
}

void Responder::reject_malformed(const Response& response, DropReason reason) {
  Arrival& arrival = parts_.arrival;
  Envelope& envelope = arrival.envelope;
  envelope = {};
  const Message& message = arrival.message;
  if (!message.is_request()) return parts_.drop(DropReason::malformed);
  if (!read_top_via(message, envelope) && !read_sent_by(message, envelope)) {
    return parts_.drop(DropReason::malformed);
  }
  (void)(read_cseq(message, envelope) && read_names(message, envelope));
  const std::optional<ResponseRoute> route = response_route(envelope.via, arrival.received);
  if (!route) return parts_.drop(DropReason::no_response_route);
  arrival.route = *route;
  arrival.key = server_key(parts_.seed, message, envelope, message.method_name());
  reject(response, reason);
}

void Responder::reject_malformed(const Refusal& refusal) {
  const DropReason reason = refusal.status() == 400   ? DropReason::bad_request
                            : refusal.status() == 505 ? DropReason::version
                                                      : DropReason::too_large;
  reject_malformed({.status = refusal.status(), .reason = refusal.reason()}, reason);
}

}  // namespace sipring::detail
