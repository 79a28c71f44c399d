// What commands do.
// SPDX-License-Identifier: MIT
#include <call/dtmf.h>
#include <call/phone.h>

#include <algorithm>
#include <utility>

namespace sipring::app {
namespace {

using Verb = PhoneCommand::Verb;

// Some peers read it as a signed number.
std::uint64_t first_session(const Entropy& entropy) {
  return entropy.words[0] >> 3 | std::uint64_t{1} << 60;
}

std::string address_of(const std::string& text) {
  return text.find('<') == text.npos ? "<" + text + ">" : text;
}

// "<sip:sipring@host>" for "<sip:host>".
std::string with_user(std::string contact) {
  if (!contact.empty()) contact.insert(contact.find(':') + 1, "sipring@");
  return contact;
}

}  // namespace

CallSettings Phone::settings_of(const PhoneOptions& options,
                                const std::vector<Endpoint>& endpoints) {
  CallSettings settings;
  settings.timers = options.timers;
  settings.mark = options.mark;
  settings.keeps_alive = options.keep_alives != nullptr;
  for (const Endpoint& endpoint : endpoints) {
    const std::size_t slot = endpoint.listener.slot;
    if (slot >= settings.endpoints.size()) settings.endpoints.resize(slot + 1);
    settings.endpoints[slot] = {endpoint.sent_by, with_user(endpoint.contact),
                                with_user(endpoint.secure_contact)};
  }
  return settings;
}

Phone::Phone(const PhoneOptions& options, std::vector<Endpoint> endpoints, const Entropy& entropy,
             std::pmr::memory_resource& memory, Tell tell)
    : options_(options),
      endpoints_(std::move(endpoints)),
      calls_(settings_of(options, endpoints_), {.calls = options.calls, .forks = options.calls},
             entropy, memory),
      session_(first_session(entropy)),
      expectations_(options.expectations),
      tell_(std::move(tell)) {
  if (!options.account) return;
  client_.emplace(*options.account, hashes_.functions(), entropy);
  calls_.authenticate(*client_);
}

Phone::~Phone() = default;

Phone::Line& Phone::add(const Endpoint& endpoint) {
  const Number number = ++last_;
  const auto added = lines_.emplace(
      number, Line{.call = {}, .media = {endpoint, options_.media_port, session_ + number}});
  return added.first->second;
}

void Phone::tell(Event event) {
  tell_(event);
  const bool was_last = expectations_.take(event);
  seen_.push_back(std::move(event));
  if (was_last) quit();
}

void Phone::complain(const PhoneCommand& command, std::string_view why) {
  tell({"error", command.call, {{"command", to_string(command.verb)}, {"text", why}}});
}

void Phone::quit() {
  quits_ = true;
  orders_.clear();
}

Instant Phone::next_deadline() const {
  const auto is_left = [](const auto& line) { return !line.second.is_ending; };
  if (quits_ && std::ranges::any_of(lines_, is_left)) return Instant::min();
  const bool has_work = !orders_.empty() && !waits_for_more(orders_.front().command);
  return std::min(has_work ? paused_until_ : never, calls_.next_deadline());
}

void Phone::advance(Engine& engine, Instant now) {
  const Moment moment = moment_of(engine, now);
  moment_ = &moment;
  calls_.advance(moment);
  take_events();
  run_orders();
  if (quits_) end_all();
  moment_ = nullptr;
}

// What cannot go now for want of room is asked for again in the next turn.
void Phone::end_all() {
  for (auto& [number, line] : lines_) {
    if (!line.is_ending) line.is_ending = calls_.end(*moment_, line.call).has_value();
  }
  take_events();
}

void Phone::run_orders() {
  while (!quits_ && !orders_.empty() && paused_until_ <= moment_->now) {
    if (waits_for_more(orders_.front().command)) return;
    Order order = std::move(orders_.front());
    orders_.pop_front();
    execute(std::move(order));
    take_events();
  }
}

// What has come since the last command counts, too: nothing is lost between two of them.
std::vector<Event>::const_iterator Phone::find_seen(const PhoneCommand& wait) const {
  return std::ranges::find_if(seen_, [&](const Event& seen) { return is_meant(wait.text, seen); });
}

bool Phone::waits_for_more(const PhoneCommand& command) const {
  return command.verb == Verb::wait && find_seen(command) == seen_.end();
}

void Phone::execute(Order&& order) {
  const PhoneCommand& command = order.command;
  if (command.verb == Verb::wait) return (void)seen_.erase(seen_.begin(), find_seen(command) + 1);
  if (command.verb == Verb::quit) return quit();
  if (command.verb == Verb::pause) {
    paused_until_ = moment_->now + command.duration;
    return;
  }
  seen_.clear();
  if (command.verb == Verb::call) return call(std::move(order));
  const Number newest = lines_.empty() ? 0 : lines_.rbegin()->first;
  const auto line = lines_.find(command.call != 0 ? command.call : newest);
  if (line == lines_.end()) return complain(command, "there is no such call");
  if (const Done done = act(command, line->second); !done) {
    complain(command, to_string(done.error()));
  }
}

void Phone::call(Order&& order) {
  if (order.targets.empty()) return complain(order.command, "it has no target");
  const NetworkAddress& first = order.targets.front();
  const Endpoint* const endpoint = endpoint_to(first);
  if (endpoint == nullptr)
    return complain(order.command, "no listener is of its transport and address family");
  Line& line = add(*endpoint);
  line.order = std::move(order);
  const auto sent = invite(last_, line);
  if (!sent) {
    complain(line.order.command, sent.error());
    lines_.erase(last_);
    return;
  }
  tell({"calling", last_, {{"to", line.order.command.text}}});
}

const Endpoint* Phone::endpoint_to(const NetworkAddress& target) const {
  const bool v6 = target.ip.family == IpAddress::Family::v6;
  const auto found = std::ranges::find_if(endpoints_, [&](const Endpoint& one) {
    return one.ipv6 == v6 && one.transport == target.transport;
  });
  return found == endpoints_.end() ? nullptr : &*found;
}

// To the first target that is left, which is not left any more.
std::expected<void, std::string_view> Phone::invite(Number number, Line& line) {
  Order& order = line.order;
  const NetworkAddress target = order.targets.front();
  order.targets.erase(order.targets.begin());
  const Endpoint* const endpoint = endpoint_to(target);
  if (endpoint == nullptr) return std::unexpected("no listener is of its transport");
  Flow flow = is_reliable(target.transport) ? Flow{} : endpoint->listener;
  if (has_tls(target.transport)) {
    const auto way = options_.connections->towards(moment_->now, {target, order.domain});
    if (!way) return std::unexpected(to_string(way.error()));
    flow = *way;
  }
  const std::string from =
      options_.from.empty() ? "sip:sipring@" + endpoint->sent_by : options_.from;
  const auto call = calls_.invite(*moment_,
                                  {.to = order.command.text,
                                   .from = address_of(from),
                                   .destination = target,
                                   .flow = flow,
                                   .listener = endpoint->listener,
                                   .offer = line.media.offer(false)},
                                  number);
  if (!call) return std::unexpected(to_string(call.error()));
  line.call = *call;
  return {};
}

Done Phone::act(const PhoneCommand& command, Line& line) {
  switch (command.verb) {
    case Verb::answer: return accept(line);
    case Verb::reject: return calls_.reject(*moment_, line.call, command.status);
    case Verb::hold: return set_hold(line, true);
    case Verb::resume: return set_hold(line, false);
    case Verb::hangup: return calls_.end(*moment_, line.call);
    case Verb::dtmf: {
      const bool is_sending = !line.keys.empty();
      line.keys += command.text;
      if (is_sending) return {};
      line.sent = 0;
      const Done sent = send_key(line);
      if (!sent) line.keys.clear();
      return sent;
    }
    default: return {};
  }
}

// With the answer to their offer; where there is none, with ours.
Done Phone::accept(Line& line) {
  if (line.offer.empty()) {
    return calls_.accept(*moment_, line.call, {.body = line.media.offer(false)});
  }
  const auto answer = line.media.answer(line.offer, false);
  if (answer) return calls_.accept(*moment_, line.call, {.body = *answer});
  const Rejection rejection = rejection_of(answer.error());
  return calls_.reject(*moment_, line.call, rejection.status, rejection.response().headers);
}

Done Phone::set_hold(Line& line, bool holds) {
  if (!line.is_established) return std::unexpected(CallError::wrong_state);
  const Done offered = calls_.offer(*moment_, line.call, line.media.offer(holds));
  if (offered) line.holds = holds;
  return offered;
}

Done Phone::send_key(Line& line) {
  const std::string body = dtmf_body(line.keys.front());
  return calls_.request(*moment_, line.call, Method::info, {.body = body, .type = dtmf_relay});
}

}  // namespace sipring::app
