// Sender: sends a request to where its URI leads, and to the next target when that one fails: RFC
// 3263 section 4.3, RFC 3261 sections 8.1.2 and 18.1.1. It stands between a transaction user and
// the engine; each target is a new Via, and so a new client transaction, but the user sees one
// request, with its history.
//
//   sender.send(now, destination, request, user);
//   while (auto output = engine.next_output()) {
//     const Sender::Verdict verdict = sender.take(now, *output);
//     if (verdict.kind == Sender::Verdict::Kind::swallowed) continue;   // another target is tried
//     ...   // as ever; where it is `passed`, `verdict.attached` is the user's word
//   }
//   while (auto ended = sender.next_ended()) ...       // no target, or none left
//
// A target failed when it times out without any response, when the transport fails, or when it
// answers 503; Retry-After is obeyed by sending nobody there for so long. What the last target said
// is passed up as it is.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/connections.h>
#include <sipring/core/dns/resolver.h>
#include <sipring/core/engine.h>
#include <sipring/core/routing/destination.h>
#include <sipring/core/routing/detail/known_targets.h>
#include <sipring/core/routing/health.h>
#include <sipring/core/routing/target_search.h>
#include <sipring/core/sending/detail/kept_request.h>
#include <sipring/core/sending/detail/sending.h>
#include <sipring/core/time.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/detail/list.h>
#include <sipring/pools/handle.h>
#include <sipring/pools/pool.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sipring {

// What we send from: a listener, or (flow null) whatever reaches the destination.
struct Origin {
  Transport transport = Transport::udp;
  IpAddress::Family family = IpAddress::Family::v4;
  Flow flow = {};
  std::string sent_by;  // of the Via
};

struct SenderSettings {
  std::vector<Origin> origins;  // what we can do is what these can; an earlier one is preferred
  bool v6_first = false;
  std::uint32_t sendings = 16'384;  // on their way at once
  std::size_t kept_bytes = std::size_t{24} << 20;
  KnownTargetsLimits known_targets = {};
  std::uint32_t headers = 128;  // of one request
  // Octets of a request by UDP; above, it goes by TCP where the target has none of its own
  // (section 18.1.1: 1300, or 200 below the path's MTU where that is known).
  std::size_t most_by_udp = 1'300;
};

struct SenderCounters {
  std::uint64_t sent = 0;                                              // requests
  std::uint64_t known = 0;                                             // of these, without a search
  std::uint64_t failovers = 0;                                         // attempts after the first
  std::uint64_t timed_out = 0, transport_failed = 0, unavailable = 0;  // attempts
  std::uint64_t by_tcp_for_size = 0;
  std::uint64_t back_to_udp = 0;
  std::uint64_t unreachable = 0;  // requests that no target was found for, or none was left
};

class Sender {
 public:
  // All of them outlive it.
  struct Parts {
    Engine& engine;
    dns::Resolver& resolver;
    Health& health;
    // With them a request by TLS or WebSocket leaves by a connection to its domain, which TLS
    // verifies (RFC 5922 section 4), and not just to its address.
    Connections* connections = nullptr;
  };
  // `seed`: of the choices by weight, and of its hash table.
  Sender(const SenderSettings& settings, const Parts& parts, std::uint64_t seed,
         std::pmr::memory_resource& memory);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // `request` without destination, flow and sent_by. An error is the engine's and says that nothing
  // was sent; that there is no target is told by next_ended(). `connection`: which of several side
  // by side to a target (ConnectionTarget::number), where it is a stream's.
  std::expected<Handle<Sending>, SendError> send(Instant now, const Destination& destination,
                                                 const Request& request, std::uint64_t attached,
                                                 std::uint32_t connection = 0);
  // An INVITE, as Engine::cancel(); one that waits for its name servers ends at once. No further
  // target is tried.
  std::expected<void, SendError> cancel(Instant now, Handle<Sending> sending);

  struct Verdict {
    enum class Kind : std::uint8_t { not_ours, swallowed, passed };
    Kind kind = Kind::not_ours;
    Handle<Sending> sending = {};  // valid at least until its Terminated has been taken
    std::uint64_t attached = 0;
  };
  // Every output of the engine but Transmit, before its user sees it. A sending lasts until the
  // last of its transactions has terminated; of those of earlier attempts nobody else hears.
  [[nodiscard]] Verdict take(Instant now, const Output& output);
  // Of the resolver, for a question of ours; its `attached` is the sending.
  void take(Instant now, const dns::Answered& answered);

  // A request that ended and of which the engine has nothing to say.
  struct Ended {
    Handle<Sending> sending;  // until the next call
    std::uint64_t attached = 0;
    std::uint16_t status = 503;  // what it is to its user: 408 after a time-out (section 8.1.3.1)
    NoTarget reason = NoTarget::all_tried;
  };
  [[nodiscard]] std::optional<Ended> next_ended();

  // What there is to send from has changed; what is known of targets is forgotten with it.
  void send_from(const std::vector<Origin>& origins);

  // Each target that was tried, in order; empty when the handle is stale.
  [[nodiscard]] std::span<const Attempt> history(Handle<Sending> sending);
  [[nodiscard]] const Capabilities& capabilities() const { return capabilities_; }
  [[nodiscard]] const SenderCounters& counters() const { return counters_; }
  [[nodiscard]] std::uint32_t sendings() const { return sendings_.size(); }

 private:
  enum class Progress : std::uint8_t { sent, asking, no_target, refused };

  Progress begin(Instant now, Sending& sending, const Request& request);
  Progress go_on(Instant now, Sending& sending, const Request* request);
  Progress attempt(Instant now, Sending& sending, NetworkAddress target, const Request* request);
  Progress ask(Instant now, Sending& sending, const TargetQuery& query);
  void learn(Sending& sending, const dns::Answer& answer);
  Verdict on_response(Instant now, Sending& sending, const ResponseReceived& response);
  Verdict on_terminated(const Terminated& terminated);
  Verdict fail(Instant now, Sending& sending, AttemptEnd end);
  Verdict passed(const Sending& sending);
  [[nodiscard]] const Origin* origin_for(const NetworkAddress& target) const;
  [[nodiscard]] std::expected<Flow, StreamSendError> flow_to(Instant now, const Sending& sending,
                                                             const NetworkAddress& target,
                                                             const Origin& origin) const;
  [[nodiscard]] bool is_too_large_for_udp(const Sending& sending, const Origin& origin) const;
  Sending* find(std::uint64_t word, Handle<Transaction> transaction);
  void end(Sending& sending);
  static void end_of_targets(Sending& sending);
  void release(Sending& sending);
  void release_if_over(Sending& sending);
  Attempt& last_attempt(Sending& sending) { return sending.attempts[sending.attempt_count - 1u]; }
  static std::uint64_t word_of(Handle<Sending> handle) {
    return std::uint64_t{handle.generation} << 32 | handle.slot;
  }
  static Handle<Sending> handle_of(std::uint64_t word) {
    return {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32)};
  }

  SenderSettings settings_;
  Capabilities capabilities_;
  Engine& engine_;
  dns::Resolver& resolver_;
  Health& health_;
  Connections* connections_;
  SplitMix64 seeds_;
  BufferPool kept_;
  KeptReader reader_;
  KnownTargets known_;
  Pool<Sending> sendings_;
  List<Sending> ended_;
  Sending* told_ = nullptr;  // by next_ended(), to be released by the next call
  SendError refusal_ = SendError::no_transactions;
  SenderCounters counters_;
};

}  // namespace sipring
