// The phones of a LoadUser: what registers them, and the called side.
// SPDX-License-Identifier: MIT
#include <load/load_user.h>

#include <algorithm>
#include <variant>

namespace sipring::app {

void LoadUser::add_phones(std::uint32_t count, std::pmr::memory_resource& memory) {
  PhoneTally& tally = tally_.phones;
  registrations_.emplace(
      RegistrationOptions{
          .phones = count, .expires_s = options_.expires_s, .seed = options_.arrivals.seed},
      Registrations::Parts{requests_, authorizer_ ? &*authorizer_ : nullptr, connections_, tally},
      memory);
  callee_.emplace(CalleeOptions{.calls = options_.sessions,
                                .rings = options_.rings,
                                .timers = options_.timers,
                                .mark = options_.mark},
                  Callee::Parts{requests_, *registrations_, sessions_, tally}, options_.entropy,
                  memory);
}

void LoadUser::advance_phones(Engine& engine, Instant now) {
  registrations_->advance(engine, now);
  callee_->advance(moment_of(engine, now));
}

Instant LoadUser::phones_deadline() const {
  if (!registrations_) return never;
  if (!has_begun_ && registrations_->has_settled()) return Instant::min();
  return std::min(registrations_->next_deadline(), callee_->next_deadline());
}

// Both sides of a call between phones have its Call-ID: whose a request within it is, its To tag
// tells.
bool LoadUser::take_as_phone(Engine& engine, Instant now, const Output& output) {
  if (registrations_->take(engine, now, output)) return true;
  const auto* const request = std::get_if<RequestReceived>(&output);
  if (request != nullptr && requests_.session_of(request->envelope->to_tag)) return false;
  return callee_->take(moment_of(engine, now), output) == Fate::mine;
}

// False: no phone is registered.
bool LoadUser::choose_phones(Session& session) {
  const auto caller = registrations_->registered_from(next_caller_);
  if (!caller) return false;
  next_caller_ = *caller + 1;
  session.connection = *caller;
  session.callee = registrations_->registered_from(next_caller_).value_or(*caller);
  return true;
}

void LoadUser::on_finish(Engine& engine, Instant now) {
  if (!registrations_) return;
  arrivals_.reset();
  stops_at_ = Instant::min();
  registrations_->remove_all();
  callee_->end_all(moment_of(engine, now));
}

bool LoadUser::is_idle() const {
  return !registrations_ || (registrations_->has_left() && callee_->is_idle());
}

}  // namespace sipring::app
