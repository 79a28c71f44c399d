// SPDX-License-Identifier: MIT
#include <sipring/core/detail/requester.h>

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/header_block.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/overload/detail/precedence.h>
#include <sipring/core/routing/detail/via_stamp.h>
#include <sipring/core/transaction/timers.h>
#include <sipring/pools/assert.h>

#include <optional>
#include <utility>

namespace sipring::detail {
namespace {

using Kind = Transaction::Kind;

std::string_view to_tag_of(std::string_view to) {
  const auto address = parse_address_without_uri(to);
  return address ? address->tag : std::string_view{};
}

bool has_to_tag(const Request& request) {
  for (const HeaderLine& line : request.headers) {
    if (is_name_of(HeaderId::to, line.name)) return !to_tag_of(line.value).empty();
  }
  return false;
}

// Transmit::lane of a request that has what section 8.1.1 asks for.
std::expected<std::uint32_t, SendError> check(const Request& request) {
  if (!is_writable(request)) return refuse(SendError::malformed_header);
  bool from = false, to = false, call_id = false, cseq = false;
  std::uint32_t lane = 0;
  for (const HeaderLine& line : request.headers) {
    from |= is_name_of(HeaderId::from, line.name);
    to |= is_name_of(HeaderId::to, line.name);
    if (is_name_of(HeaderId::call_id, line.name)) {
      call_id = true;
      lane = lane_of(line.value);
    } else if (is_name_of(HeaderId::cseq, line.name)) {
      const Parsed<CSeq> value = parse_cseq(line.value);
      if (!value || value->method_name != request.method) {
        return refuse(SendError::malformed_header);
      }
      cseq = true;
    }
  }
  if (!from || !to || !call_id || !cseq) return refuse(SendError::missing_header);
  return lane;
}

// The same of one that was written by somebody else.
std::expected<std::uint32_t, SendError> check(const Message& request) {
  for (const HeaderId id : {HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::call_id}) {
    if (!request.first(id)) return refuse(SendError::missing_header);
  }
  const Parsed<CSeq> cseq = parse_cseq(request.first(HeaderId::cseq).value_or(""));
  if (!cseq || cseq->method_name != request.method_name()) {
    return refuse(SendError::malformed_header);
  }
  return lane_of(*request.first(HeaderId::call_id));
}

}  // namespace

Requester::Begun Requester::send(Instant now, const Request& request, std::uint64_t attached) {
  const auto lane = check(request);
  if (!lane) return refuse(lane.error());
  if (!parts_.outbox.has_room()) return refuse(SendError::outputs_full);
  OcClient* const oc = parts_.overload.client();
  if (oc != nullptr && !oc->admits(now, request.destination, precedence_of(request))) {
    return refuse(SendError::overloaded_peer);
  }
  Transactions& transactions = parts_.transactions;
  transactions.make_room(now);
  if (!transactions.has_room(false) && !(transactions.has_room(true) && has_to_tag(request))) {
    return refuse(SendError::no_transactions);
  }
  const HexText branch = next_branch();
  const TransactionKey key = client_key(parts_.seed, branch.view(), request.method);
  Written bytes = parts_.write(
      now, [&] { return parts_.writer.request(branch.view(), request, via_parameters(request)); });
  if (!bytes) return refuse(as_send_error(bytes.error()));
  return begin(now, {std::move(*bytes), request.destination, request.flow, *lane}, key,
               request.method == "INVITE", attached);
}

std::string_view Requester::via_parameters(const Request& request) const {
  const bool offers = parts_.via_parameters.offers_keep_alives() &&
                      may_agree_on_keep_alives(method_from(request.method)) && !has_to_tag(request);
  return parts_.via_parameters.of(request.destination.transport, offers);
}

Requester::Begun Requester::begin(Instant now, const Outgoing& outgoing, const TransactionKey& key,
                                  bool is_invite, std::uint64_t attached) {
  const Handle<Transaction> handle = parts_.transactions.create(now, [&] {
    return Transaction{.key = key,
                       .request = outgoing.bytes,
                       .peer = outgoing.destination,
                       .flow = outgoing.flow,
                       .attached = attached,
                       .kind = is_invite ? Kind::invite_client : Kind::client};
  });
  if (!handle) return refuse(SendError::no_transactions);
  parts_.transactions.start(now, handle);
  parts_.outbox.transmit(outgoing.bytes, outgoing.destination, outgoing.flow, outgoing.lane,
                         handle);
  return handle;
}

Requester::Transmitted Requester::send_stateless(const Request& request) {
  const auto lane = check(request);
  if (!lane) return refuse(lane.error());
  if (!parts_.outbox.has_room()) return refuse(SendError::outputs_full);
  Written bytes = parts_.writer.request(next_branch().view(), request, via_parameters(request));
  if (!bytes) return refuse(as_send_error(bytes.error()));
  return transmit({std::move(*bytes), request.destination, request.flow, *lane});
}

Requester::Transmitted Requester::transmit(Outgoing&& outgoing) {
  Transmit message{
      std::move(outgoing.bytes), outgoing.destination, outgoing.flow, outgoing.lane, {}};
  parts_.outbox.transmit(message.bytes, message.destination, message.flow, message.lane, {});
  return message;
}

Sent Requester::send_again(const Transmit& message) {
  SIPRING_ASSERT(message.bytes);
  if (!parts_.outbox.has_room()) return refuse(SendError::outputs_full);
  ++parts_.counters.retransmissions_sent;
  parts_.outbox.transmit(message.bytes, message.destination, message.flow, message.lane, {});
  return {};
}

Requester::Begun Requester::forward(Instant now, MessageEdit& request, const NextHop& hop,
                                    std::uint64_t attached) {
  const Message& message = request.message();
  const std::string_view to_tag = to_tag_of(message.first(HeaderId::to).value_or(""));
  OcClient* const oc = parts_.overload.client();
  if (oc != nullptr && !oc->admits(now, hop.destination, precedence_of(message, to_tag))) {
    return refuse(SendError::overloaded_peer);
  }
  parts_.transactions.make_room(now);
  if (!parts_.transactions.has_room(!to_tag.empty())) return refuse(SendError::no_transactions);
  const HexText branch = next_branch();
  const auto outgoing = write_forwarded(request, hop, branch.view());
  if (!outgoing) return refuse(outgoing.error());
  const Message& written = parts_.stored;
  return begin(now, *outgoing, client_key(parts_.seed, branch.view(), written.method_name()),
               written.method() == Method::invite, attached);
}

Requester::Transmitted Requester::forward_stateless(MessageEdit& request, const NextHop& hop) {
  auto outgoing = write_forwarded(request, hop, next_branch().view());
  if (!outgoing) return refuse(outgoing.error());
  return transmit(std::move(*outgoing));
}

// It is parsed again, into `stored`: an ACK or a CANCEL has to be made from it, whatever its user
// has changed. That it has too many header fields now is the only reason not to succeed.
std::expected<Requester::Outgoing, SendError> Requester::write_forwarded(MessageEdit& request,
                                                                         const NextHop& hop,
                                                                         std::string_view branch) {
  if (!request.message().is_request()) return refuse(SendError::malformed_header);
  if (!parts_.outbox.has_room()) return refuse(SendError::outputs_full);
  std::optional<ViaStamp> stamp;
  const Arrival& arrival = parts_.arrival;
  if (&request.message() == &arrival.message) {  // a copy that was kept has its stamp
    stamp.emplace(arrival.envelope.via, arrival.route, arrival.received.source,
                  parts_.keep_answer());
    request.stamp_via(stamp->edits());
  }
  // Section 16.6 item 8.
  request.via(hop.destination.transport, hop.sent_by, branch,
              parts_.via_parameters.of(hop.destination.transport, false));
  if (is_reliable(hop.destination.transport)) request.content_length();
  Built bytes = request.write(parts_.buffers);
  if (!bytes) return refuse(as_send_error(bytes.error()));
  if ((*bytes)->size() > parts_.limits.message_bytes) return refuse(SendError::too_large);
  if (!parse((*bytes)->view(), parts_.stored, no_limits)) return refuse(SendError::too_large);
  const auto lane = check(parts_.stored);
  if (!lane) return refuse(lane.error());
  return Outgoing{std::move(*bytes), hop.destination, hop.flow, *lane};
}

Sent Requester::cancel(Instant now, Handle<Transaction> handle) {
  Transaction* invite = parts_.transactions.find(handle);
  if (invite == nullptr || invite->kind != Kind::invite_client) {
    return refuse(SendError::stale_transaction);
  }
  const bool open = invite->state == State::calling || invite->state == State::proceeding;
  if (!open || invite->cancelled) return refuse(SendError::wrong_state);
  invite->cancel_wanted = true;
  if (invite->state == State::calling) return {};  // section 9.1: not before a provisional
  parts_.transactions.start_timer_b(now, handle);  // it ends, whatever becomes of the CANCEL
  if (!parts_.outbox.has_room()) return refuse(SendError::outputs_full);
  parts_.transactions.make_room(now);
  if (!parts_.transactions.has_room(true)) return refuse(SendError::no_transactions);
  return send_cancel(now, *invite);
}

Sent Requester::send_cancel(Instant now, Transaction& invite) {
  const Message& request = parts_.parse_stored(*invite.request);
  const Parsed<Via> via = parse_via(request.first(HeaderId::via).value_or(""));
  SIPRING_ASSERT(via.has_value());
  const Written bytes = parts_.writer.cancel(request);
  if (!bytes) return refuse(as_send_error(bytes.error()));
  const Handle<Transaction> created = parts_.transactions.create(now, [&] {
    return Transaction{.key = client_key(parts_.seed, via->branch, "CANCEL"),
                       .request = *bytes,
                       .peer = invite.peer,
                       .flow = invite.flow,
                       .kind = Kind::client,
                       .quiet = true};
  });
  if (!created) return refuse(SendError::no_transactions);
  parts_.transactions.start(now, created);
  invite.cancelled = true;
  parts_.outbox.transmit(*bytes, invite.peer, invite.flow,
                         lane_of(request.first(HeaderId::call_id).value_or("")), created);
  return {};
}

Sent Requester::set_timer_c(Instant now, Handle<Transaction> handle, Duration after) {
  const Transaction* invite = parts_.transactions.find(handle);
  if (invite == nullptr || invite->kind != Kind::invite_client) {
    return refuse(SendError::stale_transaction);
  }
  if (after != Duration{} && after <= timer_c_is_above) return refuse(SendError::forbidden_timer);
  const bool open = invite->state == State::calling || invite->state == State::proceeding;
  if (!open || invite->cancel_wanted) return refuse(SendError::wrong_state);
  parts_.transactions.set_timer_c(now, handle, after);
  return {};
}

}  // namespace sipring::detail
