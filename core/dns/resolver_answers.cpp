// What is made of answers, and of none.
// SPDX-License-Identifier: MIT
#include <sipring/core/dns/resolver.h>

#include <sipring/pools/assert.h>

#include <algorithm>

namespace sipring::dns {
namespace {

using Kind = Response::Kind;
using Stage = Question::Stage;

}  // namespace

void Resolver::take(Instant now, Question& question, const Response& response) {
  timers_.stop(question.slot);
  servers_.answered(question.server);
  switch (response.kind) {
    case Kind::not_ours: return;
    case Kind::records: return accept(now, question, response);
    case Kind::no_data:
    case Kind::no_name: return refuse(now, question, response);
    case Kind::alias: return follow(now, question, response);
    case Kind::truncated:
      // By TCP nothing is: such a server is as good as one that cannot answer.
      if (question.by_tcp) break;
      question.by_tcp = true;
      return move(question, Stage::to_send);
    case Kind::no_edns:
      if (!question.edns) break;
      question.edns = false;
      return move(question, Stage::to_send);
    case Kind::server_error:
    case Kind::alias_loop: break;
    case Kind::no_room: ++counters_.full; return give_up(now, question);
  }
  ++counters_.server_errors;
  attempt(now, question);
}

void Resolver::accept(Instant now, Question& question, const Response& response) {
  const Duration ttl = std::chrono::seconds(std::min(response.ttl, question.ttl));
  finish(now, question, {Outcome::records, response.records, now + ttl, now + ttl});
}

// What has no records of the type is still the better answer than a name that does not exist.
void Resolver::refuse(Instant now, Question& question, const Response& response) {
  question.negative_ttl = std::min({question.negative_ttl, response.ttl, question.ttl});
  if (response.kind == Kind::no_data) question.negative = Outcome::no_data;
  if (choose_candidate(question)) return attempt(now, question);
  const Instant expires = now + std::chrono::seconds(question.negative_ttl);
  finish(now, question, {question.negative, {}, expires, expires});
}

// The server has told of an alias and of nothing behind it: that is another question.
void Resolver::follow(Instant now, Question& question, const Response& response) {
  question.name = response.name;
  question.aliases = response.aliases;
  question.ttl = std::min(question.ttl, response.ttl);
  question.round = 0;
  question.tried = 0;
  question.any_silent = false;
  attempt(now, question);
}

// An answer that has expired is better than none (RFC 8767 section 5).
void Resolver::give_up(Instant now, Question& question) {
  timers_.stop(question.slot);
  const Answer* const old = cache_.find(question.key);
  const bool serves = old != nullptr && old->outcome == Outcome::records &&
                      now - old->fresh_until < settings_.stale_for;
  if (serves) {
    ++counters_.stale;
    return finish(now, question,
                  {old->outcome, old->records, old->fresh_until, now + settings_.stale_kept});
  }
  ++counters_.failed;
  const Instant expires = now + settings_.failure_kept;
  finish(now, question, {Outcome::failed, {}, expires, expires});
}

// What lives for no time is for those who have asked, and nobody else.
void Resolver::finish(Instant now, Question& question, const Answer& answer) {
  question.answer = answer;
  if (answer.expires > now) cache_.put(question.key, answer);
  by_key_.erase(question.key.low, question.slot);
  if (question.stage == Stage::asking || question.stage == Stage::to_send) {
    const bool pushed = done_with_socket_.push(questions_.handle_of(question.slot));
    SIPRING_ASSERT(pushed);
  }
  move(question, Stage::finished);
}

std::optional<Answered> Resolver::tell_one() {
  while (Question* const question = list_of(Stage::finished).first()) {
    if (Waiter* const waiter = question->waiters.first()) {
      Answered told{waiter->attached, question->answer};
      question->waiters.remove(*waiter);
      waiters_.release(waiters_.handle_of(waiter->slot));
      return told;
    }
    list_of(Stage::finished).remove(*question);
    questions_.release(questions_.handle_of(question->slot));
  }
  return std::nullopt;
}

// One that nobody waits for any longer, before it was asked.
void Resolver::close(Question& question) {
  by_key_.erase(question.key.low, question.slot);
  list_of(question.stage).remove(question);
  questions_.release(questions_.handle_of(question.slot));
}

}  // namespace sipring::dns
