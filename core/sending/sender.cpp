// The way out: to the targets of a request, one after the other. What becomes of each is in
// sender_outcomes.cpp.
// SPDX-License-Identifier: MIT
#include <sipring/core/sending/sender.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sipring {
namespace {

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

Sender::Sender(const SenderSettings& settings, const Parts& parts, std::uint64_t seed,
               std::pmr::memory_resource& memory)
    : settings_(settings),
      capabilities_(capabilities_of(settings)),
      engine_(parts.engine),
      resolver_(parts.resolver),
      health_(parts.health),
      connections_(parts.connections),
      seeds_(seed),
      kept_(settings.kept_bytes, memory),
      reader_(settings.headers, memory),
      known_(settings.known_targets, {seeds_.up_to(UINT64_MAX - 1), seeds_.up_to(UINT64_MAX - 1)},
             memory),
      sendings_(settings.sendings, memory) {}

Sender::~Sender() = default;

void Sender::send_from(const std::vector<Origin>& origins) {
  settings_.origins = origins;
  capabilities_ = capabilities_of(settings_);
  known_.forget();
}

std::expected<Handle<Sending>, SendError> Sender::send(Instant now, const Destination& destination,
                                                       const Request& request,
                                                       std::uint64_t attached,
                                                       std::uint32_t connection) {
  if (request.headers.size() > settings_.headers) return std::unexpected(SendError::too_large);
  if (!is_writable(request)) return std::unexpected(SendError::malformed_header);
  Ref<Buffer> kept = keep(request, destination.host, kept_);
  if (!kept) return std::unexpected(SendError::no_buffers);
  const Handle<Sending> handle = sendings_.acquire_made([&] {
    return Sending{.link = {},
                   .kept = std::move(kept),
                   .destination = destination,
                   .seed = seeds_.up_to(UINT64_MAX - 1),
                   .attached = attached,
                   .connection = connection,
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
  sending.attempts[sending.attempt_count++] = {target, {}, AttemptEnd::open};
  if (origin == nullptr) {
    last_attempt(sending).end = AttemptEnd::no_way;
    return Progress::no_target;
  }
  const auto flow = flow_to(now, sending, target, *origin);
  if (!flow) {
    ++counters_.transport_failed;
    last_attempt(sending).end = AttemptEnd::transport_failed;
    return Progress::no_target;
  }
  Request sent = request != nullptr ? *request : reader_.read(*sending.kept);
  sent.destination = target;
  sent.flow = *flow;
  sent.sent_by = origin->sent_by;
  const auto transaction = engine_.send(now, sent, word_of(sendings_.handle_of(sending.slot)));
  if (!transaction) {
    refusal_ = transaction.error();
    last_attempt(sending).end = AttemptEnd::overloaded;
    return refusal_ == SendError::overloaded_peer ? Progress::no_target : Progress::refused;
  }
  sending.transaction = last_attempt(sending).transaction = *transaction;
  ++sending.alive;
  sending.answered = false;
  health_.tried(now, target);
  return Progress::sent;
}

// Whoever is to be verified is named by the URI, which the target's address does not tell: only a
// connection that was opened for that name will do.
std::expected<Flow, StreamSendError> Sender::flow_to(Instant now, const Sending& sending,
                                                     const NetworkAddress& target,
                                                     const Origin& origin) const {
  if (connections_ == nullptr || !is_reliable(target.transport)) return origin.flow;
  const bool is_named = has_handshake(target.transport);
  if (!is_named && sending.connection == 0) return origin.flow;
  const std::string_view host = sending.destination.host;
  const bool is_name = is_named && !parse_ip_address(host);
  return connections_->towards(now, {.peer = target,
                                     .domain = is_name ? host : std::string_view(),
                                     .number = sending.connection});
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

}  // namespace sipring
