// What a transaction user has been told of each of its transactions, and whether that may be: RFC
// 3261 section 17 as its user sees it.
//
// Every transaction ends exactly once. A client transaction has exactly one outcome: a final
// response, a timeout or a transport error; nothing follows but what the RFC allows.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/output.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/timers.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sipring::simulation {

struct Entry {
  Handle<Transaction> handle;
  bool is_client = false;
  bool is_invite = false;
  std::string call_id;
  Instant begun;
  int final = 0;  // its status
  bool timed_out = false;
  bool failed = false;
  bool cancelled = false;     // server: told of a CANCEL; client: the user wants one
  bool acknowledged = false;  // server: the ACK for a 2xx has come
};

struct Tally {
  std::uint64_t clients = 0, servers = 0, finals = 0, timeouts = 0, failures = 0, cancels = 0,
                acknowledgements = 0;
  std::uint64_t crossed = 0;  // a 2xx came for an INVITE that had been cancelled
  Tally& operator+=(const Tally& other);
};

class Ledger {
 public:
  // `checks_calls`: a response names the call that it answers. Not where messages are forged.
  Ledger(const TimerSettings& timers, bool checks_calls)
      : timers_(timers), checks_calls_(checks_calls) {}

  // Our own doing.
  void sent(std::uint64_t attached, Entry entry);
  void received(std::uint64_t attached, Entry entry);
  void answered(std::uint64_t attached, int status);
  void cancelling(std::uint64_t attached) { entries_.at(attached).cancelled = true; }
  // What the engine says.
  void on_response(const ResponseReceived& response);
  void on_acknowledgement(std::string_view call_id);
  void on_cancelled(const Cancelled& cancelled);
  void on_timed_out(Instant now, const TimedOut& timeout);
  void on_transport_failed(const TransportFailed& failure);
  void on_terminated(Instant now, const Terminated& end);
  // There are no more outputs.
  void settle() const;

  // nullptr: it has ended.
  [[nodiscard]] Entry* find(std::uint64_t attached);
  [[nodiscard]] std::size_t alive() const { return entries_.size(); }
  // One of them; nullptr when there is none.
  [[nodiscard]] const Entry* some_alive() const {
    return entries_.empty() ? nullptr : &entries_.begin()->second;
  }
  // A handle of a transaction that has ended; the engine must refuse it.
  [[nodiscard]] std::optional<Handle<Transaction>> some_ended(std::uint64_t chance) const;
  [[nodiscard]] const Tally& tally() const { return tally_; }

 private:
  void occupy(Handle<Transaction> handle);
  void vacate(const Terminated& end);
  void remember_ended(Handle<Transaction> handle);
  Entry& live(std::uint64_t attached, Handle<Transaction> handle);

  TimerSettings timers_;
  bool checks_calls_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::multimap<std::string, std::uint64_t, std::less<>> server_calls_;
  std::vector<std::uint32_t> alive_;  // by slot: the generation of who is known to live there
  // Forgotten, and their slots taken by others, before word of it was taken.
  std::vector<Handle<Transaction>> displaced_;
  std::vector<Handle<Transaction>> ended_;  // some of them
  std::size_t next_ended_ = 0;
  Tally tally_;
};

}  // namespace sipring::simulation
