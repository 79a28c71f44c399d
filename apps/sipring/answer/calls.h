// Calls: the INVITEs of a shard from their arrival to their ACK (RFC 3261
// sections 13.3, 14.2, 15.1.2).
//
//   ringing ──5 s──▶ answered ──ACK, BYE──▶ forgotten
//   silent ──────────CANCEL, BYE, Expires────▲   (487)
//   answered: the 2xx goes out again at T1, doubling to T2; after 64*T1 without an ACK, a BYE
//
// A call that has its ACK needs no memory: dialog_tag.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <answer/farewell.h>
#include <answer/sdp_answer.h>

#include <sipring/core/dialog/dialog_tag.h>
#include <sipring/core/engine.h>
#include <sipring/core/message/header_block.h>
#include <sipring/core/output.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/table.h>

#include <chrono>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <vector>

namespace sipring::app {

class AuthFile;

struct AnswerOptions {
  std::uint32_t calls = 65'536;  // without an ACK yet, at once; the next one gets 503
  TimerSettings timers = {};     // as the engine's
  Duration ringing = std::chrono::seconds(5);
  std::uint32_t retry_after_seconds = 5;
  std::uint16_t media_port = 9;    // discard (RFC 863)
  std::string advertise = {};      // host in Contact and Via; empty: the listener's address
  ShardMark mark = {};             // as the engine's
  const AuthFile* auth = nullptr;  // who may call; nullptr: everybody
  Duration work{};  // of the CPU, spent on each request: stands for an application in measurements
};

// What has become of calls.
struct AnswerTally {
  std::uint64_t answered = 0;        // 2xx sent
  std::uint64_t acknowledged = 0;    // and its ACK has come
  std::uint64_t unacknowledged = 0;  // 64*T1 without it: BYE sent
  std::uint64_t refused = 0;         // 3xx to 6xx sent, 487 apart
  std::uint64_t cancelled = 0;       // 487 sent
  std::uint64_t hung_up = 0;         // BYE received for a dialog of ours
  AnswerTally& operator+=(const AnswerTally& other);
};

struct Call {
  enum class Phase : std::uint8_t {
    ringing,   // 180 sent; answered at `answer_at`
    silent,    // 180 sent, and repeated every minute for the proxies' timer C (section 13.3.1.1)
    answered,  // 2xx sent
    owing,     // no final response could be sent for want of memory: tried again
  };
  Handle<Transaction> invite;
  Phase phase = Phase::ringing;
  bool is_indexed = false;  // a re-INVITE's: `tag` was made for an earlier call
  std::uint32_t cseq = 0;   // of the INVITE, which its ACK repeats
  DialogTag tag;
  NetworkAddress source;
  Flow flow;
  std::size_t endpoint = 0;  // its index
  Instant answer_at = never;
  Instant expires_at = never;  // Expires of the INVITE, or 64*T1 after the 2xx
  Duration interval{};         // until the 2xx goes out again
  Farewell farewell;
};

class Calls {
 public:
  Calls(const AnswerOptions& options, std::span<const Endpoint> endpoints, const Entropy& entropy,
        std::pmr::memory_resource& memory);
  // One more, the last of these, which lie elsewhere now.
  void add_endpoint(std::span<const Endpoint> endpoints);

  // An INVITE that nothing speaks against; it has been looked at by refusal.h.
  void on_invite(Engine& engine, Instant now, const RequestReceived& invite);
  void on_ack(Engine& engine, const Envelope& ack);
  void on_bye(Engine& engine, Instant now, const RequestReceived& bye);
  void on_cancel(Engine& engine, Instant now, const Cancelled& cancelled);
  void on_terminated(Engine& engine, Instant now, const Terminated& terminated);

  [[nodiscard]] Instant next_deadline() const { return timers_.next_deadline(); }
  void advance(Engine& engine, Instant now);

  // A final response for a transaction without a call. When it cannot be sent now it will be a 503.
  void refuse(Engine& engine, Instant now, Handle<Transaction> transaction,
              const Response& response);

  [[nodiscard]] const DialogTags& tags() const { return tags_; }
  [[nodiscard]] const AnswerTally& tally() const { return tally_; }
  [[nodiscard]] std::uint32_t alive() const { return pool_.size(); }
  [[nodiscard]] SdpOrigin origin(const DialogTag& tag, std::uint32_t cseq,
                                 const Endpoint& local) const;

 private:
  struct Place;  // engine, now
  enum class Manner : std::uint8_t { at_once, ring, silent };

  std::optional<DialogTag> recognize(const Envelope& request) const;
  Handle<Call> find(const DialogTag& tag);
  // Of a dialog that has a tag, or begins one.
  Handle<Call> begin(const Place& place, const RequestReceived& invite,
                     const std::optional<DialogTag>& tag);
  void end(Engine& engine, Handle<Call> handle);
  void proceed(const Place& place, Handle<Call> handle, Manner manner);
  bool make_way(const Place& place, const RequestReceived& invite, const DialogTag& tag);
  std::expected<void, SdpError> describe(const Message& invite, const Call& call);
  void answer(const Place& place, Handle<Call> handle, const Message& invite);
  void ring(const Place& place, Call& call);
  void cancel(const Place& place, Handle<Call> handle);
  void finish(const Place& place, Handle<Call> handle, const Response& response);
  void refuse_session(const Place& place, Handle<Call> handle, SdpError error);
  void hang_up(const Place& place, Handle<Call> handle);
  void on_due(const Place& place, Handle<Call> handle);
  void repeat_answer(const Place& place, Handle<Call> handle);
  void wake_at(Handle<Call> handle, Instant deadline);
  void refuse_later(const Place& place, Handle<Transaction> transaction);

  AnswerOptions options_;
  std::span<const Endpoint> endpoints_;
  DialogTags tags_;
  // Of responses that make a dialog, for each endpoint.
  struct Lines {
    explicit Lines(const Endpoint& endpoint);
    HeaderBlock ringing, answered;
  };
  std::vector<Lines> lines_;
  Pool<Call> pool_;
  Table index_;  // re-INVITEs by tag
  TimerWheel timers_;
  Message unacknowledged_;  // an INVITE without an ACK, parsed anew for its BYE
  SdpText session_;
  AnswerTally tally_;
};

}  // namespace sipring::app
