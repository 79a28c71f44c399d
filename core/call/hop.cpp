// Where the requests of a call go: RFC 3261 sections 8.1.2 and 18.1.1, RFC 3263 section 4.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/connection/connections.h>
#include <sipring/core/routing/destination.h>

namespace sipring {
namespace {

std::optional<Destination> destination_by(std::string_view uri) {
  const auto parsed = parse_uri(uri);
  const auto destination = parsed ? destination_of(*parsed) : std::unexpected(DestinationError{});
  return destination ? std::optional(*destination) : std::nullopt;
}

// A connection that has ended is opened again, to whom it led and verified by the same name. Who
// has called us is only known where the next hop is an address: the far end of a connection that
// it opened is no port that it listens on. False: it stays with what it has.
bool reconnect(const Moment& moment, const Call& call, Dialog& dialog) {
  Connections* const connections = moment.connections;
  const Flow flow = dialog.flow();
  if (connections == nullptr || !flow.is_connection()) return false;
  if (flow.shard != connections->shard() || connections->carries(flow)) return false;
  const auto hop = destination_by(dialog.next_hop());
  const bool is_address = hop && parse_ip_address(hop->host);
  if (!call.is_caller && !is_address) return false;
  const NetworkAddress& peer = dialog.destination();
  const bool is_named = hop && !is_address && has_handshake(peer.transport);
  const auto another = connections->towards(
      moment.now, {.peer = peer, .domain = is_named ? hop->host : std::string_view()});
  if (another) dialog.send_to({peer, *another, Flow::of_listener(dialog.listener())});
  return another.has_value();
}

}  // namespace

void Calls::Core::renew_connection(const Moment& moment, At at, Dialog& dialog) {
  const Call& call = pool_.at(at.slot);
  if (!reconnect(moment, call, dialog)) return;
  if (&dialog == &call.leg.dialog) kept_.move(moment, at.slot, dialog);
}

Calls::Core::Sent Calls::Core::send(const Moment& moment, At at, Dialog& dialog,
                                    const DialogRequest& request, std::uint64_t word,
                                    std::string_view body) {
  renew_connection(moment, at, dialog);
  return moment.engine.send(moment.now, request.request(sent_by(dialog), body), word);
}

void Calls::Core::send_ack(const Moment& moment, At at, Dialog& dialog, const DialogRequest& ack,
                           std::string_view answer) {
  renew_connection(moment, at, dialog);
  (void)moment.engine.send_stateless(ack.request(sent_by(dialog), answer));
}

Done Calls::Core::send_there(const Moment& moment, At at, const DialogRequest& invite,
                             std::string_view offer) {
  Call& call = pool_.at(at.slot);
  const Sent sent = send(moment, at, call.leg.dialog, invite, word_of(at), offer);
  if (!sent) return std::unexpected(as_call_error(sent.error()));
  call.sending = {};
  call.invite = call.first_invite = *sent;
  return {};
}

// By name: to one target after the other. Which transaction it is shows with the first that is
// heard of it.
Done Calls::Core::seek(const Moment& moment, At at, const DialogRequest& invite,
                       std::string_view offer) {
  Call& call = pool_.at(at.slot);
  const Dialog& dialog = call.leg.dialog;
  const auto destination = destination_by(dialog.next_hop());
  if (moment.sender == nullptr || !destination) return std::unexpected(CallError::no_destination);
  const auto sending = moment.sender->send(moment.now, *destination,
                                           invite.request(sent_by(dialog), offer), word_of(at));
  if (!sending) return std::unexpected(as_call_error(sending.error()));
  call.sending = *sending;
  call.invite = call.first_invite = {};
  return {};
}

// The target that has answered is the one that all of the call's requests go to from now on.
void Calls::Core::take_attempt(const Moment& moment, At at, const ResponseReceived& response) {
  Call& call = pool_.at(at.slot);
  if (call.invite == response.transaction || moment.sender == nullptr) return;
  const auto attempts = moment.sender->history(call.sending);
  if (attempts.empty() || attempts.back().transaction != response.transaction) return;
  call.invite = call.first_invite = response.transaction;
  call.leg.dialog.send_to(
      {attempts.back().target, response.received->flow, response.received->listener});
}

Fate Calls::Core::handle(const Moment& moment, const Sender::Ended& ended) {
  if (!is_ours(ended.attached)) return Fate::passed;
  const At at = call_of(ended.attached);
  const Call* const call = find(at);
  if (call != nullptr && call->sending == ended.sending) on_unreached(moment, at, ended.status);
  return Fate::mine;
}

// Of our first INVITE: nobody has answered.
void Calls::Core::on_unreached(const Moment& moment, At at, std::uint16_t status) {
  const Call& call = pool_.at(at.slot);
  const bool unwanted = call.state == CallState::terminating;
  if (!unwanted && redirect(moment, at, status, nullptr)) return;
  finish(moment, at, CallEvent::failure, unwanted ? EndedBy::local : EndedBy::timed_out, status);
}

}  // namespace sipring
