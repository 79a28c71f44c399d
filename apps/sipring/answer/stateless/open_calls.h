// OpenCalls: the INVITEs of a shard from their arrival to their ACK (RFC 3261 sections 13.3, 14.2,
// 15.1.2), for `sipring answer --stateless-dialogs`.
//
//   ringing ──5 s──▶ answered ──ACK, BYE──▶ forgotten
//   silent ──────────CANCEL, BYE, Expires────▲   (487)
//   answered: the 2xx goes out again at T1, doubling to T2; after 64*T1 without an ACK, a BYE
//
// A call that has its ACK needs no memory: dialog_tag.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <answer/answer_options.h>
#include <answer/sdp_answer.h>
#include <answer/stateless/kept_invite.h>
#include <answer/tally.h>

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

struct OpenCall {
  enum class Phase : std::uint8_t {
    ringing,     // 180 sent; answered at `answer_at`
    silent,      // 180 sent, and repeated every minute for the proxies' timer C (section 13.3.1.1)
    answered,    // 2xx sent
    unanswered,  // no final response could be sent for want of memory: tried again
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
  KeptInvite kept_invite;
};

class OpenCalls {
 public:
  OpenCalls(const AnswerOptions& options, std::span<const Endpoint> endpoints,
            const Entropy& entropy, std::pmr::memory_resource& memory);
  // One more, the last of these, which lie elsewhere now.
  void add_endpoint(std::span<const Endpoint> endpoints);

  // An INVITE that nothing speaks against; it has been looked at by answer/outside.h.
  void on_invite(Engine& engine, Instant now, const RequestReceived& invite);
  void on_ack(Engine& engine, Instant now, const Envelope& ack);
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
  struct Moment {
    Engine& engine;
    Instant now;
  };
  enum class Manner : std::uint8_t { at_once, ring, silent };

  std::optional<DialogTag> recognize(const Envelope& request) const;
  Handle<OpenCall> find(const DialogTag& tag);
  // Of a dialog that has a tag, or begins one.
  Handle<OpenCall> begin(const Moment& moment, const RequestReceived& invite,
                         const std::optional<DialogTag>& tag);
  void end(Engine& engine, Handle<OpenCall> handle);
  void proceed(const Moment& moment, Handle<OpenCall> handle, Manner manner);
  bool make_way(const Moment& moment, const RequestReceived& invite, const DialogTag& tag);
  std::expected<void, SdpError> describe(const Message& invite, const OpenCall& call);
  void answer(const Moment& moment, Handle<OpenCall> handle, const Message& invite);
  void ring(const Moment& moment, OpenCall& call);
  void cancel(const Moment& moment, Handle<OpenCall> handle);
  void finish(const Moment& moment, Handle<OpenCall> handle, const Response& response);
  void refuse_session(const Moment& moment, Handle<OpenCall> handle, SdpError error);
  void hang_up(const Moment& moment, Handle<OpenCall> handle);
  void on_due(const Moment& moment, Handle<OpenCall> handle);
  void repeat_answer(const Moment& moment, Handle<OpenCall> handle);
  void wake_at(Handle<OpenCall> handle, Instant deadline);
  void refuse_later(const Moment& moment, Handle<Transaction> transaction);

  AnswerOptions options_;
  std::span<const Endpoint> endpoints_;
  DialogTags tags_;
  // Of responses that make a dialog, for each endpoint.
  struct Lines {
    explicit Lines(const Endpoint& endpoint);
    HeaderBlock ringing, answered;
  };
  std::vector<Lines> lines_;
  Pool<OpenCall> pool_;
  Table index_;  // re-INVITEs by tag
  TimerWheel timers_;
  Message unacknowledged_;  // an INVITE without an ACK, parsed anew for its BYE
  SdpText session_;
  AnswerTally tally_;
};

}  // namespace sipring::app
