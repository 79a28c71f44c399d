// Early dialogs of our INVITE, and 2xx of more than one fork: RFC 3261 sections 12.1.2, 13.2.2.4.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/calls_core.h>

namespace sipring {

std::uint32_t Calls::Core::find_fork(const Call& call, std::string_view tag) {
  std::uint32_t slot = call.first_fork;
  while (slot != Fork::no_fork && !forks_.at(slot).leg.dialog.is_from(tag)) {
    slot = forks_.at(slot).next;
  }
  return slot;
}

// The one that the response belongs to, or a new one; none when there is no room for it.
std::uint32_t Calls::Core::make_fork(const Moment& moment, Call& call,
                                     const ResponseReceived& response) {
  const std::string_view tag = response.envelope->to_tag;
  if (const std::uint32_t known = find_fork(call, tag); known != Fork::no_fork) return known;
  auto dialog = call.leg.dialog.from_response(moment.engine.buffers(), *response.message, tag);
  if (!dialog) return Fork::no_fork;
  const Handle<Fork> handle = forks_.acquire();
  if (!handle) return Fork::no_fork;
  Fork& fork = forks_.at(handle.slot);
  fork.leg.dialog = std::move(*dialog);
  fork.leg.dialog.set_local_cseq(response.envelope->cseq.number);
  if (!call.confirmed) {
    fork.leg.session.offer = call.leg.session.offer;
    fork.leg.session.exchange = call.leg.session.exchange;
  }
  fork.branch = ++call.forks;
  fork.next = std::exchange(call.first_fork, handle.slot);
  return handle.slot;
}

void Calls::Core::drop_fork(Call& call, std::uint32_t slot) {
  std::uint32_t* link = &call.first_fork;
  while (*link != slot) link = &forks_.at(*link).next;
  *link = forks_.at(slot).next;
  forks_.release(forks_.handle_of(slot));
  if (call.asked_fork == slot) call.asked_fork = Fork::no_fork;
}

void Calls::Core::drop_forks(Call& call) {
  while (call.first_fork != Fork::no_fork) drop_fork(call, call.first_fork);
}

// The dialog of a call that a far side's tag names; null: none.
Leg* Calls::Core::leg_of(Call& call, std::string_view tag) {
  const bool has_far_side = !call.is_caller || call.confirmed;
  if (has_far_side && call.leg.dialog.is_from(tag)) return &call.leg;
  const std::uint32_t slot = find_fork(call, tag);
  return slot == Fork::no_fork ? nullptr : &forks_.at(slot).leg;
}

Leg& Calls::Core::asked_leg(Call& call) {
  return call.asked_fork == Fork::no_fork ? call.leg : forks_.at(call.asked_fork).leg;
}

// Before the 2xx to our INVITE: the fork that has agreed on a session with us; null: none has.
Leg* Calls::Core::early_leg(Call& call) {
  if (!call.is_caller || call.confirmed) return nullptr;
  for (std::uint32_t slot = call.first_fork; slot != Fork::no_fork; slot = forks_.at(slot).next)
    if (Leg& leg = forks_.at(slot).leg;
        leg.session.exchange == Exchange::agreed && leg.dialog.state() == DialogState::early)
      return &leg;
  return nullptr;
}

std::uint32_t Calls::Core::fork_of(const Call& call, const Leg& leg) {
  return &leg == &call.leg ? Fork::no_fork : find_fork(call, leg.dialog.remote_tag());
}

// The fork whose 2xx comes first is the call's from now on. Its route set is that of the 2xx; what
// its early dialog has counted and agreed on goes on. False: no room.
bool Calls::Core::confirm(const Moment& moment, Call& call, const ResponseReceived& response) {
  const std::string_view tag = response.envelope->to_tag;
  const std::uint32_t slot = find_fork(call, tag);
  const Leg& early = slot == Fork::no_fork ? call.leg : forks_.at(slot).leg;
  auto dialog = early.dialog.from_response(moment.engine.buffers(), *response.message, tag);
  if (!dialog) return false;
  const bool is_asked = slot != Fork::no_fork && call.asked_fork == slot;
  if (slot != Fork::no_fork) {
    call.leg.session = early.session;
    call.leg.remote_rseq = early.remote_rseq;
    drop_fork(call, slot);
  }
  call.leg.dialog = std::move(*dialog);
  call.confirmed = true;
  // The user may still owe another fork a description: nobody waits for that any more.
  if (call.asked == Asked::our_prack && !is_asked) call.asked = Asked::nothing;
  call.asked_fork = Fork::no_fork;
  return true;
}

// A 2xx of another fork, once the call has its own: acknowledged each time, ended once.
void Calls::Core::end_fork(const Moment& moment, At at, const ResponseReceived& response) {
  Call& call = pool_.at(at.slot);
  if (response.transaction != call.first_invite) return;
  const std::uint32_t slot = make_fork(moment, call, response);
  if (slot == Fork::no_fork) return;  // no room: the 2xx comes again
  Dialog& dialog = forks_.at(slot).leg.dialog;
  dialog.step(DialogEvent::success);
  const DialogRequest ack(dialog, "ACK", response.envelope->cseq.number);
  send_ack(moment, at, dialog, ack);
  if (dialog.state() != DialogState::ending) (void)send_fork_bye(moment, at, dialog);
}

// Whatever comes of it says nothing of the call.
bool Calls::Core::send_fork_bye(const Moment& moment, At at, Dialog& dialog,
                                std::span<const HeaderLine> lines) {
  DialogRequest bye(dialog, "BYE", dialog.next_cseq());
  if (!bye.add(lines)) return false;
  if (!send(moment, at, dialog, bye, word_of_nobody())) return false;
  dialog.step(DialogEvent::bye_sent);
  return true;
}

}  // namespace sipring
