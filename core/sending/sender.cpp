// SPDX-License-Identifier: MIT
#include <sipring/core/sending/sender.h>

#include <sipring/core/message/header/retry_after.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sipring {
namespace {

using Kind = Sender::Verdict::Kind;

// What the engine adds to a request besides the sent-by: the rest of the Via with a branch and its
// parameters, Max-Forwards and Content-Length. Rather too much than too little.
constexpr std::size_t added_octets = 192;

Capabilities capabilities_of(const SenderSettings& settings) {
  Capabilities can{.transports = {}, .v4 = false, .v6 = false, .v6_first = settings.v6_first};
  for (const Origin& origin : settings.origins) {
    can.transports.add(origin.transport);
    const bool v4 = origin.family == IpAddress::Family::v4;
    can.v4 |= v4;
    can.v6 |= !v4;
  }
  return can;
}

// A failure that another request might not have met either (section 4.3).
bool has_no_final_response(State state) {
  return state == State::calling || state == State::trying || state == State::proceeding;
}

}  // namespace

std::string_view to_string(AttemptEnd end) {
  switch (end) {
    case AttemptEnd::open: return "open";
    case AttemptEnd::timed_out: return "timed_out";
    case AttemptEnd::transport_failed: return "transport_failed";
    case AttemptEnd::unavailable: return "unavailable";
    case AttemptEnd::no_way: return "no_way";
    case AttemptEnd::overloaded: return "overloaded";
  }
  return "";
}

Sender::Sender(const SenderSettings& settings, Engine& engine, dns::Resolver& resolver,
               Health& health, std::uint64_t seed, std::pmr::memory_resource& memory)
    : settings_(settings),
      capabilities_(capabilities_of(settings)),
      engine_(engine),
      resolver_(resolver),
      health_(health),
      seeds_(seed),
      kept_(settings.kept_bytes, memory),
      reader_(settings.headers, memory),
      known_(settings.known_targets, {seeds_.up_to(UINT64_MAX - 1), seeds_.up_to(UINT64_MAX - 1)},
             memory),
      sendings_(settings.sendings, memory) {}

Sender::~Sender() = default;

std::expected<Handle<Sending>, SendError> Sender::send(Instant now, const Destination& destination,
                                                       const Request& request, std::uint64_t user) {
  if (request.headers.size() > settings_.headers) return std::unexpected(SendError::too_large);
  if (!is_writable(request)) return std::unexpected(SendError::malformed_header);
  Ref<Buffer> kept = keep(request, destination.host, kept_);
  if (!kept) return std::unexpected(SendError::no_buffers);
  const Handle<Sending> handle = sendings_.acquire_made([&] {
    return Sending{.link = {},
                   .kept = std::move(kept),
                   .destination = destination,
                   .seed = seeds_.up_to(UINT64_MAX - 1),
                   .user = user,
                   .slot = 0};
  });
  if (!handle) return std::unexpected(SendError::no_transactions);
  Sending& sending = sendings_.at(handle.slot);
  sending.slot = handle.slot;
  sending.destination.host = host_of(*sending.kept, destination.host.size());
  ++counters_.sent;
  switch (begin(now, sending, request)) {
    case Progress::sent:
    case Progress::asking: break;
    case Progress::no_target: end(sending); break;
    case Progress::refused: release(sending); return std::unexpected(refusal_);
  }
  return handle;
}

// To the target that is known without a search, if there is one and it takes the request.
Sender::Progress Sender::begin(Instant now, Sending& sending, const Request& request) {
  if (const auto target = known_.draw(now, sending.destination, sending.seed, health_)) {
    ++counters_.known;
    sending.known = target->address;
    const Progress progress = attempt(now, sending, target->address, &request);
    if (progress != Progress::no_target) return progress;
  }
  return go_on(now, sending, &request);
}

// To the next target, or to the name servers on the way there. `request` is what was kept, where
// somebody has it at hand.
Sender::Progress Sender::go_on(Instant now, Sending& sending, const Request* request) {
  if (!sending.search) sending.search.emplace(sending.destination, capabilities_, sending.seed);
  while (sending.attempt_count < Sending::most_attempts) {
    const TargetSearch::Step step = sending.search->next(now, health_);
    if (const auto* reason = std::get_if<NoTarget>(&step)) {
      sending.reason = *reason;
      break;
    }
    const auto* const query = std::get_if<TargetQuery>(&step);
    if (query != nullptr && ask(now, sending, *query) == Progress::asking) return Progress::asking;
    if (query != nullptr) continue;
    const NetworkAddress& target = std::get<Target>(step).address;
    if (sending.known == target) continue;
    const Progress progress = attempt(now, sending, target, request);
    if (progress != Progress::no_target) return progress;
  }
  return Progress::no_target;
}

Sender::Progress Sender::ask(Instant now, Sending& sending, const TargetQuery& query) {
  const std::uint64_t word = word_of(sendings_.handle_of(sending.slot));
  auto asked = resolver_.ask(now, query.name, query.type, word);
  if (query.prefetch) resolver_.prefetch(now, query.name, *query.prefetch);
  if (auto* const waiter = std::get_if<Handle<dns::Waiter>>(&asked)) {
    sending.waiter = *waiter;
    return Progress::asking;
  }
  learn(sending, std::get<dns::Answer>(asked));
  return Progress::sent;
}

void Sender::learn(Sending& sending, const dns::Answer& answer) {
  sending.search->take(answer);
  known_.learn(sending.destination, *sending.search);
}

// `no_target`: not to this one, but perhaps to the next.
Sender::Progress Sender::attempt(Instant now, Sending& sending, NetworkAddress target,
                                 const Request* request) {
  const Origin* origin = origin_for(target);
  const NetworkAddress by_tcp{target.ip, target.port, Transport::tcp};
  const bool by_udp = target.transport == Transport::udp && !sending.may_fall_back;
  if (origin != nullptr && by_udp && is_too_large_for_udp(sending, *origin) &&
      origin_for(by_tcp) != nullptr) {
    origin = origin_for(by_tcp);
    target = by_tcp;
    sending.may_fall_back = true;
    ++counters_.by_tcp_for_size;
  } else {
    sending.may_fall_back = false;
  }
  if (sending.attempt_count != 0) ++counters_.failovers;
  sending.attempts[sending.attempt_count++] = {target, AttemptEnd::open};
  if (origin == nullptr) {
    last_attempt(sending).end = AttemptEnd::no_way;
    return Progress::no_target;
  }
  Request sent = request != nullptr ? *request : reader_.read(*sending.kept);
  sent.destination = target;
  sent.flow = origin->flow;
  sent.sent_by = origin->sent_by;
  const auto transaction = engine_.send(now, sent, word_of(sendings_.handle_of(sending.slot)));
  if (!transaction) {
    refusal_ = transaction.error();
    last_attempt(sending).end = AttemptEnd::overloaded;
    return refusal_ == SendError::overloaded_peer ? Progress::no_target : Progress::refused;
  }
  sending.transaction = *transaction;
  sending.answered = false;
  health_.tried(now, target);
  return Progress::sent;
}

const Origin* Sender::origin_for(const NetworkAddress& target) const {
  const auto found = std::ranges::find_if(settings_.origins, [&](const Origin& origin) {
    return origin.transport == target.transport && origin.family == target.ip.family;
  });
  return found == settings_.origins.end() ? nullptr : &*found;
}

bool Sender::is_too_large_for_udp(const Sending& sending, const Origin& origin) const {
  return sending.kept->size() + origin.sent_by.size() + added_octets > settings_.most_by_udp;
}

void Sender::take(Instant now, const dns::Answered& answered) {
  const Handle<Sending> handle{static_cast<std::uint32_t>(answered.user),
                               static_cast<std::uint32_t>(answered.user >> 32)};
  Sending* const sending = sendings_.find(handle);
  if (sending == nullptr || !sending->waiter) return;
  sending->waiter = {};
  learn(*sending, answered.answer);
  const Progress progress = go_on(now, *sending, nullptr);
  if (progress == Progress::no_target || progress == Progress::refused) end(*sending);
}

Sending* Sender::find(std::uint64_t word, Handle<Transaction> transaction) {
  Sending* const sending =
      sendings_.find({static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32)});
  return sending != nullptr && sending->transaction == transaction ? sending : nullptr;
}

Sender::Verdict Sender::passed(const Sending& sending) {
  return {Kind::passed, sendings_.handle_of(sending.slot), sending.user};
}

Sender::Verdict Sender::take(Instant now, const Output& output) {
  if (const auto* response = std::get_if<ResponseReceived>(&output)) {
    Sending* const sending = find(response->user, response->transaction);
    return sending == nullptr ? Verdict{} : on_response(now, *sending, *response);
  }
  if (const auto* timeout = std::get_if<TimedOut>(&output)) {
    Sending* const sending = find(timeout->user, timeout->transaction);
    if (sending == nullptr) return {};
    return sending->answered ? passed(*sending) : fail(now, *sending, AttemptEnd::timed_out);
  }
  if (const auto* failure = std::get_if<TransportFailed>(&output)) {
    Sending* const sending = find(failure->user, failure->transaction);
    if (sending == nullptr) return {};
    const bool failed = !sending->answered && has_no_final_response(failure->state);
    return failed ? fail(now, *sending, AttemptEnd::transport_failed) : passed(*sending);
  }
  if (const auto* fired = std::get_if<TimerCFired>(&output)) {
    const Sending* const sending = find(fired->user, fired->invite);
    return sending == nullptr ? Verdict{} : passed(*sending);
  }
  if (const auto* terminated = std::get_if<Terminated>(&output)) {
    const Handle<Sending> handle{static_cast<std::uint32_t>(terminated->user),
                                 static_cast<std::uint32_t>(terminated->user >> 32)};
    Sending* const sending = sendings_.find(handle);
    if (sending == nullptr) return {};
    // Of an attempt before: its user has not heard of it.
    if (sending->transaction != terminated->transaction) return {Kind::swallowed, handle, 0};
    const Verdict verdict = passed(*sending);
    release(*sending);
    return verdict;
  }
  return {};
}

Sender::Verdict Sender::on_response(Instant now, Sending& sending,
                                    const ResponseReceived& response) {
  constexpr int service_unavailable = 503;
  const NetworkAddress& target = last_attempt(sending).target;
  const int status = response.message->status();
  if (status != service_unavailable) {
    if (!sending.answered) health_.answered(target);
    sending.answered = true;
    return passed(sending);
  }
  const auto value = response.message->first(HeaderId::retry_after);
  const auto retry_after = value ? parse_retry_after(*value) : Parsed<RetryAfter>{};
  if (value && retry_after) {
    health_.asked_for(now, target, std::chrono::seconds(retry_after->seconds));
  }
  return fail(now, sending, AttemptEnd::unavailable);
}

Sender::Verdict Sender::fail(Instant now, Sending& sending, AttemptEnd end) {
  Attempt& attempt_made = last_attempt(sending);
  attempt_made.end = end;
  switch (end) {
    case AttemptEnd::timed_out:
      ++counters_.timed_out;
      health_.failed(now, attempt_made.target);
      break;
    case AttemptEnd::transport_failed:
      ++counters_.transport_failed;
      // By TCP for its size alone: what takes no TCP may be well all the same.
      if (!sending.may_fall_back) health_.failed(now, attempt_made.target);
      break;
    default: ++counters_.unavailable;
  }
  if (sending.cancelled) return passed(sending);
  const Verdict as_it_is = passed(sending);
  const Handle<Transaction> over = std::exchange(sending.transaction, {});
  const bool falls_back = sending.may_fall_back && end == AttemptEnd::transport_failed &&
                          sending.attempt_count < Sending::most_attempts;
  Progress progress = Progress::no_target;
  if (falls_back) {
    ++counters_.back_to_udp;
    NetworkAddress by_udp = attempt_made.target;
    by_udp.transport = Transport::udp;
    progress = attempt(now, sending, by_udp, nullptr);
  }
  if (progress == Progress::no_target) progress = go_on(now, sending, nullptr);
  const bool goes_on = progress == Progress::sent || progress == Progress::asking;
  if (goes_on) return {Kind::swallowed, as_it_is.sending, as_it_is.user};
  sending.transaction = over;
  return as_it_is;
}

std::expected<void, SendError> Sender::cancel(Instant now, Handle<Sending> handle) {
  Sending* const sending = sendings_.find(handle);
  if (sending == nullptr) return std::unexpected(SendError::stale_transaction);
  sending->cancelled = true;
  if (!sending->waiter) return engine_.cancel(now, sending->transaction);
  resolver_.forget(sending->waiter);
  sending->waiter = {};
  end(*sending);
  return {};
}

// The engine has nothing more to say of it.
void Sender::end(Sending& sending) {
  ++counters_.unreachable;
  sending.transaction = {};
  ended_.push_back(sending);
}

std::optional<Sender::Ended> Sender::next_ended() {
  if (told_ != nullptr) release(*std::exchange(told_, nullptr));
  Sending* const sending = ended_.first();
  if (sending == nullptr) return std::nullopt;
  ended_.remove(*sending);
  told_ = sending;
  constexpr std::uint16_t request_timeout = 408, service_unavailable = 503;
  const bool timed_out =
      sending->attempt_count != 0 && last_attempt(*sending).end == AttemptEnd::timed_out;
  return Ended{sendings_.handle_of(sending->slot), sending->user,
               timed_out ? request_timeout : service_unavailable, sending->reason};
}

void Sender::release(Sending& sending) {
  sendings_.release(sendings_.handle_of(sending.slot));
}

std::span<const Attempt> Sender::history(Handle<Sending> handle) {
  const Sending* const sending = sendings_.find(handle);
  if (sending == nullptr) return {};
  return {sending->attempts.data(), sending->attempt_count};
}

}  // namespace sipring
