// What calls are made with: capacities, times, and how peers reach us.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/shard_mark.h>
#include <sipring/core/transaction/timers.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sipring {

// How peers reach us through one listener: what stands in Via and Contact.
struct LocalEndpoint {
  std::string sent_by;  // "host" or "host:port"
  std::string contact;  // "<sip:user@host:port>"
  // The same for dialogs that a sips URI has made (RFC 3261 section 12.1.1); empty: `contact`.
  std::string secure_contact = {};
};
// Of a listener of this transport, or of what we connect by: Contacts without a user part, and a
// secure one where TLS is below.
[[nodiscard]] LocalEndpoint local_endpoint(std::string sent_by, Transport transport);

struct CallSettings {
  std::vector<LocalEndpoint> endpoints = {};  // by the slot of a listener's flow
  TimerSettings timers = {};                  // as the engine's
  ShardMark mark = {};                        // as the engine's
  // Whether a Call-ID that we make has its home here; empty: any has.
  std::function<bool(std::string_view)> is_home = {};
  // Session timer (RFC 4028), in seconds: what we ask for, 0: we ask for none; and the least that
  // we take, at least 90.
  std::uint32_t session_expires = 0;
  std::uint32_t min_se = 90;
  // What the user takes beside what calls do: methods, in Allow ("REGISTER"); extensions, in
  // Supported, none of which is then a reason for 420 ("siprec"); media types of bodies and parts,
  // in Accept ("application/isup"). Of such a body nothing is read but its type.
  std::vector<std::string> methods = {};
  std::vector<std::string> extensions = {};
  std::vector<std::string> body_types = {};
  // Provisional responses with a description are reliable where the far side can (RFC 3262).
  bool reliable_provisionals = true;
  // A 3xx, and a failure behind one, is told as Redirected while a target is left that has not been
  // tried.
  bool tells_redirections = false;
  // How long an offer within a call may wait for its answer, before it is refused with 488;
  // and Redirected, before the call ends.
  Duration answer_within = std::chrono::seconds(20);
  // The flow of a call of ours is kept alive where the far side agrees (RFC 6223); the engine's
  // FlowSettings::offers_keep_alives offers it.
  bool keeps_alive = false;
  // An established call without a session timer is asked by OPTIONS so often whether it is still
  // there. 0: never.
  Duration probe_every{};
};

struct CallLimits {
  std::uint32_t calls = 4'096;            // at once; the next INVITE gets 503
  std::uint32_t forks = 1'024;            // early dialogs of our INVITEs, all calls together
  std::uint32_t outputs = 64;             // that wait to be taken
  std::uint32_t refusals = 1'024;         // final responses that wait for memory
  std::uint32_t retry_after_seconds = 5;  // of a 503
};

// Why a call did not do what it was asked to.
enum class CallError : std::uint8_t {
  stale_call,           // the handle names none
  wrong_state,          // not now
  wrong_status,         // a status that does not fit
  no_destination,       // none is given, and nobody finds one: no sender, or no SIP URI
  offer_pending,        // an offer of ours is not answered yet
  missing_description,  // an offer or answer is needed here
  no_room,              // of calls, transactions, buffers or outputs
  unwritable,           // CR or LF in what was given, or a header field that is missing
  too_large,            // for a message
  leaving,              // end_all() has been called
  overloaded_peer,      // the next hop asks for less (RFC 7339)
};
[[nodiscard]] std::string_view to_string(CallError error);  // "stale_call"

}  // namespace sipring
