// Question: something that is being asked of the name servers, and who waits for the answer. One
// for each name and type, however many ask.
//
//   waiting ──▶ to_send ──▶ asking ──▶ finished
//                  ▲           │ no answer, a server's error, TC, a CNAME, the next search domain
//                  └───────────┘
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/detail/response.h>
#include <sipring/core/dns/detail/servers.h>
#include <sipring/core/dns/name.h>
#include <sipring/core/dns/record.h>
#include <sipring/core/time.h>
#include <sipring/pools/detail/list.h>
#include <sipring/pools/hash.h>

#include <cstdint>

namespace sipring::dns {

struct Question;

// One who waits for the answer.
struct Waiter {
  List<Waiter>::Link link;
  Question* question = nullptr;
  std::uint64_t attached = 0;
  std::uint32_t slot = 0;  // in the pool
};

struct Question {
  enum class Stage : std::uint8_t {
    waiting,   // as many are asked as may be at once
    to_send,   // SendQuery is due
    asking,    // a server has it
    finished,  // the waiters are being told
  };

  List<Question>::Link link;  // in the list of its stage
  List<Waiter> waiters;
  Hash128 key;     // of what was asked for, under which the answer is kept
  Name asked;      // what was asked for
  Name candidate;  // the same with a search domain behind it, or none
  Name name;       // the candidate, or where CNAMEs have led from it
  Answer answer;
  Instant began;
  std::uint32_t slot = 0;                          // in the pool
  std::uint32_t step = 0;                          // which candidate
  std::uint32_t aliases = 0;                       // CNAMEs from the candidate to the name
  std::uint32_t ttl = 0;                           // seconds, of these CNAMEs
  std::uint32_t negative_ttl = most_negative_ttl;  // the shortest of the candidates before
  std::uint32_t server = 0;
  std::uint32_t round = 0;  // through all servers
  std::uint16_t id = 0;
  RecordType type = RecordType::a;
  Stage stage = Stage::waiting;
  Outcome negative = Outcome::no_name;  // the best of the candidates before
  Servers::Tried tried = 0;             // in this round
  bool any_silent = false;              // in this round
  bool is_prefetched = false;           // asked though nobody waits yet
  bool by_tcp = false;
  bool edns = true;
};

}  // namespace sipring::dns
