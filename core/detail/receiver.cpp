// SPDX-License-Identifier: MIT
#include <sipring/core/detail/receiver.h>

#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/parse_limits.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/message/validate.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace sipring::detail {
namespace {

using Kind = Transaction::Kind;

bool only_line_ends(std::string_view bytes) {
  if (!bytes.empty() && bytes.front() > ' ') return false;  // nearly always
  return bytes.find_first_not_of("\r\n") == std::string_view::npos;
}

[[maybe_unused]] bool can_read_padding(std::string_view bytes) {
  const volatile char* const padding = bytes.data() + bytes.size();
  for (std::size_t i = 0; i < readable_padding; ++i) (void)padding[i];
  return true;
}

}  // namespace

void Receiver::receive(Instant now, const Received& received, bool is_wanted) {
  finish_arrival();
  ++parts_.counters.messages_received;
  if (!parts_.outbox.has_room()) return parts_.drop(DropReason::overload);
  SIPRING_VERIFY(can_read_padding(received.bytes));
  Arrival& arrival = parts_.arrival;
  arrival.received = received;
  arrival.at = now;
  arrival.is_wanted = is_wanted;
  if (only_line_ends(received.bytes)) return parts_.drop(DropReason::keep_alive);
  const Parsed<void> parsed = parse(received.bytes, arrival.message, parts_.limits.parse);
  if (!parsed) return responder_.reject_malformed(Refusal(parsed.error().code));
  if (strict_ && is_refused_strictly(arrival.message)) return;
  arrival.message.is_request() ? on_request(arrival) : on_response(arrival);
}

// A response that lacks what its status asks for ends its transaction all the same (RFC 3261
// section 17.1): it is known what it means, if not more (section 8.1.3.2).
bool Receiver::is_refused_strictly(const Message& message) {
  std::array<Finding, 16> findings;
  const std::size_t count = std::min(validate(message, findings), findings.size());
  for (const Finding& finding : std::span(findings).first(count)) {
    const bool is_absence = finding.error.code == ParseErrorCode::missing_header ||
                            finding.forgiven == Forgiveness::missing_to_tag;
    if (is_absence && !message.is_request()) continue;
    responder_.reject_malformed(finding.refusal());
    return true;
  }
  return false;
}

void Receiver::on_request(Arrival& arrival) {
  parts_.counters.received.count_request(arrival.message.method());
  if (!read_request(arrival)) return;
  if (const Handle<Transaction> handle = parts_.transactions.find(arrival.key)) {
    return on_known(arrival, handle);
  }
  parts_.transactions.make_room(arrival.at);
  if (parts_.overload.is_guarding(arrival) && !admit(arrival)) return;
  if (arrival.is_ack()) return on_ack(arrival);
  if (arrival.is_cancel()) return on_cancel(arrival);
  on_new_request(arrival);
}

// What a transaction is found by, and where its answer goes. False: it has been dealt with. The
// tables are cold memory: each is fetched while there is something else to read.
bool Receiver::read_request(Arrival& arrival) {
  const Message& message = arrival.message;
  Envelope& envelope = arrival.envelope;
  const auto malformed = [&] {
    responder_.reject_malformed(Refusal(envelope.error.header, envelope.error.error.code));
    return false;
  };
  if (!read_top_via(message, envelope)) return malformed();
  const bool is_rfc2543 = !has_magic_cookie(envelope.via.branch);  // its key needs all the rest
  if (!is_rfc2543) {
    arrival.key = server_key(parts_.seed, envelope.via, message.method_name());
    parts_.transactions.prefetch(arrival.key);
  }
  if (!read_cseq(message, envelope) || !read_names(message, envelope)) return malformed();
  arrival.merge_key = merge_key_of(message, envelope);
  if (arrival.merge_key != 0) parts_.transactions.merged().prefetch(arrival.merge_key);
  read_request_uri(message, envelope);
  if (is_rfc2543) {
    arrival.key = server_key(parts_.seed, message, envelope, message.method_name());
  }
  if (envelope.cseq.method_name != message.method_name()) {
    const Response response{.status = 400, .reason = "CSeq Method Differs From The Request's"};
    responder_.reject_malformed(response, DropReason::bad_request);
    return false;
  }
  const std::optional<ResponseRoute> route = response_route(envelope.via, arrival.received);
  if (!route) {
    parts_.drop(DropReason::no_response_route);
    return false;
  }
  arrival.route = *route;
  arrival.merged = arrival.merge_key != 0 && parts_.transactions.has_merged(arrival.merge_key);
  return true;
}

void Receiver::on_known(const Arrival& arrival, Handle<Transaction> handle) {
  Counters& counters = parts_.counters;
  const bool is_ack = arrival.is_ack();
  const Transaction& known = *parts_.transactions.find(handle);
  if (is_ack && acknowledges_other(arrival.envelope, known)) return on_ack(arrival);
  const std::uint64_t sent_before = counters.messages_sent;
  if (known.is_rewritten) responder_.rewrite(handle, known);
  const Event event = is_ack ? Event::ack : Event::request;
  const bool expected = parts_.transactions.step(arrival.at, handle, event, &arrival);
  if (is_ack) {
    if (!expected) parts_.drop(DropReason::stray_ack);
    return;
  }
  ++counters.retransmissions_received;
  counters.retransmissions_sent += counters.messages_sent - sent_before;  // the last response again
}

// Section 17.2.3: the ACK of an RFC 2543 client matches by its To tag, too, where it has one. With
// a branch that is no question.
bool Receiver::acknowledges_other(const Envelope& ack, const Transaction& invite) {
  if (has_magic_cookie(ack.via.branch) || ack.to_tag.empty()) return false;
  const std::string_view tag = tag_of_reply(invite);
  return !tag.empty() && tag != ack.to_tag;
}

// What merged requests would share with this one; 0: there are none.
std::uint64_t Receiver::merge_key_of(const Message& request, const Envelope& envelope) const {
  if (request.method() == Method::ack || request.method() == Method::cancel) return 0;
  return parts_.transactions.merged().key_of(parts_.seed, envelope);
}

// Whether a request that would begin a transaction may do so. Where not, it has been dealt with.
// Clients that know overload control are told how much to send, and need no Retry-After, which
// would silence them altogether; the others get none then either (RFC 7339 section 5.10.2).
bool Receiver::admit(Arrival& arrival) {
  using AdmissionVerdict = OverloadControl::Admission::Verdict;
  const auto admission = parts_.overload.admit(arrival, parts_.transactions.size());
  switch (admission.verdict) {
    case AdmissionVerdict::admitted: return true;
    case AdmissionVerdict::shed: responder_.shed(admission.reason); break;
    case AdmissionVerdict::refused:
      parts_.overload.server() != nullptr ? responder_.reject({.status = 503}, admission.reason)
                                          : responder_.shed(admission.reason);
      break;
    case AdmissionVerdict::left: parts_.drop(admission.reason); break;
  }
  return false;
}

void Receiver::on_new_request(Arrival& arrival) {
  if (!arrival.envelope.request_uri) {
    const Response response{.status = 400, .reason = "Malformed Request-URI"};
    return responder_.reject(response, DropReason::bad_request);
  }
  if (arrival.merged) return responder_.reject({.status = 482}, DropReason::merged);
  const Handle<Transaction> handle = create_server(arrival);
  if (!handle) return responder_.shed();
  if (arrival.message.method() == Method::invite) ++parts_.counters.invites_received;
  parts_.outbox.push(
      RequestReceived{handle, &arrival.message, &arrival.envelope, &arrival.received});
}

// An ACK for a 2xx is a request of its own, without a transaction (section 13.2.2.4).
void Receiver::on_ack(const Arrival& arrival) {
  parts_.outbox.push(RequestReceived{{}, &arrival.message, &arrival.envelope, &arrival.received});
}

// The tag with which the INVITE has been answered, which the CANCEL's 200 should have too.
std::string_view Receiver::tag_of_reply(const Transaction& invite) {
  if (!invite.reply) return {};
  parts_.parse_stored(*invite.reply);
  return parts_.stored_to_tag();
}

// Section 9.2: the CANCEL is answered here; the INVITE's user is told.
void Receiver::on_cancel(Arrival& arrival) {
  Transactions& transactions = parts_.transactions;
  const TransactionKey invite_key =
      server_key(parts_.seed, arrival.message, arrival.envelope, "INVITE");
  const Handle<Transaction> invite = transactions.find(invite_key);
  if (!invite) ++parts_.counters[DropReason::stray_cancel];
  // Has the tag, and stays should the INVITE make way for our answer.
  const Ref<Buffer> reply = invite ? transactions.find(invite)->reply : Ref<Buffer>{};
  const Handle<Transaction> handle = create_server(arrival);
  if (!handle) return responder_.shed();
  const HexText tag = make_tag(invite_key, parts_.mark);
  const std::string_view given = invite ? tag_of_reply(*transactions.find(invite)) : "";
  const Response response{.status = static_cast<std::uint16_t>(invite ? 200 : 481),
                          .to_tag = given.empty() ? tag.view() : given};
  if (!responder_.respond(arrival.at, handle, response)) {  // no buffer: it will come again
    arrival.transaction = {};
    return transactions.discard(handle);
  }
  Transaction* cancelled = invite ? transactions.find(invite) : nullptr;
  if (cancelled == nullptr || cancelled->state != State::proceeding || cancelled->cancelled) return;
  cancelled->cancelled = true;
  parts_.outbox.push(Cancelled{invite, cancelled->attached});
}

// The request stays where it is: one that is answered before its outputs are taken is never copied.
Handle<Transaction> Receiver::create_server(Arrival& arrival) {
  if (!parts_.transactions.has_room(arrival.is_within_dialog())) return {};
  arrival.stamp.emplace(arrival.envelope.via, arrival.route, arrival.received.source,
                        parts_.keep_answer());
  const bool invite = arrival.message.method() == Method::invite;
  arrival.transaction = parts_.transactions.create(arrival.at, [&] {
    return Transaction{.key = arrival.key,
                       .peer = arrival.route.destination,
                       .flow = arrival.received.flow,
                       .merge_key = arrival.merge_key,
                       .kind = invite ? Kind::invite_server : Kind::server,
                       .quiet = arrival.is_cancel(),
                       .source = arrival.source};
  });
  Sources* const sources = parts_.overload.sources();
  if (arrival.transaction && sources != nullptr) sources->hold(arrival.source);
  return arrival.transaction;
}

// A request that can neither be kept nor has been answered: as if there had been no room for it
// from the start, but that its user knows of it.
bool Receiver::finish_arrival() {
  Arrival& arrival = parts_.arrival;
  if (!arrival.transaction) return false;
  const Handle<Transaction> handle = std::exchange(arrival.transaction, {});
  Transaction* transaction = parts_.transactions.find(handle);
  if (transaction == nullptr || transaction->answered) return false;
  if (!keep_request(arrival, *transaction)) {
    responder_.shed();
    parts_.transactions.abandon(handle);
    return true;
  }
  parts_.transactions.start(arrival.at, handle);
  return !parts_.outbox.empty();  // word of what made way for it
}

// With its top Via stamped: later responses need no more than that. False when the buffers are used
// up.
bool Receiver::keep_request(Arrival& arrival, Transaction& transaction) {
  if (transaction.request) return true;
  Written request = parts_.write(
      arrival.at, [&] { return parts_.writer.copy(arrival.message, arrival.stamp->edits()); });
  if (!request) return false;
  transaction.request = std::move(*request);
  return true;
}

}  // namespace sipring::detail
