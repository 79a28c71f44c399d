// Requests: the messages of a load generator, written for a session into fixed texts and handed to
// the engine.
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <load/authorizer.h>
#include <load/phone_numbers.h>
#include <load/session.h>
#include <load/way.h>

#include <sipring/core/dialog/request.h>
#include <sipring/core/engine.h>
#include <sipring/core/sending/sender.h>
#include <sipring/pools/fixed_text.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace sipring::app {

struct Target {
  NetworkAddress address;     // or the first one that a name leads to
  std::string user = "load";  // of the Request-URI; a registration's has its number behind it
  PhoneNumbers phones = {};   // calls go from one of them to another, where there are any
  std::string domain;         // empty: the address
  bool is_sips = false;       // the scheme of the Request-URI
  Endpoint endpoint;          // ours
  Way way;
  // Of a name: requests that begin something go where it leads, and on to the next target.
  Sender* sender = nullptr;
  Destination destination = {};
};

// Why a request of ours is not on its way.
enum class Unsent : std::uint8_t {
  outputs_full,   // the engine's outputs must be taken first
  no_room,        // no transaction or no buffer is left
  no_connection,  // none can be opened now
  unregistered,   // no phone of ours can call
};

class Requests {
 public:
  // `authorizer`: none where it is null; else it outlives this.
  Requests(const Target& target, const SessionNames& names, Authorizer* authorizer = nullptr);

  using Sent = std::expected<void, Unsent>;
  Sent options(Engine& engine, Instant now, Handle<Session> handle, Session& session);
  Sent register_(Engine& engine, Instant now, Handle<Session> handle, Session& session);
  // Of a phone: `handle` is that of all of its registrations (RFC 3261 section 10.2). Expires 0
  // removes it.
  Sent register_phone(Engine& engine, Instant now, Handle<Session> handle, Session& session,
                      std::uint32_t phone, std::uint32_t expires_s);
  Sent invite(Engine& engine, Instant now, Handle<Session> handle, Session& session);
  // In the dialog of the session. `cseq`: of the INVITE.
  Sent ack(Engine& engine, Instant now, Session& session, std::uint32_t cseq);
  // The next change: they are held, or go on.
  Sent reinvite(Engine& engine, Instant now, Handle<Session> handle, Session& session);
  Sent bye(Engine& engine, Instant now, Handle<Session> handle, Session& session);

  // The session has what it needs to begin, and to end.
  void choose_way(Session& session) { target_.way.choose(session); }
  void leave_way(Instant now, const Session& session) { target_.way.leave(now, session); }

  // The description of our media, for an INVITE and for the answer to one of theirs.
  [[nodiscard]] std::string_view session_description() const { return descriptions_[0]; }
  [[nodiscard]] const Endpoint& endpoint() const { return target_.endpoint; }
  [[nodiscard]] const PhoneNumbers& phones() const { return target_.phones; }
  // Of the Contact with which a phone registers: valid until the next call.
  [[nodiscard]] std::string_view contact_uri(std::uint32_t phone);
  [[nodiscard]] std::optional<Handle<Session>> session_of(std::string_view call_id) const {
    return names_.session_of(call_id);
  }

 private:
  static constexpr std::size_t most_lines = 10 + DigestClient::most_realms;

  void begin(std::string_view method, Handle<Session> handle, std::uint32_t cseq,
             std::string_view to, std::string_view from);
  void begin(std::string_view method, Handle<Session> handle, std::uint32_t cseq,
             std::string_view to) {
    begin(method, handle, cseq, to, own_);
  }
  // "sip:load7@192.0.2.1:5060"
  void write_address_of_record(FixedText<512>& text, std::uint32_t phone) const;
  // Of its INVITE: valid until the next call.
  [[nodiscard]] std::string_view request_uri(const Session& session);
  [[nodiscard]] std::string_view contact(const Session& session);
  [[nodiscard]] std::string_view contact_of(std::uint32_t phone);
  [[nodiscard]] bool has_phones() const { return target_.phones.count != 0; }
  void add(std::string_view name, std::string_view value);
  void authorize(std::string_view method, std::string_view uri, std::string_view body,
                 DigestAttempt& attempt);
  [[nodiscard]] Request request(std::string_view method, std::string_view uri,
                                std::string_view body = {}) const;
  Sent send(Engine& engine, Instant now, Request&& request, Handle<Session> handle,
            Session& session);
  Sent send_registration(Engine& engine, Instant now, Handle<Session> handle, Session& session,
                         std::uint32_t expires_s);
  [[nodiscard]] std::expected<Request, Unsent> to_peer(Instant now, const DialogRequest& request,
                                                       Session& session,
                                                       std::string_view body = {});

  Target target_;
  SessionNames names_;
  Authorizer* authorizer_;
  std::string uri_;                          // "sip:load@192.0.2.1:5060"
  std::string registrar_;                    // "sip:192.0.2.1:5060"
  std::string to_;                           // "<sip:load@192.0.2.1:5060>"
  std::string own_;                          // "sip:sipring@192.0.2.2:5060"
  std::array<std::string, 3> descriptions_;  // of the INVITE; held; resumed

  // Of the request that is being written.
  std::array<HeaderLine, most_lines> lines_;
  std::size_t line_count_ = 0;
  FixedText<96> call_id_;
  FixedText<512> from_;
  FixedText<48> cseq_;
  FixedText<512> address_, caller_, contact_;
  FixedText<512> request_uri_;
  FixedText<16> expires_;
};

// The session as a transaction's user word, and back.
[[nodiscard]] inline std::uint64_t word_of(Handle<Session> session) {
  return std::uint64_t{session.generation} << 32 | session.slot;
}
[[nodiscard]] inline Handle<Session> session_of(std::uint64_t word) {
  return {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32)};
}

}  // namespace sipring::app
