// SPDX-License-Identifier: MIT
#include <load/requests.h>

#include <sipring/pools/assert.h>

namespace sipring::app {
namespace {

template <class What>
Requests::Sent as_sent(const std::expected<What, SendError>& sent) {
  if (sent) return {};
  return std::unexpected(sent.error() == SendError::outputs_full ? Unsent::outputs_full
                                                                 : Unsent::no_room);
}

std::string description_of(const Endpoint& endpoint, int version, std::string_view direction) {
  const std::string address = (endpoint.ipv6 ? "IN IP6 " : "IN IP4 ") + endpoint.host;
  return "v=0\r\no=- 1 " + std::to_string(version) + " " + address + "\r\ns=-\r\nc=" + address +
         "\r\nt=0 0\r\nm=audio 9 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n" +
         std::string(direction);
}

}  // namespace

Requests::Requests(const Target& target, const SessionNames& names, Authorizer* authorizer)
    : target_(target),
      names_(names),
      authorizer_(authorizer),
      descriptions_{description_of(target.endpoint, 1, ""),
                    description_of(target.endpoint, 2, "a=sendonly\r\n"),
                    description_of(target.endpoint, 3, "a=sendrecv\r\n")} {
  const std::string domain =
      target.domain.empty() ? std::string(to_text(target.address).view()) : target.domain;
  const std::string scheme = target.is_sips ? "sips:" : "sip:";
  registrar_ = scheme + domain;
  uri_ = scheme + target.user + "@" + domain;
  to_ = "<" + uri_ + ">";
  from_start_ = "<sip:sipring@" + target.endpoint.sent_by + ">;tag=";
}

void Requests::add(std::string_view name, std::string_view value) {
  SIPRING_ASSERT(line_count_ < most_lines);
  lines_[line_count_++] = {name, value};
}

void Requests::authorize(std::string_view method, std::string_view uri, std::string_view body,
                         DigestAttempt& attempt) {
  if (authorizer_ == nullptr) return;
  for (const HeaderLine& line : authorizer_->lines({method, uri, body}, attempt))
    add(line.name, line.value);
}

// From, To, Call-ID and CSeq (RFC 3261 section 8.1.1). The From tag is the Call-ID's first part,
// which is as unique.
void Requests::begin(std::string_view method, Handle<Session> handle, std::uint32_t cseq,
                     std::string_view to) {
  line_count_ = 0;
  call_id_.clear();
  names_.write(call_id_, handle);
  from_.clear();
  from_ << from_start_;
  names_.write(from_, handle);  // a copy of what has just been written would wait for it
  cseq_.clear();
  cseq_ << cseq << " " << method;
  add("From", from_.view());
  add("To", to);
  add("Call-ID", call_id_.view());
  add("CSeq", cseq_.view());
}

Request Requests::request(std::string_view method, std::string_view uri,
                          std::string_view body) const {
  return {.method = method,
          .request_uri = uri,
          .headers = std::span(lines_).first(line_count_),
          .body = body,
          .destination = target_.address,
          .flow = target_.way.listener,
          .sent_by = target_.endpoint.sent_by};
}

Requests::Sent Requests::send(Engine& engine, Instant now, Request&& request,
                              Handle<Session> handle, Session& session) {
  if (target_.sender != nullptr) {
    return as_sent(target_.sender->send(now, target_.destination, request, word_of(handle),
                                        session.connection));
  }
  const auto flow = target_.way.to(now, request.destination, session);
  if (!flow) return std::unexpected(Unsent::no_connection);
  request.flow = *flow;
  return as_sent(engine.send(now, request, word_of(handle)));
}

Requests::Sent Requests::options(Engine& engine, Instant now, Handle<Session> handle,
                                 Session& session) {
  begin("OPTIONS", handle, session.cseq, to_);
  add("Contact", target_.endpoint.contact);
  add("Accept", "application/sdp");
  authorize("OPTIONS", uri_, "", session.attempt);
  return send(engine, now, request("OPTIONS", uri_), handle, session);
}

// Each session has an address of record of its own (section 10.2).
Requests::Sent Requests::register_(Engine& engine, Instant now, Handle<Session> handle,
                                   Session& session) {
  address_.clear();
  const std::size_t scheme = registrar_.find(':') + 1;
  address_ << "<" << std::string_view(registrar_).substr(0, scheme) << target_.user << handle.slot
           << "@" << std::string_view(registrar_).substr(scheme) << ">";
  begin("REGISTER", handle, session.cseq, address_.view());
  add("Contact", target_.endpoint.contact);
  add("Expires", "3600");
  authorize("REGISTER", registrar_, "", session.attempt);
  return send(engine, now, request("REGISTER", registrar_), handle, session);
}

Requests::Sent Requests::invite(Engine& engine, Instant now, Handle<Session> handle,
                                Session& session) {
  begin("INVITE", handle, session.cseq, to_);
  add("Contact", target_.endpoint.contact);
  add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS");
  add("Content-Type", "application/sdp");
  authorize("INVITE", uri_, descriptions_[0], session.attempt);
  return send(engine, now, request("INVITE", uri_, descriptions_[0]), handle, session);
}

// Whatever its route says: to the target; of a name, to the one of its targets that has answered.
std::expected<Request, Unsent> Requests::to_peer(Instant now, const DialogRequest& request,
                                                 Session& session, std::string_view body) {
  Request whole = request.request(target_.endpoint.sent_by, body);
  whole.destination = target_.sender != nullptr ? session.peer : target_.address;
  const auto flow = target_.way.to(now, whole.destination, session);
  if (!flow) return std::unexpected(Unsent::no_connection);
  whole.flow = *flow;
  return whole;
}

// With the credentials of its INVITE (section 22.1).
Requests::Sent Requests::ack(Engine& engine, Instant now, Session& session, std::uint32_t cseq) {
  DialogRequest ack(session.dialog, "ACK", cseq);
  if (authorizer_ != nullptr)
    ack.add(authorizer_->same_lines({"INVITE", uri_, descriptions_[0]}, session.attempt));
  const auto whole = to_peer(now, ack, session);
  if (!whole) return std::unexpected(whole.error());
  return as_sent(engine.send_stateless(*whole));
}

Requests::Sent Requests::reinvite(Engine& engine, Instant now, Handle<Session> handle,
                                  Session& session) {
  const std::string_view offer = descriptions_[session.changes % 2 + 1U];
  DialogRequest invite(session.dialog, "INVITE", session.cseq);
  invite.add("Contact", target_.endpoint.contact);
  invite.add("Content-Type", "application/sdp");
  if (authorizer_ != nullptr) {
    invite.add(
        authorizer_->lines({"INVITE", session.dialog.request_uri(), offer}, session.attempt));
  }
  const auto whole = to_peer(now, invite, session, offer);
  if (!whole) return std::unexpected(whole.error());
  return as_sent(engine.send(now, *whole, word_of(handle)));
}

Requests::Sent Requests::bye(Engine& engine, Instant now, Handle<Session> handle,
                             Session& session) {
  DialogRequest bye(session.dialog, "BYE", session.cseq);
  if (authorizer_ != nullptr)
    bye.add(authorizer_->lines({"BYE", session.dialog.request_uri(), ""}, session.attempt));
  const auto whole = to_peer(now, bye, session);
  if (!whole) return std::unexpected(whole.error());
  return as_sent(engine.send(now, *whole, word_of(handle)));
}

}  // namespace sipring::app
