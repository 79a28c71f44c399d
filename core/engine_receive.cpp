// What the wire brings: RFC 3261 sections 8.2, 9.2, 17.1.3, 17.2.3, 18.
// SPDX-License-Identifier: MIT
#include <sipring/core/detail/engine_core.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/message/validate.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace sipring {
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

Event event_of_response(int status) {
  return status < 200 ? Event::r1xx : status < 300 ? Event::r2xx : Event::r300_699;
}

}  // namespace

void Engine::Core::receive(Instant now, const Received& received) {
  end_drain();
  ++counters.messages_received;
  if (!outbox.has_room()) return drop(DropReason::overload);
  SIPRING_VERIFY(can_read_padding(received.bytes));
  received_ = received;
  received_at_ = now;
  if (only_line_ends(received.bytes)) return drop(DropReason::keep_alive);
  if (const Parsed<void> parsed = parse(received.bytes, message_, limits.parse); !parsed) {
    return reject_malformed(received_, Refusal(parsed.error().code));
  }
  if (strict && is_refused_strictly(received_)) return;
  message_.is_request() ? on_request(now, received_) : on_response(now, received_);
}

bool Engine::Core::is_refused_strictly(const Received& received) {
  Finding finding;
  if (validate(message_, {&finding, 1}) == 0) return false;
  reject_malformed(received, finding.refusal());
  return true;
}

void Engine::Core::on_request(Instant now, const Received& received) {
  counters.received.count_request(message_.method());
  // The tables are cold memory: each is fetched while there is something else to read.
  if (!read_top_via(message_, envelope_)) return reject_malformed(received, envelope_.error);
  const bool is_rfc2543 = !has_magic_cookie(envelope_.via.branch);  // its key needs all the rest
  TransactionKey key;
  if (!is_rfc2543) {
    key = server_key(seed, envelope_.via, message_.method_name());
    transactions.expect(key);
  }
  if (!read_cseq(message_, envelope_) || !read_names(message_, envelope_)) {
    return reject_malformed(received, envelope_.error);
  }
  const std::uint64_t merge_key = expect_merged();
  read_request_uri(message_, envelope_);
  if (is_rfc2543) key = server_key(seed, message_, envelope_, message_.method_name());
  if (envelope_.cseq.method_name != message_.method_name()) {
    const Response response{.status = 400, .reason = "CSeq Method Differs From The Request's"};
    return reject_malformed(received, response, DropReason::bad_request);
  }
  const std::optional<ResponseRoute> route = response_route(envelope_.via, received);
  if (!route) return drop(DropReason::no_response_route);
  const bool merged = merge_key != 0 && transactions.has_merged(merge_key);
  const Inbound inbound{received, envelope_, *route, key, merge_key, merged};
  const Handle<Transaction> handle = transactions.find(key);
  if (handle) return on_known(now, handle, inbound);
  if (guarded_ && !admit(now, inbound)) return;
  if (message_.method() == Method::ack) return on_ack(inbound);
  if (message_.method() == Method::cancel) return on_cancel(now, inbound);
  on_new_request(inbound);
}

void Engine::Core::on_known(Instant now, Handle<Transaction> handle, const Inbound& inbound) {
  const bool is_ack = message_.method() == Method::ack;
  if (is_ack && acknowledges_other(*transactions.find(handle), inbound)) return on_ack(inbound);
  const std::uint64_t sent_before = counters.messages_sent;
  const Arrival arrival{&message_, &envelope_, &inbound.received};
  const bool expected =
      transactions.step(now, handle, is_ack ? Event::ack : Event::request, arrival);
  if (is_ack) {
    if (!expected) drop(DropReason::stray_ack);
    return;
  }
  ++counters.retransmissions_received;
  counters.retransmissions_sent += counters.messages_sent - sent_before;  // the last response again
}

// Section 17.2.3: the ACK of an RFC 2543 client matches by its To tag, too, where it has one. With
// a branch that is no question.
bool Engine::Core::acknowledges_other(const Transaction& invite, const Inbound& inbound) {
  const Envelope& ack = inbound.envelope;
  if (has_magic_cookie(ack.via.branch) || ack.to_tag.empty()) return false;
  const std::string_view tag = tag_of_reply(invite);
  return !tag.empty() && tag != ack.to_tag;
}

// What merged requests would share with this one; 0: there are none.
std::uint64_t Engine::Core::merge_key_of(const Message& request, const Envelope& envelope) const {
  if (request.method() == Method::ack || request.method() == Method::cancel) return 0;
  return transactions.merged().key_of(seed, envelope);
}

std::uint64_t Engine::Core::expect_merged() const {
  const std::uint64_t merge_key = merge_key_of(message_, envelope_);
  if (merge_key != 0) transactions.merged().expect(merge_key);
  return merge_key;
}

void Engine::Core::on_new_request(const Inbound& inbound) {
  if (!envelope_.request_uri) {
    const Response response{.status = 400, .reason = "Malformed Request-URI"};
    return reject(inbound, response, DropReason::bad_request);
  }
  if (inbound.merged) return reject(inbound, {.status = 482}, DropReason::merged);
  const Handle<Transaction> handle = create_server(inbound);
  if (!handle) return shed(inbound);
  if (message_.method() == Method::invite) ++counters.invites_received;
  outbox.push(RequestReceived{handle, &message_, &envelope_, &inbound.received});
}

// An ACK for a 2xx is a request of its own, without a transaction (section 13.2.2.4).
void Engine::Core::on_ack(const Inbound& inbound) {
  outbox.push(RequestReceived{{}, &message_, &envelope_, &inbound.received});
}

// The tag with which the INVITE has been answered, which the CANCEL's 200 should have too.
std::string_view Engine::Core::tag_of_reply(const Transaction& invite) {
  if (!invite.reply) return {};
  parse_stored(*invite.reply);
  return stored_to_tag();
}

// Section 9.2: the CANCEL is answered here; the INVITE's user is told.
void Engine::Core::on_cancel(Instant now, const Inbound& inbound) {
  const TransactionKey invite_key = server_key(seed, message_, inbound.envelope, "INVITE");
  const Handle<Transaction> invite = transactions.find(invite_key);
  if (!invite) ++counters[DropReason::stray_cancel];
  const Handle<Transaction> handle = create_server(inbound);
  if (!handle) return shed(inbound);
  const HexText tag = make_tag(invite_key, mark);
  const std::string_view given = invite ? tag_of_reply(*transactions.find(invite)) : "";
  const Response response{.status = static_cast<std::uint16_t>(invite ? 200 : 481),
                          .to_tag = given.empty() ? tag.view() : given};
  if (!respond(now, handle, response)) {  // no buffer: the CANCEL will come again
    current_ = {};
    return transactions.discard(handle);
  }
  Transaction* cancelled = invite ? transactions.find(invite) : nullptr;
  if (cancelled == nullptr || cancelled->state != State::proceeding || cancelled->cancelled) return;
  cancelled->cancelled = true;
  outbox.push(Cancelled{invite, cancelled->user});
}

bool Engine::Core::is_within_dialog(const Inbound& inbound) const {
  return !inbound.envelope.to_tag.empty() || message_.method() == Method::cancel;
}

// The request stays where it is: one that is answered before the drain ends is never copied.
Handle<Transaction> Engine::Core::create_server(const Inbound& inbound) {
  if (!transactions.has_room(is_within_dialog(inbound))) return {};
  stamp_.emplace(inbound.envelope.via, inbound.route, inbound.received.source);
  const bool invite = message_.method() == Method::invite;
  current_ = transactions.create(received_at_, [&] {
    return Transaction{.key = inbound.key,
                       .peer = inbound.route.destination,
                       .flow = inbound.received.flow,
                       .merge_key = inbound.merge_key,
                       .kind = invite ? Kind::invite_server : Kind::server,
                       .quiet = message_.method() == Method::cancel,
                       .source = source_};
  });
  if (current_ && sources) sources->hold(source_);
  return current_;
}

// With its top Via stamped: later responses need no more than that. False when the buffers are used
// up.
bool Engine::Core::keep_request(Transaction& transaction) {
  if (transaction.request) return true;
  Written request = writer.copy(message_, stamp_->edits());
  if (!request) return false;
  transaction.request = std::move(*request);
  return true;
}

// A request that can neither be kept nor has been answered: as if there had been no room for it
// from the start, but that its user knows of it.
void Engine::Core::give_up(Handle<Transaction> handle, const Transaction& transaction) {
  const std::optional<ResponseRoute> route = response_route(envelope_.via, received_);
  SIPRING_ASSERT(route);  // there was one when the transaction was made
  shed({received_, envelope_, *route, transaction.key});
  transactions.abandon(handle);
}

void Engine::Core::shed(const Inbound& inbound, DropReason reason) {
  char digits[12];
  const auto end = std::to_chars(digits, digits + sizeof digits, limits.retry_after_seconds).ptr;
  const HeaderLine retry_after[] = {{"Retry-After", {digits, end}}};
  reject(inbound, {.status = 503, .headers = retry_after}, reason);
}

// A response without a transaction (section 8.2.7). An ACK is never answered.
void Engine::Core::reject(const Inbound& inbound, const Response& response, DropReason reason) {
  drop(reason);
  if (message_.method() == Method::ack) return;
  const ViaStamp stamp(inbound.envelope.via, inbound.route, inbound.received.source);
  const HexText tag = make_tag(inbound.key, mark);
  const bool has_tag = !inbound.envelope.to_tag.empty();
  const std::string_view to_tag = has_tag ? std::string_view{} : tag.view();
  Written bytes =
      oc_server ? write_telling(received_at_, {inbound.envelope.via, inbound.received.source.ip},
                                message_, stamp.edits(), to_tag, response)
                : writer.response(message_, stamp.edits(), to_tag, server, response);
  if (bytes) {
    outbox.transmit(std::move(*bytes), inbound.route.destination, inbound.received.flow,
                    inbound.key.order(), {});
  }
}

// As far as the message could be read: without a sent-by there is nowhere to answer to.
void Engine::Core::reject_malformed(const Received& received, const Response& response,
                                    DropReason reason) {
  Envelope& envelope = envelope_;
  envelope = {};
  if (!message_.is_request()) return drop(DropReason::malformed);
  if (!read_top_via(message_, envelope) && !read_sent_by(message_, envelope)) {
    return drop(DropReason::malformed);
  }
  (void)(read_cseq(message_, envelope) && read_names(message_, envelope));
  const std::optional<ResponseRoute> route = response_route(envelope.via, received);
  if (!route) return drop(DropReason::no_response_route);
  const TransactionKey key = server_key(seed, message_, envelope, message_.method_name());
  reject({received, envelope, *route, key}, response, reason);
}

void Engine::Core::reject_malformed(const Received& received, const EnvelopeError& error) {
  reject_malformed(received, Refusal(error.header, error.error.code));
}

void Engine::Core::reject_malformed(const Received& received, const Refusal& refusal) {
  const DropReason reason = refusal.status() == 400   ? DropReason::bad_request
                            : refusal.status() == 505 ? DropReason::version
                                                      : DropReason::too_large;
  reject_malformed(received, {.status = refusal.status(), .reason = refusal.reason()}, reason);
}

void Engine::Core::on_response(Instant now, const Received& received) {
  counters.received.count_response(message_.status());
  envelope_.request_uri.reset();
  if (!read_top_via(message_, envelope_) || !read_cseq(message_, envelope_)) {
    return drop(DropReason::malformed);
  }
  const TransactionKey key = client_key(seed, envelope_.via.branch, envelope_.cseq.method_name);
  transactions.expect(key);
  if (!read_names(message_, envelope_)) return drop(DropReason::malformed);
  const Handle<Transaction> handle = transactions.find(key);
  if (!handle) return drop(DropReason::stray_response);
  if (oc_client) {
    oc_client->learn(now, transactions.find(handle)->peer, envelope_.via.parameters);
  }
  const Event event = event_of_response(message_.status());
  const bool expected = transactions.step(now, handle, event, {&message_, &envelope_, &received});
  if (!expected) return drop(DropReason::stray_response);
  send_held_cancel(now, handle);
}

void Engine::Core::send_held_cancel(Instant now, Handle<Transaction> handle) {
  const Transaction* transaction = transactions.find(handle);
  if (transaction == nullptr || !transaction->cancel_wanted || transaction->cancelled) return;
  if (transaction->state == State::proceeding) (void)cancel(now, handle);
}

void Engine::Core::transmit_failed(Instant now, Handle<Transaction> handle) {
  if (transactions.find(handle) != nullptr) transactions.step(now, handle, Event::transport_error);
}

// An ICMP error quotes the start of the message: its top Via names the transaction, its method is
// in the start line or CSeq. The ACK for a non-2xx is its INVITE's.
void Engine::Core::transport_failed(Instant now, std::string_view bytes) {
  if (!outbox.has_room()) return;
  end_drain();
  (void)parse(bytes, message_, no_limits);
  const Parsed<Via> via = parse_via(message_.first(HeaderId::via).value_or(""));
  if (!via) return;
  const Parsed<CSeq> cseq = parse_cseq(message_.first(HeaderId::cseq).value_or(""));
  const std::string_view method =
      message_.method() == Method::ack ? "INVITE" : message_.method_name();
  const TransactionKey key =
      message_.is_request()
          ? client_key(seed, via->branch, method)
          : server_key(seed, *via, cseq ? cseq->method_name : std::string_view("INVITE"));
  if (const Handle<Transaction> handle = transactions.find(key)) {
    transactions.step(now, handle, Event::transport_error);
  }
}

}  // namespace sipring
