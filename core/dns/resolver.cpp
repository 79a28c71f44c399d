// The way in and out; what is asked next is in resolver_asking.cpp, what is made of answers in
// resolver_answers.cpp.
// SPDX-License-Identifier: MIT
#include <sipring/core/dns/resolver.h>

#include <sipring/pools/assert.h>

#include <algorithm>

namespace sipring::dns {

Resolver::Resolver(const ResolverSettings& settings, std::string_view hosts, const Entropy& entropy,
                   std::pmr::memory_resource& memory)
    : settings_(settings),
      seed_{entropy.words[0], entropy.words[1]},
      id_seed_{entropy.words[2], entropy.words[3]},
      buffers_(settings.limits.record_bytes, memory),
      cache_(settings.limits.cached, memory),
      hosts_(hosts, memory),
      servers_(settings),
      questions_(settings.limits.questions, memory),
      by_key_(settings.limits.questions, memory),
      waiters_(settings.limits.waiters, memory),
      timers_(settings.limits.questions, memory),
      done_with_socket_(settings.limits.questions, memory) {}

// What waits waits for us: its memory goes with the pools.
Resolver::~Resolver() = default;

Resolver::Sought Resolver::seek(Instant now, std::string_view text, RecordType type) {
  ++counters_.asked;
  now_ = now;
  const std::optional<Name> name = Name::parse(text);
  if (!name) return Answer{Outcome::no_name, {}, now, now};
  const bool searches_for_it = !text.ends_with('.') && searches(*name);
  const Hash128 key = cache_key(seed_, name->view(), type, searches_for_it);
  if (const Answer* known = cache_.find(key); known != nullptr && now < known->expires) {
    ++counters_.from_cache;
    return *known;
  }
  if (const std::optional<Answer> known = answer_from_hosts(*name, type)) {
    if (known->outcome != Outcome::failed) cache_.put(key, *known);
    return *known;
  }
  const auto slot = by_key_.find(
      key.low, [&](std::uint32_t candidate) { return questions_.at(candidate).key == key; });
  if (!slot) return open(now, *name, searches_for_it, type, key);
  ++counters_.merged;
  return &questions_.at(*slot);
}

Resolver::Asked Resolver::ask(Instant now, std::string_view name, RecordType type,
                              std::uint64_t attached) {
  const Sought sought = seek(now, name, type);
  if (const auto* const known = std::get_if<Answer>(&sought)) return *known;
  Question* const question = std::get<Question*>(sought);
  const Handle<Waiter> handle = question != nullptr ? waiters_.acquire() : Handle<Waiter>{};
  if (!handle) {
    ++counters_.full;
    return Answer{};
  }
  Waiter& waiter = waiters_.at(handle.slot);
  waiter.question = question;
  waiter.attached = attached;
  waiter.slot = handle.slot;
  question->waiters.push_back(waiter);
  return handle;
}

void Resolver::prefetch(Instant now, std::string_view name, RecordType type) {
  const Sought sought = seek(now, name, type);
  Question* const* const question = std::get_if<Question*>(&sought);
  if (question != nullptr && *question != nullptr) (*question)->is_prefetched = true;
}

void Resolver::forget(Handle<Waiter> handle) {
  Waiter* const waiter = waiters_.find(handle);
  if (waiter == nullptr) return;
  waiter->question->waiters.remove(*waiter);
  waiters_.release(handle);
}

void Resolver::receive(Instant now, Handle<Question> handle, const NetworkAddress& source,
                       std::string_view message) {
  now_ = now;
  Question* const question = questions_.find(handle);
  if (question == nullptr || question->stage != Question::Stage::asking) return;
  const NetworkAddress& server = servers_.address(question->server);
  const AskedFor asked{question->id, &question->name, question->type, question->aliases};
  if (source.ip != server.ip || source.port != server.port) {
    ++counters_.refused;
    return;
  }
  Response response = read_response(message, asked, buffers_);
  while (response.kind == Response::Kind::no_room && cache_.make_room()) {
    response = read_response(message, asked, buffers_);
  }
  if (response.kind == Response::Kind::not_ours) {
    ++counters_.refused;
    return;
  }
  take(now, *question, response);
}

// A server that is not there answers nothing, and says so at once.
void Resolver::failed(Instant now, Handle<Question> handle) {
  now_ = now;
  Question* const question = questions_.find(handle);
  if (question == nullptr || question->stage != Question::Stage::asking) return;
  timed_out(now, *question);
}

void Resolver::advance(Instant now) {
  now_ = now;
  while (const auto slot = timers_.pop_due(now)) {
    Question& question = questions_.at(*slot);
    if (question.stage == Question::Stage::asking) timed_out(now, question);
  }
}

std::optional<ResolverOutput> Resolver::next_output() {
  if (!done_with_socket_.empty()) return EndQuery{done_with_socket_.pop()};
  admit();
  while (Question* const question = list_of(Question::Stage::to_send).first()) {
    if (auto query = query_of(*question)) return *std::move(query);
    if (!done_with_socket_.empty()) return EndQuery{done_with_socket_.pop()};
  }
  if (auto told = tell_one()) return *std::move(told);
  return std::nullopt;
}

std::uint64_t Resolver::draw() {
  Hasher hasher(id_seed_);
  hasher.add(++drawn_);
  return hasher.finish_low();
}

}  // namespace sipring::dns
