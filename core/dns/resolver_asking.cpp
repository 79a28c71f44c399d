// What is asked of whom, and when.
// SPDX-License-Identifier: MIT
#include <sipring/core/dns/resolver.h>

#include <sipring/pools/assert.h>

#include <algorithm>
#include <span>

namespace sipring::dns {
namespace {

using Stage = Question::Stage;

constexpr std::size_t length_octets = 2;  // in front of a message by TCP

bool is_of(RecordType type, IpAddress::Family family) {
  return type == (family == IpAddress::Family::v4 ? RecordType::a : RecordType::aaaa);
}

}  // namespace

// A name of the hosts table is a host: no services are asked for it.
std::optional<Answer> Resolver::answer_from_hosts(const Name& name, RecordType type) {
  const std::string_view host = name.host();
  const Hosts::Known known = hosts_.know(host);
  if (known == Hosts::Known::no) return std::nullopt;
  if (known == Hosts::Known::never_there) {
    return Answer{Outcome::no_name, {}, never, never};
  }
  Answer answer{Outcome::no_data, {}, never, never};
  RecordsWriter::Size size;
  hosts_.each(host, [&](const IpAddress& address) {
    if (is_of(type, address.family)) size.add({});
  });
  if (size.records == 0 || host.size() != name.view().size()) return answer;
  std::optional<RecordsWriter> writer;
  do {
    writer.emplace(size, buffers_);
  } while (!writer->is_open() && cache_.make_room());
  if (!writer->is_open()) return Answer{};
  hosts_.each(host, [&](const IpAddress& address) {
    if (is_of(type, address.family)) writer->add({.address = address});
  });
  answer.outcome = Outcome::records;
  answer.records = writer->take();
  return answer;
}

// The labels of a service are no dots of its host.
bool Resolver::searches(const Name& name) const {
  return !settings_.search.empty() &&
         static_cast<std::size_t>(std::ranges::count(name.host(), '.')) < settings_.ndots;
}

Question* Resolver::open(Instant now, const Name& name, bool searches, RecordType type,
                         const Hash128& key) {
  if (servers_.size() == 0) return nullptr;
  const Handle<Question> handle = questions_.acquire();
  if (!handle) return nullptr;
  Question& question = questions_.at(handle.slot);
  question.key = key;
  question.asked = name;
  question.type = type;
  question.slot = handle.slot;
  question.began = now;
  if (!searches) question.step = static_cast<std::uint32_t>(settings_.search.size());
  const bool inserted = by_key_.insert(key.low, handle.slot);
  SIPRING_ASSERT(inserted);
  const bool chosen = choose_candidate(question);  // the name itself is one
  SIPRING_ASSERT(chosen);
  list_of(Stage::waiting).push_back(question);
  return &question;
}

// The name with the search domains behind it, one after the other, then the name itself. False:
// there is no other.
bool Resolver::choose_candidate(Question& question) {
  const auto domains = static_cast<std::uint32_t>(settings_.search.size());
  while (question.step <= domains) {
    question.candidate = question.asked;
    const bool fits =
        question.step == domains || question.candidate.add(settings_.search[question.step]);
    ++question.step;
    if (!fits) continue;
    question.name = question.candidate;
    question.aliases = 0;
    question.ttl = most_ttl;
    question.round = 0;
    question.tried = 0;
    question.any_silent = false;
    return true;
  }
  return false;
}

void Resolver::move(Question& question, Stage stage) {
  const auto counts = [](Stage one) { return one == Stage::to_send || one == Stage::asking; };
  list_of(question.stage).remove(question);
  at_once_ += static_cast<std::uint32_t>(counts(stage)) -
              static_cast<std::uint32_t>(counts(question.stage));
  question.stage = stage;
  list_of(stage).push_back(question);
}

// In the order in which they came.
void Resolver::admit() {
  while (at_once_ < settings_.limits.at_once) {
    Question* const question = list_of(Stage::waiting).first();
    if (question == nullptr) return;
    if (question->waiters.empty() && !question->is_prefetched) {
      close(*question);
      continue;
    }
    attempt(now_, *question);
  }
}

// To the next server that has not been asked in this round, or in the next round.
void Resolver::attempt(Instant now, Question& question) {
  const bool patient = now - question.began < settings_.patience;
  std::optional<std::uint32_t> server = servers_.choose(now, question.tried);
  if (!server && question.any_silent && ++question.round < settings_.rounds) {
    question.tried = 0;
    question.any_silent = false;
    server = servers_.choose(now, 0);
  }
  if (!server || !patient) return give_up(now, question);
  question.server = *server;
  question.tried = static_cast<Servers::Tried>(question.tried | 1U << *server);
  question.by_tcp = false;
  question.edns = true;
  move(question, Stage::to_send);
}

void Resolver::timed_out(Instant now, Question& question) {
  ++counters_.timeouts;
  question.any_silent = true;
  if (!question.by_tcp) servers_.was_silent(question.server, now);
  attempt(now, question);
}

std::optional<SendQuery> Resolver::query_of(Question& question) {
  Ref<Buffer> bytes = write(question);
  if (!bytes) {
    ++counters_.full;
    give_up(now_, question);
    return std::nullopt;
  }
  NetworkAddress server = servers_.address(question.server);
  server.transport = question.by_tcp ? Transport::tcp : Transport::udp;
  const Duration timeout = question.by_tcp
                               ? settings_.timeout_by_tcp
                               : settings_.timeout * (std::int64_t{1} << question.round);
  const Instant patience_ends = question.began + settings_.patience;
  const Instant deadline = std::max(std::min(now_ + timeout, patience_ends), now_);
  servers_.asked(question.server, now_, timeout);
  timers_.arm(question.slot, deadline);
  move(question, Stage::asking);
  ++counters_.queries;
  counters_.by_tcp += static_cast<std::uint64_t>(question.by_tcp);
  return SendQuery{questions_.handle_of(question.slot), server, std::move(bytes)};
}

Ref<Buffer> Resolver::write(Question& question) {
  const std::size_t front = question.by_tcp ? length_octets : 0;
  Ref<Buffer> bytes;
  do {
    bytes = buffers_.acquire(length_octets + most_query_octets);
  } while (!bytes && cache_.make_room());
  if (!bytes) return bytes;
  question.id = static_cast<std::uint16_t>(draw());
  const std::span<char, most_query_octets> room(bytes->data() + front, most_query_octets);
  const std::size_t size =
      write_query(room, {question.id, &question.name, question.type, question.edns});
  if (front != 0) {
    bytes->data()[0] = static_cast<char>(size >> 8);
    bytes->data()[1] = static_cast<char>(size & 0xff);
  }
  bytes->resize(static_cast<std::uint32_t>(front + size));
  return bytes;
}

}  // namespace sipring::dns
