// Calls: the calls of a shard (RFC 3261 sections 12 to 15, RFC 3262, 3311, 4028, 6141). Outputs of
// the engine go in, outputs of calls come out.
//
//   while (auto output = engine.next_output())
//     if (calls.handle({engine, now}, *output) == Fate::mine)
//       while (auto event = calls.next_output()) ...   // IncomingCall, Established ...
//
// After each call of handle(), advance() and the functions below, take outputs with next_output()
// until there are none: what they point to lives until the next input. A Handle<Call> never
// dangles: a stale one is CallError::stale_call. Descriptions and header fields that are given are
// borrowed until the function returns.
//
// SUBSCRIBE, REFER and Replaces are refused by name: no usage but the INVITE's lives here yet.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/counters.h>
#include <sipring/core/call/output.h>
#include <sipring/core/call/settings.h>
#include <sipring/core/engine.h>
#include <sipring/core/output.h>
#include <sipring/core/sending/sender.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

class Connections;
class Dialog;
class DigestClient;
class KeepAlives;

// Whom the calls ask to send, and the time of it.
struct Moment {
  Engine& engine;
  Instant now;
  // Finds where an INVITE goes that says no destination, and the next target where one fails (RFC
  // 3263). Its engine is the one above.
  Sender* sender = nullptr;
  // Opens a connection anew that has ended below a call. Without, requests by it fail.
  Connections* connections = nullptr;
  // With CallSettings::keeps_alive: pings the flows of calls that it was agreed on for.
  KeepAlives* keep_alives = nullptr;
};

// `passed`: not a call's, and the user's own to handle.
enum class Fate : std::uint8_t { mine, passed };

using Done = std::expected<void, CallError>;

// A body and what belongs to it. A description is application/sdp.
struct Content {
  std::string_view body = {};
  std::string_view type = "application/sdp";
  std::span<const HeaderLine> headers = {};
};

// An INVITE of ours.
struct Invitation {
  std::string_view to = {};           // a URI, or an address with its <>
  std::string_view from = {};         // an address, without a tag
  std::string_view request_uri = {};  // empty: that of `to`
  std::string_view route = {};        // a preloaded route set; empty: none
  // Where it goes. Empty: where its first route or else its URI leads, which Moment::sender finds.
  NetworkAddress destination = {};
  Flow flow = {};               // the listener or connection to send from
  Flow listener = flow;         // whose Via and Contact are used
  std::string_view offer = {};  // empty: theirs is waited for
  std::span<const HeaderLine> headers = {};
  Duration patience{};  // it is cancelled after so long without a final response; 0: never
};

class Calls {
 public:
  Calls(const CallSettings& settings, const CallLimits& limits, const Entropy& entropy,
        std::pmr::memory_resource& memory);
  ~Calls();
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;
  // What the memory resource gives for it, buffers apart.
  [[nodiscard]] static std::size_t bytes_for(const CallLimits& limits);

  // From now on requests carry the credentials that `client` knows, and INVITE, re-INVITE, UPDATE
  // and BYE are sent again when they are challenged (RFC 3261 section 22). An INFO or the like is
  // told as Replied, and goes through when it is sent again. Before the first call; `client`
  // outlives this. Not in bytes_for(): 112 octets a call.
  void authenticate(DigestClient& client);

  // A listener that has come since: its flow's slot, and how peers reach us through it.
  void set_endpoint(std::uint32_t slot, LocalEndpoint endpoint);

  // Every output of the engine but Transmit.
  Fate handle(const Moment& moment, const Output& output);
  [[nodiscard]] std::optional<CallOutput> next_output();
  // Of the sender, for an INVITE of a call's: no target was found, or none was left.
  Fate handle(const Moment& moment, const Sender::Ended& ended);
  // Timers of calls.
  void advance(const Moment& moment);
  [[nodiscard]] Instant next_deadline() const;
  // As Engine::coming_memory(), of calls.
  [[nodiscard]] std::span<std::byte> coming_memory();

  std::expected<Handle<Call>, CallError> invite(const Moment& moment, const Invitation& invitation,
                                                std::uint64_t attached = 0);
  // 101 to 199. With a description it goes reliably where the far side can: then that is the
  // answer, or the offer where none has come, and accept() sends none.
  Done ring(const Moment& moment, Handle<Call> call, std::uint16_t status = 180,
            const Content& content = {});
  // 200: with the answer, or the offer where none has come. Waits for the PRACK of a description
  // that has gone before.
  Done accept(const Moment& moment, Handle<Call> call, const Content& content = {});
  // `reason`: empty: the standard phrase.
  Done reject(const Moment& moment, Handle<Call> call, std::uint16_t status,
              std::span<const HeaderLine> headers = {}, std::string_view reason = {});
  // To Redirected: the same INVITE with the next CSeq. Destination and flow as in Invitation.
  Done follow(const Moment& moment, Handle<Call> call, const NetworkAddress& destination = {},
              Flow flow = {});
  // Of a call of ours that rings at several places: BYE to one of them, by Ringing::branch; the
  // others ring on (RFC 3261 section 15).
  Done end_branch(const Moment& moment, Handle<Call> call, std::uint8_t branch,
                  std::span<const HeaderLine> headers = {});
  // CANCEL, BYE, 603: whichever the state asks for. `headers` go into BYE or 603: a Reason.
  Done end(const Moment& moment, Handle<Call> call, std::span<const HeaderLine> headers = {});

  // All of them, one after the other: what is established by BYE, INVITEs of ours by CANCEL, theirs
  // by 503. What is not done at once is by advance(). From now on INVITEs get 503, and invite()
  // says CallError::leaving.
  void end_all(const Moment& moment);

  // A new offer: by re-INVITE or UPDATE, as the state and the far side allow, and later where
  // neither can go now. 491 and 500 are tried again inside.
  Done offer(const Moment& moment, Handle<Call> call, std::string_view description);
  // A re-INVITE without a description: they offer, and Offered comes.
  Done ask_for_offer(const Moment& moment, Handle<Call> call);
  // To Offered: the answer, or the offer where there was none. A Redirected is refused, too.
  Done answer(const Moment& moment, Handle<Call> call, std::string_view description);
  Done refuse(const Moment& moment, Handle<Call> call, std::uint16_t status = 488,
              std::span<const HeaderLine> headers = {});

  // INFO, MESSAGE, OPTIONS ... within the dialog; Replied tells what comes of it.
  Done request(const Moment& moment, Handle<Call> call, Method method, const Content& content = {});

  // A final response to a request that is no call's. Where it cannot be sent for want of memory an
  // INVITE gets a 503 later, for it would wait for ever.
  void turn_away(const Moment& moment, Handle<Transaction> transaction, const Response& response);

  // The ids, URIs and sequence numbers; nullptr: stale.
  [[nodiscard]] const Dialog* dialog(Handle<Call> call);
  [[nodiscard]] std::optional<CallState> state(Handle<Call> call);
  // The last eight transitions; nullptr: stale.
  [[nodiscard]] const History* history(Handle<Call> call);
  // What is agreed now; empty: nothing.
  [[nodiscard]] std::string_view local_description(Handle<Call> call);
  [[nodiscard]] std::string_view remote_description(Handle<Call> call);
  // Their offer that waits for our answer: of an INVITE, or of Offered. Empty: there is none.
  [[nodiscard]] std::string_view offered(Handle<Call> call);
  // Comes back with every output. False: stale.
  bool attach(Handle<Call> call, std::uint64_t attached);

  [[nodiscard]] std::uint32_t alive() const;
  // The call that a request within a dialog names by its To tag; null or stale: none of ours.
  [[nodiscard]] Handle<Call> named(const Envelope& request) const;
  // The live calls, one after the other: of the first one after `slot`; null: no more.
  [[nodiscard]] Handle<Call> next_call(std::uint32_t& slot);
  [[nodiscard]] const CallCounters& counters() const;
  // Tests only: no call, fork, timer or refusal is left.
  [[nodiscard]] bool is_at_rest() const;
  void fail_nth_call(std::uint64_t nth);

  class Core;

 private:
  std::unique_ptr<Core> core_;
};

}  // namespace sipring
