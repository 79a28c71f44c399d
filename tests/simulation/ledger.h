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
#include <string>
#include <string_view>
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
  bool cancelled = false;     // server: told of a CANCEL
  bool acknowledged = false;  // server: the ACK for a 2xx has come
};

struct Tally {
  std::uint64_t clients = 0, servers = 0, finals = 0, timeouts = 0, failures = 0, cancels = 0,
                acknowledgements = 0;
};

class Ledger {
 public:
  // `checks_calls`: a response names the call that it answers. Not where the network corrupts.
  Ledger(const TimerSettings& timers, Duration lateness, bool checks_calls)
      : timers_(timers), lateness_(lateness), checks_calls_(checks_calls) {}

  // Our own doing.
  void sent(std::uint64_t user, Entry entry);
  void received(std::uint64_t user, Entry entry);
  void answered(std::uint64_t user, int status);
  // What the engine says.
  void on_response(Instant now, const ResponseReceived& response);
  void on_acknowledgement(std::string_view call_id);
  void on_cancelled(const Cancelled& cancelled);
  void on_timed_out(Instant now, const TimedOut& timeout);
  void on_transport_failed(Instant now, const TransportFailed& failure);
  void on_terminated(Instant now, const Terminated& end);

  // nullptr: it has ended.
  [[nodiscard]] Entry* find(std::uint64_t user);
  [[nodiscard]] std::size_t alive() const { return entries_.size(); }
  [[nodiscard]] const std::map<std::uint64_t, Entry>& entries() const { return entries_; }
  // Handles of transactions that have ended; the engine must refuse them.
  [[nodiscard]] const std::vector<Handle<Transaction>>& ended() const { return ended_; }
  [[nodiscard]] const Tally& tally() const { return tally_; }

 private:
  Entry& live(std::uint64_t user, Handle<Transaction> handle);
  void check_time(Instant now, const Entry& entry) const;

  TimerSettings timers_;
  Duration lateness_;
  bool checks_calls_;
  std::map<std::uint64_t, Entry> entries_;
  std::multimap<std::string, std::uint64_t, std::less<>> server_calls_;
  std::vector<Handle<Transaction>> ended_;
  Tally tally_;
};

}  // namespace sipring::simulation
