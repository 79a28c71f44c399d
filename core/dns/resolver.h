// Resolver: asks name servers, and remembers: a stub (RFC 1034 section 5.3.1) without sockets,
// clock or threads.
//
// A name that is known (the hosts table, the cache) is answered at once. Otherwise its question
// goes out once, however many ask, and each gets an Answered. The order of the servers, retries,
// time-outs, TCP for what is truncated, CNAMEs and the search list are decided here. After each
// call, take outputs with next_output() until there are none.
//
// Against forged answers (RFC 5452): each query has a random id, a socket of its own with a random
// port, and an answer must come from the server, with the id and the question.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/detail/cache.h>
#include <sipring/core/dns/detail/hosts.h>
#include <sipring/core/dns/detail/question.h>
#include <sipring/core/dns/detail/response.h>
#include <sipring/core/dns/detail/servers.h>
#include <sipring/core/dns/record.h>
#include <sipring/core/dns/resolver_settings.h>
#include <sipring/core/entropy.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/detail/list.h>
#include <sipring/pools/detail/ring.h>
#include <sipring/pools/handle.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/table.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <variant>

namespace sipring::dns {

// For io: send these octets to the server from a socket that nobody has used. One that the question
// had before is done with. By TCP (server.transport) their length stands in front of them (RFC 7766
// section 8), and of the answer only what follows its length is to be given back.
struct SendQuery {
  Handle<Question> question;
  NetworkAddress server;
  Ref<Buffer> bytes;
};
// For io: the question's socket is done with.
struct EndQuery {
  Handle<Question> question;
};
// For who asked.
struct Answered {
  std::uint64_t attached = 0;
  Answer answer;
};
using ResolverOutput = std::variant<SendQuery, EndQuery, Answered>;

struct ResolverCounters {
  std::uint64_t asked = 0;       // calls of ask() and prefetch()
  std::uint64_t from_cache = 0;  // of these, answered at once
  std::uint64_t merged = 0;      // of these, joined a question on its way
  std::uint64_t queries = 0;     // sent
  std::uint64_t by_tcp = 0;      // of these
  std::uint64_t timeouts = 0;    // queries that no answer came to
  std::uint64_t refused = 0;     // answers from elsewhere, with another id or another question
  std::uint64_t server_errors = 0;
  std::uint64_t stale = 0;  // answers that had expired, given since no server answered
  std::uint64_t failed = 0;
  std::uint64_t full = 0;  // no room for a question, a waiter or an answer
};

class Resolver {
 public:
  // `hosts`: the text of a hosts file.
  Resolver(const ResolverSettings& settings, std::string_view hosts, const Entropy& entropy,
           std::pmr::memory_resource& memory);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // What is asked for: an Answer when it is known, or when it cannot be asked (`failed`); else
  // Answered comes with `attached`. `name` may end in a dot: no search domain is tried then.
  using Asked = std::variant<Answer, Handle<Waiter>>;
  [[nodiscard]] Asked ask(Instant now, std::string_view name, RecordType type,
                          std::uint64_t attached);
  // It will be asked for soon: its question goes out now, and whoever asks then joins it or finds
  // the answer.
  void prefetch(Instant now, std::string_view name, RecordType type);
  // Whoever asked does not wait any longer. Harmless when it has been told.
  void forget(Handle<Waiter> waiter);

  // What came on the question's socket.
  void receive(Instant now, Handle<Question> question, const NetworkAddress& source,
               std::string_view message);
  // Its socket failed: the query could not be sent, nobody is there, the connection ended.
  void failed(Instant now, Handle<Question> question);

  void advance(Instant now);
  [[nodiscard]] Instant next_deadline() const { return timers_.next_deadline(); }
  [[nodiscard]] std::optional<ResolverOutput> next_output();

  [[nodiscard]] const ResolverCounters& counters() const { return counters_; }
  [[nodiscard]] const Servers& servers() const { return servers_; }
  [[nodiscard]] std::uint32_t questions() const { return questions_.size(); }  // not answered yet
  [[nodiscard]] std::uint32_t cached() const { return cache_.size(); }

 private:
  // What is known of a name, or its question, on its way or just opened; nullptr: no room for it.
  using Sought = std::variant<Answer, Question*>;
  Sought seek(Instant now, std::string_view name, RecordType type);

  // resolver_asking.cpp
  std::optional<Answer> answer_from_hosts(const Name& name, RecordType type);
  [[nodiscard]] bool searches(const Name& name) const;
  Question* open(Instant now, const Name& name, bool searches, RecordType type, const Hash128& key);
  bool choose_candidate(Question& question);
  void admit();
  void attempt(Instant now, Question& question);
  void timed_out(Instant now, Question& question);
  std::optional<SendQuery> query_of(Question& question);
  Ref<Buffer> write(Question& question);
  void move(Question& question, Question::Stage stage);

  // resolver_answers.cpp
  void take(Instant now, Question& question, const Response& response);
  void accept(Instant now, Question& question, const Response& response);
  void refuse(Instant now, Question& question, const Response& response);
  void follow(Instant now, Question& question, const Response& response);
  void give_up(Instant now, Question& question);
  void finish(Instant now, Question& question, const Answer& answer);
  std::optional<Answered> tell_one();
  void close(Question& question);

  List<Question>& list_of(Question::Stage stage) { return lists_[static_cast<std::size_t>(stage)]; }
  std::uint64_t draw();

  ResolverSettings settings_;
  HashSeed seed_;
  HashSeed id_seed_;
  std::uint64_t drawn_ = 0;
  BufferPool buffers_;
  Cache cache_;
  Hosts hosts_;
  Servers servers_;
  Pool<Question> questions_;
  Table by_key_;  // of the questions that are not finished
  Pool<Waiter> waiters_;
  TimerWheel timers_;  // by question slot
  std::array<List<Question>, 4> lists_;
  std::uint32_t at_once_ = 0;                // questions to_send or asking
  Ring<Handle<Question>> done_with_socket_;  // EndQuery is due
  Instant now_{};
  ResolverCounters counters_;
};

}  // namespace sipring::dns
