// SPDX-License-Identifier: MIT
#include "tests/simulation/ledger.h"

#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/message.h>

#include <algorithm>

#include "tests/simulation/broken.h"

namespace sipring::simulation {

Tally& Tally::operator+=(const Tally& other) {
  clients += other.clients, servers += other.servers, finals += other.finals;
  timeouts += other.timeouts, failures += other.failures, cancels += other.cancels;
  acknowledgements += other.acknowledgements, crossed += other.crossed;
  return *this;
}

void Ledger::occupy(Handle<Transaction> handle) {
  if (handle.slot >= alive_.size()) alive_.resize(handle.slot + 1);
  if (alive_[handle.slot] != 0) displaced_.push_back({handle.slot, alive_[handle.slot]});
  alive_[handle.slot] = handle.generation;
}

void Ledger::vacate(const Terminated& end) {
  const auto displaced = std::ranges::find(displaced_, end.transaction);
  if (displaced == displaced_.end()) {
    alive_[end.transaction.slot] = 0;
    return;
  }
  require(end.reason == EndReason::forgotten, "a slot is taken before its transaction has ended");
  displaced_.erase(displaced);
}

void Ledger::settle() const {
  require(displaced_.empty(), "two transactions alive under one handle");
}

void Ledger::sent(std::uint64_t attached, Entry entry) {
  ++tally_.clients;
  occupy(entry.handle);
  entries_.emplace(attached, std::move(entry));
}

void Ledger::received(std::uint64_t attached, Entry entry) {
  ++tally_.servers;
  occupy(entry.handle);
  if (entry.is_invite) server_calls_.emplace(entry.call_id, attached);
  entries_.emplace(attached, std::move(entry));
}

void Ledger::answered(std::uint64_t attached, int status) {
  if (status >= 200) entries_.at(attached).final = status;
}

void Ledger::on_response(const ResponseReceived& response) {
  Entry& entry = live(response.attached, response.transaction);
  const int status = response.message->status();
  require(entry.is_client, "a response for a server transaction");
  require(!entry.timed_out && !entry.failed, "a response after a timeout or a transport error");
  const auto cseq = parse_cseq(response.message->first(HeaderId::cseq).value_or(""));
  require(cseq && (cseq->method == Method::invite) == entry.is_invite,
          "a response to another method");
  if (checks_calls_) {
    require(response.message->first(HeaderId::call_id) == entry.call_id,
            "a response of another call");
  }
  if (entry.final != 0) {
    require(status >= 200, "a provisional response after a final one");
    const bool may_follow = entry.is_invite && entry.final < 300 && status < 300;
    require(may_follow, "a second final response");
    return;
  }
  if (status < 200) return;
  ++tally_.finals;
  if (entry.cancelled && status < 300) ++tally_.crossed;
  entry.final = status;
}

// The ACK for a 2xx has no transaction: it belongs to the calls with its Call-ID.
void Ledger::on_acknowledgement(std::string_view call_id) {
  ++tally_.acknowledgements;
  const auto [first, last] = server_calls_.equal_range(call_id);
  for (auto it = first; it != last; ++it) entries_.at(it->second).acknowledged = true;
}

void Ledger::on_cancelled(const Cancelled& cancelled) {
  Entry& entry = live(cancelled.attached, cancelled.invite);
  ++tally_.cancels;
  require(!entry.is_client && entry.is_invite, "a CANCEL for what is no INVITE of a client's");
  require(entry.final == 0, "word of a CANCEL after the final response");
  require(!entry.cancelled, "word of a CANCEL twice");
  entry.cancelled = true;
}

void Ledger::on_timed_out(Instant now, const TimedOut& timeout) {
  Entry& entry = live(timeout.attached, timeout.transaction);
  ++tally_.timeouts;
  require(!entry.timed_out && !entry.failed, "a second outcome");
  require(now >= entry.begun + 64 * timers_.t1, "a timeout before its time");
  if (entry.is_client) {
    require(entry.final == 0, "a timeout after the final response");
  } else if (entry.is_invite) {
    require(entry.final >= 300, "no ACK is awaited but for a 300 to 699");
  } else {
    require(entry.final == 0, "an answered request is reported as unanswered");
  }
  entry.timed_out = true;
}

// An INVITE's server hears of it, and nothing else changes. A client's ACK may fail after the
// outcome.
void Ledger::on_transport_failed(const TransportFailed& failure) {
  Entry& entry = live(failure.attached, failure.transaction);
  ++tally_.failures;
  if (!entry.is_client && entry.is_invite) return;
  if (!entry.is_client) {
    require(!entry.timed_out && !entry.failed, "a second outcome");
    entry.failed = true;  // sections 17.2.2, 17.2.4: before the final response or after it
    return;
  }
  require(!entry.timed_out && !entry.failed, "a second outcome");
  const bool ack_failed = entry.is_invite && entry.final >= 300;
  require(entry.final == 0 || ack_failed, "a transport error after the final response");
  entry.failed = true;
}

void Ledger::on_terminated(Instant now, const Terminated& end) {
  const Entry& entry = live(end.attached, end.transaction);
  const bool has_outcome = entry.final != 0 || entry.timed_out || entry.failed;
  // A request that found no buffer to wait in: the engine has answered 503 when its outputs were
  // taken.
  const bool given_up = !entry.is_client && entry.begun == now;
  require(has_outcome || given_up, "a transaction ended without an outcome");
  if (!entry.is_client && entry.is_invite) {
    const auto [first, last] = server_calls_.equal_range(entry.call_id);
    for (auto it = first; it != last; ++it) {
      if (it->second != end.attached) continue;
      server_calls_.erase(it);
      break;
    }
  }
  remember_ended(entry.handle);
  vacate(end);
  entries_.erase(end.attached);
}

Entry* Ledger::find(std::uint64_t attached) {
  const auto it = entries_.find(attached);
  return it == entries_.end() ? nullptr : &it->second;
}

Entry& Ledger::live(std::uint64_t attached, Handle<Transaction> handle) {
  Entry* entry = find(attached);
  require(entry != nullptr, "word of a transaction that has ended or never was");
  require(entry->handle == handle, "a transaction has two handles");
  return *entry;
}

void Ledger::remember_ended(Handle<Transaction> handle) {
  constexpr std::size_t enough = 256;
  if (ended_.size() < enough) ended_.resize(enough);
  ended_[next_ended_++ % enough] = handle;
}

std::optional<Handle<Transaction>> Ledger::some_ended(std::uint64_t chance) const {
  if (next_ended_ == 0) return std::nullopt;
  return ended_[chance % std::min(next_ended_, ended_.size())];
}

}  // namespace sipring::simulation
