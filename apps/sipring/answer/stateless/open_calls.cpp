// SPDX-License-Identifier: MIT
#include <answer/stateless/open_calls.h>

#include <agent/text.h>
#include <answer/capabilities.h>
#include <answer/rejection.h>

#include <sipring/core/message/header/values.h>

#include <algorithm>
#include <array>

namespace sipring::app {
namespace {

constexpr Duration try_again_after = std::chrono::milliseconds(500);

std::uint64_t word_of(Handle<OpenCall> call) {
  return std::uint64_t{call.generation} << 32 | call.slot;
}
Handle<OpenCall> call_of(std::uint64_t word) {
  return {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32)};
}

// Section 13.3.1: an INVITE may say how long it waits for a final response.
Instant expiry_of(const Message& invite, Instant now) {
  const auto value = invite.first(HeaderId::expires);
  if (!value) return never;
  const auto seconds = parse_expires(*value);
  return seconds ? now + std::chrono::seconds(*seconds) : never;
}

}  // namespace

OpenCalls::Lines::Lines(const Endpoint& endpoint)
    : ringing(std::array{HeaderLine{"Contact", endpoint.contact}, without_dialogs.allow,
                         without_dialogs.supported}),
      answered(std::array{HeaderLine{"Contact", endpoint.contact}, without_dialogs.allow,
                          without_dialogs.supported, sdp_content}) {}

OpenCalls::OpenCalls(const AnswerOptions& options, std::span<const Endpoint> endpoints,
                     const Entropy& entropy, std::pmr::memory_resource& memory)
    : options_(options),
      endpoints_(endpoints),
      tags_(entropy, options.mark),
      lines_(endpoints.begin(), endpoints.end()),
      pool_(options.calls, memory),
      index_(options.calls, memory),
      timers_(options.calls, memory),
      unacknowledged_(Limits{}.headers, memory) {}

void OpenCalls::add_endpoint(std::span<const Endpoint> endpoints) {
  endpoints_ = endpoints;
  lines_.emplace_back(endpoints.back());
}

SdpOrigin OpenCalls::origin(const DialogTag& tag, std::uint32_t cseq, const Endpoint& local) const {
  // Some peers read it as a signed number. 19 digits always: messages of one size go in one piece.
  const std::uint64_t session = tag.key.low >> 2 | std::uint64_t{1} << 61;
  return {.session = session,
          .version = cseq,
          .host = local.host,
          .ipv6 = local.ipv6,
          .port = options_.media_port};
}

void OpenCalls::on_invite(Engine& engine, Instant now, const RequestReceived& invite) {
  const Moment moment{engine, now};
  const bool within_dialog = !invite.envelope->to_tag.empty();
  std::optional<DialogTag> tag;
  if (within_dialog) {
    tag = recognize(*invite.envelope);
    if (!tag) return refuse(engine, now, invite.transaction, {.status = 481});
    if (!make_way(moment, invite, *tag)) return;
  }
  if (!invite.message->first(HeaderId::contact)) {
    return refuse(engine, now, invite.transaction,
                  {.status = 400, .reason = "Missing Contact Header Field"});
  }
  Manner manner = Manner::at_once;
  if (!within_dialog) {
    const std::string_view user = invite.envelope->request_uri->user;
    if (is_user(user, "busy")) return refuse(engine, now, invite.transaction, {.status = 486});
    if (is_user(user, "decline")) return refuse(engine, now, invite.transaction, {.status = 603});
    if (is_user(user, "ring")) manner = Manner::ring;
    if (is_user(user, "silent")) manner = Manner::silent;
  }
  const Handle<OpenCall> call = begin(moment, invite, tag);
  if (!call) return;
  if (auto described = describe(*invite.message, pool_.at(call.slot)); !described) {
    return refuse_session(moment, call, described.error());
  }
  (void)engine.respond(now, invite.transaction, {.status = 100});
  if (within_dialog) return answer(moment, call, *invite.message);
  ring(moment, pool_.at(call.slot));
  if (manner == Manner::at_once) return answer(moment, call, *invite.message);
  proceed(moment, call, manner);
}

// A re-INVITE: only within a dialog of ours (section 12.2.2), and one at a time (section 14.2).
// When our last 2xx has no ACK yet, the peer has it all the same, else it could not go on: the ACK
// is lost.
bool OpenCalls::make_way(const Moment& moment, const RequestReceived& invite,
                         const DialogTag& tag) {
  const Handle<OpenCall> earlier = find(tag);
  if (!earlier) return true;
  if (pool_.at(earlier.slot).phase == OpenCall::Phase::answered) {
    end(moment.engine, earlier);
    return true;
  }
  const HeaderLine retry_after[] = {{"Retry-After", "5"}};
  refuse(moment.engine, moment.now, invite.transaction, {.status = 500, .headers = retry_after});
  return false;
}

Handle<OpenCall> OpenCalls::begin(const Moment& moment, const RequestReceived& invite,
                                  const std::optional<DialogTag>& tag) {
  const Handle<OpenCall> handle = pool_.acquire();
  if (!handle) {
    FixedText<20> seconds;
    seconds << options_.retry_after_seconds;
    const HeaderLine retry_after[] = {{"Retry-After", seconds.view()}};
    refuse(moment.engine, moment.now, invite.transaction, {.status = 503, .headers = retry_after});
    return {};
  }
  OpenCall& call = pool_.at(handle.slot);
  call.invite = invite.transaction;
  call.cseq = invite.envelope->cseq.number;
  call.source = invite.received->source;
  call.flow = invite.received->flow;
  call.endpoint = index_of(endpoints_, invite.received->listener.slot);
  call.expires_at = expiry_of(*invite.message, moment.now);
  call.tag = tag ? *tag : tags_.make(dialog_id_of(*invite.envelope), word_of(handle));
  call.is_indexed = tag && index_.insert(tag->key.low, handle.slot);
  moment.engine.attach(call.invite, word_of(handle));
  return handle;
}

// The dialog of ours that a request belongs to.
std::optional<DialogTag> OpenCalls::recognize(const Envelope& request) const {
  return tags_.recognize(dialog_id_of(request));
}

// The tag says where the call is that it was made for, if that still is; a re-INVITE's is
// elsewhere.
Handle<OpenCall> OpenCalls::find(const DialogTag& tag) {
  const auto has_tag = [&](const OpenCall& call) { return call.tag.key == tag.key; };
  const Handle<OpenCall> first = call_of(tag.key.high);
  if (const OpenCall* call = pool_.find(first); call != nullptr && has_tag(*call)) return first;
  if (index_.size() == 0) return {};
  const auto slot = index_.find(
      tag.key.low, [&](std::uint32_t candidate) { return has_tag(pool_.at(candidate)); });
  return slot ? pool_.handle_of(*slot) : Handle<OpenCall>{};
}

void OpenCalls::end(Engine& engine, Handle<OpenCall> handle) {
  const OpenCall& call = pool_.at(handle.slot);
  if (call.is_indexed) index_.erase(call.tag.key.low, handle.slot);
  engine.attach(call.invite, 0);  // no word of its end
  timers_.stop(handle.slot);
  pool_.release(handle);
}

void OpenCalls::ring(const Moment& moment, OpenCall& call) {
  const Response response{
      .status = 180, .to_tag = call.tag.view(), .block = &lines_[call.endpoint].ringing};
  // When it cannot be sent the caller hears silence for a moment; the final response matters.
  (void)moment.engine.respond(moment.now, call.invite, response);
}

// Into session_: an answer to the offer, or an offer where there is none (section 13.2.1).
std::expected<void, SdpError> OpenCalls::describe(const Message& invite, const OpenCall& call) {
  const SdpOrigin local = origin(call.tag, call.cseq, endpoints_[call.endpoint]);
  const std::string_view offer = session_description(invite);
  if (!offer.empty()) return write_sdp_answer(offer, local, session_);
  write_sdp_offer(local, session_);
  return {};
}

// session_ describes what is agreed. What the INVITE says is copied before the response is made: a
// view of the engine's may end there.
void OpenCalls::answer(const Moment& moment, Handle<OpenCall> handle, const Message& invite) {
  OpenCall& call = pool_.at(handle.slot);
  call.kept_invite = KeptInvite(moment.engine.buffers(), invite);
  const Response response{.status = 200,
                          .to_tag = call.tag.view(),
                          .block = &lines_[call.endpoint].answered,
                          .body = session_.view()};
  if (!moment.engine.respond(moment.now, call.invite, response)) {
    return finish(moment, handle, {.status = 503});
  }
  ++tally_.answered;
  call.phase = OpenCall::Phase::answered;
  call.interval = options_.timers.t1;
  call.expires_at = moment.now + 64 * options_.timers.t1;
  wake_at(handle, moment.now + call.interval);
}

void OpenCalls::on_ack(Engine& engine, Instant now, const Envelope& ack) {
  const std::optional<DialogTag> tag = recognize(ack);
  if (!tag) return;
  const Handle<OpenCall> handle = find(*tag);
  if (!handle) return;  // has been acknowledged before, or was never ours
  const OpenCall& call = pool_.at(handle.slot);
  if (call.phase != OpenCall::Phase::answered || call.cseq != ack.cseq.number) return;
  ++tally_.acknowledged;
  const Handle<Transaction> invite = call.invite;
  end(engine, handle);
  engine.acknowledged(now, invite);
}

// Section 15.1.2. A BYE for a call that has no final response yet ends it, too.
void OpenCalls::on_bye(Engine& engine, Instant now, const RequestReceived& bye) {
  const std::optional<DialogTag> tag = recognize(*bye.envelope);
  if (!tag) return (void)engine.respond(now, bye.transaction, {.status = 481});
  ++tally_.hung_up;
  const Handle<OpenCall> handle = find(*tag);
  (void)engine.respond(now, bye.transaction, {.status = 200});
  if (!handle) return;
  if (pool_.at(handle.slot).phase == OpenCall::Phase::answered) return end(engine, handle);
  cancel({engine, now}, handle);
}

void OpenCalls::on_cancel(Engine& engine, Instant now, const Cancelled& cancelled) {
  const Handle<OpenCall> handle = call_of(cancelled.attached);
  if (pool_.find(handle) != nullptr) cancel({engine, now}, handle);
}

void OpenCalls::cancel(const Moment& moment, Handle<OpenCall> handle) {
  finish(moment, handle, {.status = 487});
}

// A final response other than 2xx ends the call. When it cannot be sent now, a 503 will be.
void OpenCalls::finish(const Moment& moment, Handle<OpenCall> handle, const Response& response) {
  OpenCall& call = pool_.at(handle.slot);
  Response tagged = response;
  tagged.to_tag = call.tag.view();
  const auto sent = moment.engine.respond(moment.now, call.invite, tagged);
  if (sent || sent.error() == SendError::stale_transaction ||
      sent.error() == SendError::wrong_state) {
    ++(response.status == 487 ? tally_.cancelled : tally_.refused);
    return end(moment.engine, handle);
  }
  call.phase = OpenCall::Phase::unanswered;
  wake_at(handle, moment.now + try_again_after);
}

void OpenCalls::refuse_session(const Moment& moment, Handle<OpenCall> handle, SdpError error) {
  finish(moment, handle, rejection_of(error).response());
}

void OpenCalls::refuse(Engine& engine, Instant now, Handle<Transaction> transaction,
                       const Response& response) {
  if (engine.respond(now, transaction, response)) {
    ++tally_.refused;
  } else {
    refuse_later({engine, now}, transaction);
  }
}

// A non-INVITE transaction ends by itself; an INVITE waits for a final response for ever.
void OpenCalls::refuse_later(const Moment& moment, Handle<Transaction> transaction) {
  const Message* request = moment.engine.request(transaction);
  if (request == nullptr || request->method() != Method::invite) return;
  const Handle<OpenCall> handle = pool_.acquire();
  if (!handle) return;
  OpenCall& call = pool_.at(handle.slot);
  call.invite = transaction;
  call.tag = tags_.make(dialog_id_of(*request), word_of(handle));
  call.phase = OpenCall::Phase::unanswered;
  moment.engine.attach(transaction, word_of(handle));
  wake_at(handle, moment.now + try_again_after);
}

// The transaction of a 2xx lives as long as its ACK is waited for, so either end may come first.
void OpenCalls::on_terminated(Engine& engine, Instant now, const Terminated& terminated) {
  const Handle<OpenCall> handle = call_of(terminated.attached);
  const OpenCall* call = pool_.find(handle);
  if (call == nullptr) return;
  if (call->phase == OpenCall::Phase::answered) return hang_up({engine, now}, handle);
  end(engine, handle);
}

}  // namespace sipring::app
