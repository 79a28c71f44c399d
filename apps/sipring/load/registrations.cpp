// SPDX-License-Identifier: MIT
#include <load/registrations.h>

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/values.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace sipring::app {
namespace {

// What REGISTERs attach: the phone, where a session has its generation, which is never 0.
Handle<Session> handle_of(std::uint32_t phone) {
  return {phone + 1, 0};
}

std::optional<std::uint32_t> phone_of(std::uint64_t word) {
  const Handle<Session> handle = session_of(word);
  if (handle.generation != 0 || handle.slot == 0) return std::nullopt;
  return handle.slot - 1;
}

}  // namespace

Registrations::Registrations(const RegistrationOptions& options, const Parts& parts,
                             std::pmr::memory_resource& memory)
    : options_(options),
      parts_(parts),
      phones_(options.phones, &memory),
      due_(options.phones, memory),
      random_(options.seed) {
  for (std::uint32_t i = 0; i < options.phones; ++i) {
    phones_[i].session.connection = i;
    phones_[i].expires_s = options.expires_s;
  }
  parts_.tally.phones = parts_.tally.pending = options.phones;
}

bool Registrations::take(Engine& engine, Instant now, const Output& output) {
  if (const auto* response = std::get_if<ResponseReceived>(&output)) {
    const auto phone = phone_of(response->attached);
    if (phone && response->message->status() >= 200) on_final(engine, now, *phone, *response);
    return phone.has_value();
  }
  std::optional<std::uint32_t> phone;
  if (const auto* timed_out = std::get_if<TimedOut>(&output)) {
    phone = phone_of(timed_out->attached);
  } else if (const auto* undelivered = std::get_if<TransportFailed>(&output)) {
    phone = phone_of(undelivered->attached);
  } else if (const auto* over = std::get_if<Terminated>(&output)) {
    return phone_of(over->attached).has_value();
  }
  if (phone) fail(now, *phone);
  return phone.has_value();
}

bool Registrations::take(Instant now, const Sender::Ended& ended) {
  const auto phone = phone_of(ended.attached);
  if (phone) fail(now, *phone);
  return phone.has_value();
}

void Registrations::advance(Engine& engine, Instant now) {
  if (is_leaving_) return (void)send_removals(engine, now);
  while (begun_ < phones_.size() && under_way_ < most_at_once) {
    if (!send(engine, now, begun_)) return;
    ++begun_;
  }
  while (under_way_ < most_at_once) {
    const std::optional<std::uint32_t> phone = due_.pop_due(now);
    if (!phone) break;
    if (send(engine, now, *phone)) continue;
    return due_.arm(*phone, now + TimerWheel::granularity);
  }
  if (parts_.connections != nullptr && now >= looked_at_ + look_every) look_at_connections(now);
}

Instant Registrations::next_deadline() const {
  const Instant look = parts_.connections != nullptr ? looked_at_ + look_every : never;
  if (under_way_ >= most_at_once) return is_leaving_ ? never : look;
  if (is_leaving_) return removed_ < phones_.size() ? Instant::min() : never;
  if (begun_ < phones_.size()) return Instant::min();
  return std::min(due_.next_deadline(), look);
}

bool Registrations::send(Engine& engine, Instant now, std::uint32_t phone) {
  Phone& one = phones_[phone];
  const State before = one.state;
  one.session.attempt = {};
  one.sent = now;
  one.is_refresh = before == State::registered;
  one.state = is_leaving_ ? State::removing : State::registering;
  ++under_way_;
  if (send_again(engine, now, phone)) return true;
  --under_way_;
  one.state = before;
  return false;
}

bool Registrations::send_again(Engine& engine, Instant now, std::uint32_t phone) {
  Phone& one = phones_[phone];
  ++one.session.cseq;
  const auto sent = parts_.requests.register_phone(engine, now, handle_of(phone), one.session,
                                                   phone, is_leaving_ ? 0 : one.expires_s);
  if (sent) return true;
  --one.session.cseq;
  if (sent.error() == Unsent::outputs_full) return false;
  fail(now, phone);
  return true;
}

// One that is being registered when the run ends is removed when its answer has come.
bool Registrations::send_removals(Engine& engine, Instant now) {
  while (removed_ < phones_.size() && under_way_ < most_at_once) {
    if (phones_[removed_].state == State::registered && !send(engine, now, removed_)) return false;
    ++removed_;
  }
  return true;
}

bool Registrations::has_left() const {
  return is_leaving_ && removed_ == phones_.size() && under_way_ == 0;
}

std::optional<std::uint32_t> Registrations::registered_from(std::uint32_t phone) const {
  const auto count = static_cast<std::uint32_t>(phones_.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t at = (phone + i) % count;
    const Phone& one = phones_[at];
    const bool is_refreshed = one.state == State::registering && one.is_refresh;
    if (one.state == State::registered || is_refreshed) return at;
  }
  return std::nullopt;
}

void Registrations::on_final(Engine& engine, Instant now, std::uint32_t phone,
                             const ResponseReceived& response) {
  Phone& one = phones_[phone];
  const Message& message = *response.message;
  const int status = message.status();
  if (status < 300) return on_registered(engine, now, phone, response);
  const bool is_answered = is_challenge(status) && parts_.authorizer != nullptr &&
                           parts_.authorizer->take(message, one.session.attempt).has_value();
  const bool goes_on = is_answered || asks_for_more(one, message);
  if (!goes_on || !send_again(engine, now, phone)) fail(now, phone);
}

// Section 10.2.8: Interval Too Brief, and which would not be.
bool Registrations::asks_for_more(Phone& phone, const Message& response) const {
  if (response.status() != 423 || is_leaving_) return false;
  const auto value = response.first(HeaderId::min_expires);
  const auto least = value ? parse_min_expires(*value) : Parsed<std::uint32_t>(0u);
  if (!least || *least <= phone.expires_s) return false;
  phone.expires_s = *least;
  return true;
}

void Registrations::on_registered(Engine& engine, Instant now, std::uint32_t phone,
                                  const ResponseReceived& response) {
  Phone& one = phones_[phone];
  --under_way_;
  if (one.state == State::removing) {
    one.state = State::removed;
    ++parts_.tally.removed;
    return;
  }
  one.state = State::registered;
  one.failures = 0;
  one.session.flow = response.received->flow;
  parts_.tally.registration.record(now - one.sent);
  ++(std::exchange(one.was_registered, true) ? parts_.tally.refreshed : parts_.tally.registered);
  settle(one);
  if (is_leaving_) {
    if (!send(engine, now, phone)) removed_ = std::min(removed_, phone);
    return;
  }
  // 64*T1 before its end, so that one that gets lost is sent again in time.
  const Duration lifetime = lifetime_of(phone, *response.message);
  due_.arm(phone, now + lifetime - std::min<Duration>(lifetime / 2, std::chrono::seconds(32)));
}

// Section 10.2.4: the registrar says it for each Contact, of which ours is one.
Duration Registrations::lifetime_of(std::uint32_t phone, const Message& response) const {
  std::uint32_t expires = phones_[phone].expires_s;
  if (const auto value = response.first(HeaderId::expires))
    expires = parse_expires(*value).value_or(expires);
  const std::string_view own = parts_.requests.contact_uri(phone);
  for (const Parsed<Contact>& contact : elements<parse_contact>(response, HeaderId::contact)) {
    if (contact && contact->uri.text.starts_with(own) && contact->expires)
      expires = *contact->expires;
  }
  return std::chrono::seconds(std::max(expires, 1u));
}

void Registrations::fail(Instant now, std::uint32_t phone) {
  Phone& one = phones_[phone];
  --under_way_;
  ++parts_.tally.refused;
  settle(one);
  if (is_leaving_) return void(one.state = State::removed);
  wait(now, phone);
}

// RFC 5626 section 4.5: 30 s, and twice as long each time; half of it is drawn.
void Registrations::wait(Instant now, std::uint32_t phone) {
  Phone& one = phones_[phone];
  one.state = State::unregistered;
  const Duration most = std::min<Duration>(shortest_wait * (1 << one.failures), longest_wait);
  if (one.failures < 6) ++one.failures;
  const auto half = static_cast<std::uint64_t>(most.count() / 2);
  due_.arm(phone, now + Duration(static_cast<std::int64_t>(half + random_.up_to(half))));
}

void Registrations::settle(Phone& phone) {
  if (!std::exchange(phone.has_settled, true)) --parts_.tally.pending;
}

void Registrations::look_at_connections(Instant now) {
  looked_at_ = now;
  for (std::uint32_t i = 0; i < phones_.size(); ++i) {
    const Flow flow = phones_[i].session.flow;
    const bool is_lost = phones_[i].state == State::registered && flow.is_connection() &&
                         !parts_.connections->carries(flow);
    if (!is_lost) continue;
    ++parts_.tally.lost_flows;
    wait(now, i);
  }
}

}  // namespace sipring::app
