// What the transaction user asks for: RFC 3261 sections 8.1, 8.2.6, 9.1, 13.2.2.4.
// SPDX-License-Identifier: MIT
#include <sipring/core/detail/engine_core.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/parser.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace sipring {
namespace {

using Sent = std::expected<void, SendError>;
using Kind = Transaction::Kind;

std::unexpected<SendError> refuse(SendError error) {
  return std::unexpected(error);
}

SendError as_send_error(WriteError error) {
  return error == WriteError::too_large ? SendError::too_large : SendError::no_buffers;
}

Event event_of_sending(int status) {
  return status < 200 ? Event::send_1xx : status < 300 ? Event::send_2xx : Event::send_300_699;
}

// RFC 4320 section 4: a non-INVITE request gets no provisional but 100, and never a 408.
bool is_forbidden(std::uint16_t status, const Transaction& transaction) {
  return !transaction.is_invite() && ((status > 100 && status < 200) || status == 408);
}

// Transmit::order of requests with this Call-ID; others may have the same. Its ends tell most
// apart.
std::uint32_t order_of(std::string_view call_id) {
  std::uint64_t ends[2] = {};
  const std::size_t size = std::min(call_id.size(), sizeof ends[0]);
  if (size == 0) return 0;
  std::memcpy(&ends[0], call_id.data(), size);
  std::memcpy(&ends[1], call_id.data() + call_id.size() - size, size);
  constexpr std::uint64_t odd = 0x9e37'79b9'7f4a'7c15;
  return static_cast<std::uint32_t>((ends[0] * odd ^ ends[1]) * odd >> 32);
}

bool has_to_tag(const Request& request) {
  for (const HeaderLine& line : request.headers) {
    if (!is_name_of(HeaderId::to, line.name)) continue;
    const auto to = parse_address_without_uri(line.value);
    return to && !to->tag.empty();
  }
  return false;
}

}  // namespace

Sent Engine::Core::respond(Instant now, Handle<Transaction> handle, const Response& response) {
  Transaction* transaction = transactions.find(handle);
  if (transaction == nullptr || !transaction->is_server()) {
    return refuse(SendError::stale_transaction);
  }
  if (!is_writable(response)) return refuse(SendError::malformed_header);
  if (is_forbidden(response.status, *transaction)) return refuse(SendError::forbidden_status);
  if (transaction->answered) return refuse(SendError::wrong_state);
  if (!outbox.has_room()) return refuse(SendError::outputs_full);

  Written bytes = write_reply(now, *transaction, response, handle == current_);
  if (!bytes) return refuse(as_send_error(bytes.error()));
  transaction->reply = std::move(*bytes);
  if (response.status >= 200) {
    transaction->answered = true;
    transaction->request.reset();
  }
  transactions.step(now, handle, event_of_sending(response.status));
  return {};
}

// From the message that is being handled, while its octets are there; later from the copy that was
// kept.
Written Engine::Core::write_reply(Instant now, const Transaction& transaction,
                                  const Response& response, bool is_current) {
  const Message* request_message = &message_;
  bool has_tag = is_current && !envelope_.to_tag.empty();
  std::span<const Edit> via_edits;
  if (is_current) {
    via_edits = stamp_->edits();
  } else {
    parse_stored(*transaction.request);
    request_message = &stored_;
    has_tag = !stored_to_tag().empty();
  }
  HexText own_tag;
  std::string_view tag;
  if (!has_tag && response.status != 100) {
    tag = response.to_tag;
    if (tag.empty()) tag = (own_tag = make_tag(transaction.key, mark)).view();
  }
  if (oc_server) [[unlikely]] {
    const auto via = parse_via(request_message->first(HeaderId::via).value_or(""));
    SIPRING_ASSERT(via.has_value());  // it has been parsed before
    return write_telling(now, {*via, transaction.peer.ip}, *request_message, via_edits, tag,
                         response);
  }
  return writer.response(*request_message, via_edits, tag, server, response);
}

void Engine::Core::parse_stored(const Buffer& buffer) {
  const bool parsed = parse(buffer.view(), stored_, no_limits).has_value();
  SIPRING_ASSERT(parsed);  // it has been parsed before, or we wrote it
}

std::string_view Engine::Core::stored_to_tag() const {
  const auto to = parse_address_without_uri(stored_.first(HeaderId::to).value_or(""));
  return to ? to->tag : std::string_view{};
}

Sent Engine::Core::repeat_response(Instant now, Handle<Transaction> handle) {
  const Transaction* transaction = transactions.find(handle);
  if (transaction == nullptr || !transaction->is_server()) {
    return refuse(SendError::stale_transaction);
  }
  if (!transaction->is_invite() || transaction->state != State::accepted) {
    return refuse(SendError::wrong_state);
  }
  if (!outbox.has_room()) return refuse(SendError::outputs_full);
  ++counters.retransmissions_sent;
  transactions.step(now, handle, Event::send_2xx);
  return {};
}

std::expected<std::uint32_t, SendError> Engine::Core::check(const Request& request) const {
  if (!is_writable(request)) return refuse(SendError::malformed_header);
  if (!outbox.has_room()) return refuse(SendError::outputs_full);
  bool from = false, to = false, call_id = false, cseq = false;
  std::uint32_t order = 0;
  for (const HeaderLine& line : request.headers) {
    from |= is_name_of(HeaderId::from, line.name);
    to |= is_name_of(HeaderId::to, line.name);
    if (is_name_of(HeaderId::call_id, line.name)) {
      call_id = true;
      order = order_of(line.value);
    } else if (is_name_of(HeaderId::cseq, line.name)) {
      const Parsed<CSeq> value = parse_cseq(line.value);
      if (!value || value->method_name != request.method) {
        return refuse(SendError::malformed_header);
      }
      cseq = true;
    }
  }
  if (!from || !to || !call_id || !cseq) return refuse(SendError::missing_header);
  return order;
}

std::expected<Handle<Transaction>, SendError> Engine::Core::send(Instant now,
                                                                 const Request& request,
                                                                 std::uint64_t user) {
  const auto order = check(request);
  if (!order) return refuse(order.error());
  if (oc_client && !oc_client->admits(now, request.destination, precedence_of(request))) {
    return refuse(SendError::overloaded_peer);
  }
  if (!transactions.has_room(false) && !(transactions.has_room(true) && has_to_tag(request)))
    return refuse(SendError::no_transactions);
  const HexText branch = make_branch(branch_seed, mark, ++branches_made_);
  const TransactionKey key = client_key(seed, branch.view(), request.method);
  transactions.expect(key);
  const Written bytes = writer.request(branch.view(), request, via_parameters());
  if (!bytes) return refuse(as_send_error(bytes.error()));
  const bool invite = request.method == "INVITE";
  const Handle<Transaction> handle = transactions.create(now, [&] {
    return Transaction{.key = key,
                       .request = *bytes,
                       .peer = request.destination,
                       .flow = request.flow,
                       .user = user,
                       .kind = invite ? Kind::invite_client : Kind::client};
  });
  if (!handle) return refuse(SendError::no_transactions);
  transactions.start(now, handle);
  outbox.transmit(*bytes, request.destination, request.flow, *order, handle);
  return handle;
}

Sent Engine::Core::send_stateless(const Request& request) {
  const auto order = check(request);
  if (!order) return refuse(order.error());
  const HexText branch = make_branch(branch_seed, mark, ++branches_made_);
  Written bytes = writer.request(branch.view(), request, via_parameters());
  if (!bytes) return refuse(as_send_error(bytes.error()));
  outbox.transmit(std::move(*bytes), request.destination, request.flow, *order, {});
  return {};
}

Sent Engine::Core::cancel(Instant now, Handle<Transaction> handle) {
  Transaction* invite = transactions.find(handle);
  if (invite == nullptr || invite->kind != Kind::invite_client) {
    return refuse(SendError::stale_transaction);
  }
  const bool open = invite->state == State::calling || invite->state == State::proceeding;
  if (!open || invite->cancelled) return refuse(SendError::wrong_state);
  invite->cancel_wanted = true;
  if (invite->state == State::calling) return {};  // section 9.1: not before a provisional
  transactions.start_timer_b(now, handle);  // the INVITE ends, whatever becomes of the CANCEL
  if (!outbox.has_room()) return refuse(SendError::outputs_full);
  if (!transactions.has_room(true)) return refuse(SendError::no_transactions);

  parse_stored(*invite->request);
  const Parsed<Via> via = parse_via(stored_.first(HeaderId::via).value_or(""));
  SIPRING_ASSERT(via.has_value());
  const Written bytes = writer.cancel(stored_);
  if (!bytes) return refuse(as_send_error(bytes.error()));
  const Handle<Transaction> created = transactions.create(now, [&] {
    return Transaction{.key = client_key(seed, via->branch, "CANCEL"),
                       .request = *bytes,
                       .peer = invite->peer,
                       .flow = invite->flow,
                       .kind = Kind::client,
                       .quiet = true};
  });
  if (!created) return refuse(SendError::no_transactions);
  transactions.start(now, created);
  invite->cancelled = true;
  outbox.transmit(*bytes, invite->peer, invite->flow,
                  order_of(stored_.first(HeaderId::call_id).value_or("")), created);
  return {};
}

Sent Engine::Core::set_timer_c(Instant now, Handle<Transaction> handle, Duration after) {
  const Transaction* invite = transactions.find(handle);
  if (invite == nullptr || invite->kind != Kind::invite_client) {
    return refuse(SendError::stale_transaction);
  }
  if (after != Duration{} && after <= timer_c_is_above) return refuse(SendError::forbidden_timer);
  const bool open = invite->state == State::calling || invite->state == State::proceeding;
  if (!open || invite->cancel_wanted) return refuse(SendError::wrong_state);
  transactions.set_timer_c(now, handle, after);
  return {};
}

std::optional<TransactionStatus> Engine::Core::status(Handle<Transaction> handle) {
  const Transaction* transaction = transactions.find(handle);
  if (transaction == nullptr) return std::nullopt;
  return TransactionStatus{.kind = transaction->kind,
                           .state = transaction->state,
                           .cancelled = transaction->cancelled,
                           .peer = transaction->peer,
                           .flow = transaction->flow,
                           .user = transaction->user};
}

const Message* Engine::Core::request(Handle<Transaction> handle) {
  Transaction* transaction = transactions.find(handle);
  if (transaction == nullptr || !transaction->is_server() || transaction->answered) return nullptr;
  if (handle == current_) return &message_;
  parse_stored(*transaction->request);
  return &stored_;
}

bool Engine::Core::attach(Handle<Transaction> handle, std::uint64_t user) {
  Transaction* transaction = transactions.find(handle);
  if (transaction == nullptr) return false;
  transaction->user = user;
  return true;
}

}  // namespace sipring
