// SPDX-License-Identifier: MIT
#include <sipring/core/call/calls.h>

#include <sipring/core/call/detail/calls_core.h>

namespace sipring {

Calls::Calls(const CallSettings& settings, const CallLimits& limits, const Entropy& entropy,
             std::pmr::memory_resource& memory)
    : core_(std::make_unique<Core>(settings, limits, entropy, memory)) {}
Calls::~Calls() = default;

std::size_t Calls::bytes_for(const CallLimits& limits) {
  return Pool<Call>::bytes(limits.calls) + Pool<Fork>::bytes(limits.forks) +
         TimerWheel::bytes(limits.calls * Core::timers_of_a_call) +
         limits.outputs * sizeof(CallOutput) + limits.refusals * sizeof(Handle<Transaction>);
}

void Calls::authenticate(DigestClient& client) {
  core_->authentication_.emplace(client, core_->limits_.calls, core_->memory_);
}

void Calls::set_endpoint(std::uint32_t slot, LocalEndpoint endpoint) {
  std::vector<LocalEndpoint>& endpoints = core_->settings_.endpoints;
  while (endpoints.size() <= slot) endpoints.push_back(endpoints.front());
  endpoints[slot] = std::move(endpoint);
}

Fate Calls::handle(const Moment& moment, const Output& output) {
  return core_->handle(moment, output);
}
Fate Calls::handle(const Moment& moment, const Sender::Ended& ended) {
  return core_->handle(moment, ended);
}
std::optional<CallOutput> Calls::next_output() {
  if (core_->outputs_.empty()) return std::nullopt;
  return core_->outputs_.pop();
}
void Calls::advance(const Moment& moment) {
  core_->advance(moment);
}
Instant Calls::next_deadline() const {
  return std::min({core_->wheel_.next_deadline(), core_->owed_at_, core_->ends_more_at_});
}
std::span<std::byte> Calls::coming_memory() {
  return first_coming(core_->pool_, core_->wheel_, core_->forks_);
}
std::expected<Handle<Call>, CallError> Calls::invite(const Moment& moment,
                                                     const Invitation& invitation,
                                                     std::uint64_t attached) {
  return core_->invite(moment, invitation, attached);
}
Done Calls::ring(const Moment& moment, Handle<Call> call, std::uint16_t status,
                 const Content& content) {
  return core_->ring(moment, call, status, content);
}
Done Calls::accept(const Moment& moment, Handle<Call> call, const Content& content) {
  return core_->accept(moment, call, content);
}
Done Calls::reject(const Moment& moment, Handle<Call> call, std::uint16_t status,
                   std::span<const HeaderLine> headers, std::string_view reason) {
  return core_->reject(moment, call, {.status = status, .reason = reason, .headers = headers});
}
Done Calls::follow(const Moment& moment, Handle<Call> call, const NetworkAddress& destination,
                   Flow flow) {
  return core_->follow(moment, call, destination, flow);
}
Done Calls::end_branch(const Moment& moment, Handle<Call> call, std::uint8_t branch,
                       std::span<const HeaderLine> headers) {
  return core_->end_branch(moment, call, branch, headers);
}
Done Calls::end(const Moment& moment, Handle<Call> call, std::span<const HeaderLine> headers) {
  return core_->end(moment, call, headers);
}
void Calls::end_all(const Moment& moment) {
  core_->end_all(moment);
}
Done Calls::offer(const Moment& moment, Handle<Call> call, std::string_view description) {
  return core_->offer(moment, call, description);
}
Done Calls::ask_for_offer(const Moment& moment, Handle<Call> call) {
  return core_->ask_for_offer(moment, call);
}
Done Calls::answer(const Moment& moment, Handle<Call> call, std::string_view description) {
  return core_->answer(moment, call, description);
}
Done Calls::refuse(const Moment& moment, Handle<Call> call, std::uint16_t status,
                   std::span<const HeaderLine> headers) {
  return core_->refuse(moment, call, status, headers);
}
void Calls::turn_away(const Moment& moment, Handle<Transaction> transaction,
                      const Response& response) {
  core_->refuse_transaction(moment, transaction, response);
}
Done Calls::request(const Moment& moment, Handle<Call> call, Method method,
                    const Content& content) {
  return core_->request(moment, call, method, content);
}

const Dialog* Calls::dialog(Handle<Call> call) {
  Call* const found = core_->find(call);
  return found ? &found->leg.dialog : nullptr;
}
std::optional<CallState> Calls::state(Handle<Call> call) {
  const Call* const found = core_->find(call);
  return found ? std::optional(found->state) : std::nullopt;
}
const History* Calls::history(Handle<Call> call) {
  const Call* const found = core_->find(call);
  return found ? &found->history : nullptr;
}
std::string_view Calls::local_description(Handle<Call> call) {
  const Call* const found = core_->find(call);
  return found && found->leg.session.local ? found->leg.session.local->view() : std::string_view{};
}
std::string_view Calls::remote_description(Handle<Call> call) {
  const Call* const found = core_->find(call);
  return found && found->leg.session.remote ? found->leg.session.remote->view()
                                            : std::string_view{};
}
std::string_view Calls::offered(Handle<Call> call) {
  return core_->offered(call);
}
bool Calls::attach(Handle<Call> call, std::uint64_t attached) {
  Call* const found = core_->find(call);
  if (found) found->attached = attached;
  return found != nullptr;
}
std::uint32_t Calls::alive() const {
  return core_->pool_.size();
}
Handle<Call> Calls::named(const Envelope& request) const {
  return core_->named(request).at;
}

Handle<Call> Calls::next_call(std::uint32_t& slot) {
  return core_->pool_.next_live(slot);
}
const CallCounters& Calls::counters() const {
  core_->counters_.alive = core_->pool_.size();
  return core_->counters_;
}
bool Calls::is_at_rest() const {
  return core_->pool_.size() == 0 && core_->forks_.size() == 0 && core_->wheel_.size() == 0 &&
         core_->owed_.empty();
}
void Calls::fail_nth_call(std::uint64_t nth) {
  core_->pool_.fail_nth_acquire(nth);
}

}  // namespace sipring
