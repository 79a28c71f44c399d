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
  target_.phones.user = target.user;
  const std::string domain =
      target.domain.empty() ? std::string(to_text(target.address).view()) : target.domain;
  const std::string scheme = target.is_sips ? "sips:" : "sip:";
  registrar_ = scheme + domain;
  uri_ = scheme + target.user + "@" + domain;
  to_ = "<" + uri_ + ">";
  own_ = "sip:sipring@" + target.endpoint.sent_by;
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
                     std::string_view to, std::string_view from) {
  line_count_ = 0;
  call_id_.clear();
  names_.write(call_id_, handle);
  from_.clear();
  from_ << "<" << from << ">;tag=";
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

void Requests::write_address_of_record(FixedText<512>& text, std::uint32_t phone) const {
  const std::size_t scheme = registrar_.find(':') + 1;
  text << std::string_view(registrar_).substr(0, scheme);
  target_.phones.write(text, phone);
  text << "@" << std::string_view(registrar_).substr(scheme);
}

std::string_view Requests::request_uri(const Session& session) {
  if (!has_phones()) return uri_;
  request_uri_.clear();
  write_address_of_record(request_uri_, session.callee);
  return request_uri_.view();
}

// The endpoint's, with a user part: the registrar's proxy asks for it by that.
std::string_view Requests::contact_of(std::uint32_t phone) {
  const std::string_view whole = target_.endpoint.contact;
  const std::size_t scheme = whole.find(':') + 1;
  contact_.clear();
  contact_ << whole.substr(0, scheme);
  target_.phones.write(contact_, phone);
  contact_ << "@" << whole.substr(scheme);
  return contact_.view();
}

std::string_view Requests::contact(const Session& session) {
  return has_phones() ? contact_of(session.connection) : target_.endpoint.contact;
}

std::string_view Requests::contact_uri(std::uint32_t phone) {
  const std::string_view contact = contact_of(phone);
  return contact.substr(1, contact.size() - 2);
}

Requests::Sent Requests::register_phone(Engine& engine, Instant now, Handle<Session> handle,
                                        Session& session, std::uint32_t phone,
                                        std::uint32_t expires_s) {
  caller_.clear();
  write_address_of_record(caller_, phone);
  address_.clear();
  address_ << "<" << caller_.view() << ">";
  begin("REGISTER", handle, session.cseq, address_.view(), caller_.view());
  add("Contact", contact_of(phone));
  return send_registration(engine, now, handle, session, expires_s);
}

// Each session has an address of record of its own (section 10.2).
Requests::Sent Requests::register_(Engine& engine, Instant now, Handle<Session> handle,
                                   Session& session) {
  address_.clear();
  address_ << "<";
  write_address_of_record(address_, handle.slot);
  address_ << ">";
  begin("REGISTER", handle, session.cseq, address_.view());
  add("Contact", target_.endpoint.contact);
  return send_registration(engine, now, handle, session, 3'600);
}

Requests::Sent Requests::send_registration(Engine& engine, Instant now, Handle<Session> handle,
                                           Session& session, std::uint32_t expires_s) {
  expires_.clear();
  expires_ << expires_s;
  add("Expires", expires_.view());
  authorize("REGISTER", registrar_, "", session.attempt);
  return send(engine, now, request("REGISTER", registrar_), handle, session);
}

Requests::Sent Requests::invite(Engine& engine, Instant now, Handle<Session> handle,
                                Session& session) {
  const std::string_view uri = request_uri(session);
  if (has_phones()) {
    caller_.clear();
    write_address_of_record(caller_, session.connection);
    address_.clear();
    address_ << "<" << uri << ">";
    begin("INVITE", handle, session.cseq, address_.view(), caller_.view());
  } else {
    begin("INVITE", handle, session.cseq, to_);
  }
  add("Contact", contact(session));
  add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS");
  add("Content-Type", "application/sdp");
  authorize("INVITE", uri, descriptions_[0], session.attempt);
  return send(engine, now, request("INVITE", uri, descriptions_[0]), handle, session);
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
    ack.add(authorizer_->same_lines({"INVITE", request_uri(session), descriptions_[0]},
                                    session.attempt));
  const auto whole = to_peer(now, ack, session);
  if (!whole) return std::unexpected(whole.error());
  return as_sent(engine.send_stateless(*whole));
}

Requests::Sent Requests::reinvite(Engine& engine, Instant now, Handle<Session> handle,
                                  Session& session) {
  const std::string_view offer = descriptions_[session.changes % 2 + 1U];
  DialogRequest invite(session.dialog, "INVITE", session.cseq);
  invite.add("Contact", contact(session));
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
