// Our INVITE and its responses: RFC 3261 sections 8.1.1, 9.1, 13.2.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>
#include <sipring/core/message/header/address.h>

namespace sipring {
namespace {

// "<sip:bob@example.com>" of either form.
std::string_view uri_of(std::string_view address) {
  const auto parsed = parse_address(address);
  return parsed ? parsed->uri.text : address;
}

// Lines as they stand in a message.
Ref<Buffer> lines_of(BufferPool& buffers, std::span<const HeaderLine> lines) {
  std::size_t size = 0;
  for (const HeaderLine& line : lines) size += line.name.size() + line.value.size() + 4;
  Ref<Buffer> buffer = buffers.acquire(size);
  if (!buffer) return {};
  char* at = buffer->data();
  for (const HeaderLine& line : lines) {
    for (const std::string_view part :
         {line.name, std::string_view(": "), line.value, std::string_view("\r\n")}) {
      at = std::ranges::copy(part, at).out;
    }
  }
  buffer->resize(static_cast<std::uint32_t>(size));
  return buffer;
}

bool is_one_line(std::string_view text) {
  return text.find_first_of("\r\n") == text.npos;
}

bool is_writable(const Invitation& invitation) {
  for (const HeaderLine& line : invitation.headers)
    if (!is_one_line(line.name) || !is_one_line(line.value) || line.name.empty()) return false;
  return is_one_line(invitation.to) && is_one_line(invitation.from) &&
         is_one_line(invitation.request_uri) && is_one_line(invitation.route) &&
         !invitation.to.empty() && !invitation.from.empty();
}

// Section 8.1.1.8: so is our Contact then.
bool is_secure(std::string_view target, std::string_view route) {
  const auto first = parse_address(route);
  return is_sips(target) || (first && is_sips(first->uri.text));
}

// Of an INVITE whose target is still to be found, and which must have a secure Contact: the first
// listener that has one.
Flow listener_of(const Invitation& invitation, bool secure,
                 std::span<const LocalEndpoint> endpoints) {
  const bool is_chosen = invitation.listener || invitation.destination != NetworkAddress{};
  if (is_chosen || !secure) return invitation.listener;
  const auto found = std::ranges::find_if(
      endpoints, [](const LocalEndpoint& one) { return !one.secure_contact.empty(); });
  if (found == endpoints.end()) return invitation.listener;
  return Flow::of_listener(static_cast<std::uint32_t>(found - endpoints.begin()));
}

struct Text {
  Ref<Buffer> buffer;
  Text(BufferPool& buffers, std::initializer_list<std::string_view> pieces) {
    std::size_t size = 0;
    for (const std::string_view piece : pieces) size += piece.size();
    buffer = buffers.acquire(size);
    if (!buffer) return;
    char* at = buffer->data();
    for (const std::string_view piece : pieces) at = std::ranges::copy(piece, at).out;
    buffer->resize(static_cast<std::uint32_t>(size));
  }
};

}  // namespace

std::expected<Calls::Core::At, CallError> Calls::Core::invite(const Moment& moment,
                                                              const Invitation& invitation,
                                                              std::uint64_t attached) {
  if (is_leaving_) return std::unexpected(CallError::leaving);
  if (!has_room()) return std::unexpected(CallError::no_room);
  if (!is_writable(invitation)) return std::unexpected(CallError::unwritable);
  const At at = pool_.acquire();
  if (!at) return std::unexpected(CallError::no_room);
  Call& call = pool_.at(at.slot);
  call.is_caller = true;
  call.attached = attached;
  call.begun = LongBeginning(moment.now);
  call.min_se = settings_.min_se;
  call.session_expires = settings_.session_expires;
  if (authentication_) authentication_->forget(at.slot);

  const auto& is_home = settings_.is_home;
  const HexText call_id = is_home ? identifiers_.call_id(is_home) : identifiers_.call_id();
  const DialogTag tag = tags_.make({call_id.view(), {}, {}}, word_of(at));
  BufferPool& buffers = moment.engine.buffers();
  const bool bare = invitation.to.find('<') == invitation.to.npos;
  const std::string_view target =
      invitation.request_uri.empty() ? uri_of(invitation.to) : invitation.request_uri;
  const bool secure = is_secure(target, invitation.route);
  const Text local(buffers, {invitation.from, ";tag=", tag.view()});
  const Text remote(buffers, {bare ? "<" : "", invitation.to, bare ? ">" : ""});
  const Ref<Buffer> extra = lines_of(buffers, invitation.headers);
  if (!invitation.offer.empty()) call.leg.session.offer = keep(moment, invitation.offer);
  const bool kept = invitation.offer.empty() || call.leg.session.offer;
  auto dialog = !local.buffer || !remote.buffer || !extra || !kept
                    ? std::unexpected(DialogError::no_room)
                    : Dialog::beginning(buffers,
                                        {.target = target,
                                         .route = invitation.route,
                                         .local = local.buffer->view(),
                                         .remote = remote.buffer->view(),
                                         .call_id = call_id.view(),
                                         .extra = extra->view(),
                                         .cseq = identifiers_.first_cseq(),
                                         .secure = secure},
                                        {invitation.destination, invitation.flow,
                                         listener_of(invitation, secure, settings_.endpoints)});
  if (!dialog) {
    pool_.release(at);
    return std::unexpected(CallError::no_room);
  }
  call.leg.dialog = std::move(*dialog);
  call.awaits_offer = invitation.offer.empty();
  if (!call.awaits_offer) step_exchange(call.leg.session, ExchangeEvent::offer_sent);
  if (const Done sent = send_invite(moment, at); !sent) {
    pool_.release(at);
    return std::unexpected(sent.error());
  }
  ++counters_.begun;
  if (invitation.patience != Duration{}) arm(at, lifetime, moment.now + invitation.patience);
  enter(moment, at, CallState::trying, CallEvent::invite_sent);
  return at;
}

// The first one, or once more with a higher CSeq (sections 8.1.3.5, 22.2).
Done Calls::Core::send_invite(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  Dialog& dialog = call.leg.dialog;
  DialogRequest request(dialog, "INVITE", dialog.local_cseq());
  const std::string_view offer = view_of(call.leg.session.offer);
  bool fits = add_abilities(call, dialog, offer, request);
  fits = fits && request.add_lines(dialog.text(DialogText::extra));
  fits = fits && authorize(request, at, Kind::invite, offer);
  if (!fits) return std::unexpected(CallError::too_large);
  const bool is_sought = dialog.destination() == NetworkAddress{};
  const Done gone =
      is_sought ? seek(moment, at, request, offer) : send_there(moment, at, request, offer);
  if (!gone) return gone;
  call.invite_cseq = dialog.local_cseq();
  step_invite(call, InviteEvent::send);
  ++call.attempts;
  return {};
}

void Calls::Core::on_invite_response(const Moment& moment, At at,
                                     const ResponseReceived& response) {
  const Call& call = pool_.at(at.slot);
  const int status = response.message->status();
  if (call.sending && !call.confirmed) take_attempt(moment, at, response);
  if (!call.confirmed) kept_.take(moment, at.slot, response, call.leg.dialog);
  const bool open = response.transaction == call.invite && awaits_response(call.invite_state);
  if (status >= 200 && status < 300) return on_success(moment, at, response);
  if (!open) return;
  status < 200 ? on_provisional(moment, at, response) : on_failure(moment, at, response);
}

void Calls::Core::on_provisional(const Moment& moment, At at, const ResponseReceived& response) {
  Call& call = pool_.at(at.slot);
  const auto status = static_cast<std::uint16_t>(response.message->status());
  step_invite(call, InviteEvent::provisional);
  if (status == 100) return;
  learn(call, *response.message);
  std::uint32_t fork = Fork::no_fork;
  if (!call.confirmed && makes_dialog(status, response.envelope->to_tag)) {
    fork = make_fork(moment, call, response);
  }
  const bool is_over =
      fork != Fork::no_fork && forks_.at(fork).leg.dialog.state() == DialogState::ending;
  if (is_over) return;
  const ReadBody body = read(*response.message);
  if (call.state == CallState::trying || call.state == CallState::ringing) {
    enter(moment, at, CallState::ringing, CallEvent::provisional, status);
    const std::uint8_t branch = fork == Fork::no_fork ? std::uint8_t{0} : forks_.at(fork).branch;
    tell(Ringing{at, call.attached, status, response.message, body.description, branch});
  }
  if (fork != Fork::no_fork) on_reliable(moment, at, forks_.at(fork).leg, response, body, fork);
  if (call.confirmed) on_reliable(moment, at, call.leg, response, body, Fork::no_fork);
}

// A 2xx that has its ACK gets the same one again (section 13.2.2.4); one of another fork is
// acknowledged and ended.
void Calls::Core::on_success(const Moment& moment, At at, const ResponseReceived& response) {
  Call& call = pool_.at(at.slot);
  const std::string_view tag = response.envelope->to_tag;
  const std::uint32_t fork = call.confirmed ? Fork::no_fork : find_fork(call, tag);
  const bool is_unwanted =
      call.confirmed
          ? !call.leg.dialog.is_from(tag)
          : fork != Fork::no_fork && forks_.at(fork).leg.dialog.state() == DialogState::ending;
  if (is_unwanted) return end_fork(moment, at, response);
  if (response.envelope->cseq.number == call.acked_cseq) return acknowledge_again(moment, at);
  const bool open = response.transaction == call.invite && awaits_response(call.invite_state);
  if (!open) return;  // its ACK waits for the user's answer
  if (!call.confirmed && !confirm(moment, call, response)) return;  // no room: it comes again
  take_success(moment, at, response);
}

void Calls::Core::take_success(const Moment& moment, At at, const ResponseReceived& response) {
  Call& call = pool_.at(at.slot);
  SessionDescriptions& session = call.leg.session;
  const std::string_view description = read(*response.message).description;
  // An UPDATE's offer that is still open has its answer elsewhere.
  const bool has_answer = session.exchange == Exchange::local_offer && !call.update_sent;
  Ref<Buffer> kept;
  if ((has_answer || call.awaits_offer) && !description.empty()) {
    kept = keep(moment, description);
    if (!kept) return;  // no room: it comes again
  }
  if (!call.leg.dialog.refresh_target(moment.engine.buffers(), *response.message)) return;
  const bool is_first = call.leg.dialog.state() == DialogState::early;
  const bool unwanted = call.invite_state == InviteState::cancelling;
  learn(call, *response.message);
  call.leg.dialog.step(DialogEvent::success);
  if (unwanted) {
    step_invite(call, InviteEvent::success);
    send_ack(moment, at);
    return send_bye(moment, at);
  }
  if (is_first) begin_session(moment, at);
  learn_timer(moment, at, *response.message);
  const bool awaited_offer = call.awaits_offer;
  call.awaits_offer = false;
  if (awaited_offer && kept) {
    session.offer = std::move(kept);
    step_exchange(session, ExchangeEvent::offer_received);
    step_invite(call, InviteEvent::success_with_offer);
    return ask(moment, at, Asked::ack, Fork::no_fork, session.offer->view());
  }
  step_invite(call, InviteEvent::success);
  if (call.restores) call.wanted_description.reset();
  call.restores = false;
  if (has_answer && kept) {
    session.local = std::move(session.offer);
    session.remote = std::move(kept);
    step_exchange(session, ExchangeEvent::answer_received);
  }
  send_ack(moment, at);
  const bool lacks = session.exchange == Exchange::none ||
                     (session.exchange == Exchange::local_offer && !call.update_sent);
  if (lacks) return hang_up(moment, at, EndedBy::undescribed, 200);
  const bool agreed = session.exchange == Exchange::agreed;
  if (agreed && (is_first || has_answer) && !call.refreshing) {
    note(moment, at, CallEvent::agreed);
    tell_established(at, call.leg);
  }
  call.refreshing = false;
  send_wanted(moment, at);
}

void Calls::Core::begin_session(const Moment& moment, At at) {
  Call& call = pool_.at(at.slot);
  call.established = LongBeginning(moment.now);
  ++counters_.established;
  call.leg.dialog.forget_beginning(moment.engine.buffers());
  enter(moment, at, CallState::established, CallEvent::success, 200);
}

void Calls::Core::on_failure(const Moment& moment, At at, const ResponseReceived& response) {
  Call& call = pool_.at(at.slot);
  const auto status = static_cast<std::uint16_t>(response.message->status());
  if (call.confirmed) return on_change_failure(moment, at, Kind::invite, status, response.message);
  const bool unwanted = call.state == CallState::terminating;
  step_invite(call, InviteEvent::failure);
  if (!unwanted && try_again(moment, at, *response.message)) return;
  if (!unwanted && redirect(moment, at, status, response.message)) return;
  const EndedBy by = unwanted ? call.end_reason : EndedBy::refused;
  finish(moment, at, CallEvent::failure, by, status, response.message);
}

}  // namespace sipring
