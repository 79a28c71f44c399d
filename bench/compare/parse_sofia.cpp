// sofia-sip: msg_make copies the octets into a message of its own and extracts every header field
// that it knows, each typed; it has no way to do less.
// SPDX-License-Identifier: MIT
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>

#include <cstdlib>

#include "peer.h"

namespace {

class SofiaMessage {
 public:
  explicit SofiaMessage(std::string_view text)
      : message_{
            msg_make(sip_default_mclass(), 0, text.data(), static_cast<issize_t>(text.size()))} {}
  ~SofiaMessage() {
    if (message_ != nullptr) msg_destroy(message_);
  }
  SofiaMessage(const SofiaMessage&) = delete;
  SofiaMessage& operator=(const SofiaMessage&) = delete;

  [[nodiscard]] const sip_t* sip() const {
    return message_ == nullptr ? nullptr : sip_object(message_);
  }

 private:
  msg_t* message_;
};

bool is_whole(const sip_t* sip) {
  return sip != nullptr && sip->sip_error == nullptr &&
         (sip->sip_request != nullptr || sip->sip_status != nullptr) && sip->sip_via != nullptr &&
         sip->sip_from != nullptr && sip->sip_to != nullptr && sip->sip_call_id != nullptr &&
         sip->sip_cseq != nullptr;
}

std::uint64_t number(const char* digits) {
  return digits == nullptr ? 0 : std::strtoull(digits, nullptr, 10);
}

void state_address(compare::Facts& facts, std::string_view kind, const url_t& url,
                   const char* tag) {
  facts.add(kind, url.url_user, url.url_host, number(url.url_port), tag);
}

void state_routes(compare::Facts& facts, std::string_view kind, const sip_route_t* route) {
  for (; route != nullptr; route = route->r_next)
    state_address(facts, kind, *route->r_url, nullptr);
}

void state_start_line(compare::Facts& facts, const sip_t& sip) {
  if (sip.sip_request == nullptr)
    return facts.add("status", static_cast<std::uint64_t>(sip.sip_status->st_status));
  const url_t& uri = *sip.sip_request->rq_url;
  facts.add("method", sip.sip_request->rq_method_name);
  facts.add("uri", uri.url_user, uri.url_host, number(uri.url_port));
}

}  // namespace

bool compare::parse(std::string_view text, Depth) {
  const SofiaMessage message{text};
  return is_whole(message.sip());
}

bool compare::state_facts(std::string_view text, Facts& facts) {
  const SofiaMessage message{text};
  const sip_t* const sip = message.sip();
  if (!is_whole(sip)) return false;
  state_start_line(facts, *sip);
  for (const sip_via_t* via = sip->sip_via; via != nullptr; via = via->v_next)
    facts.add("via", via->v_host, number(via->v_port), via->v_branch, via->v_received);
  state_address(facts, "from", *sip->sip_from->a_url, sip->sip_from->a_tag);
  state_address(facts, "to", *sip->sip_to->a_url, sip->sip_to->a_tag);
  for (const sip_contact_t* contact = sip->sip_contact; contact != nullptr;
       contact = contact->m_next)
    state_address(facts, "contact", *contact->m_url, nullptr);
  state_routes(facts, "route", sip->sip_route);
  state_routes(facts, "record-route", sip->sip_record_route);
  facts.add("call-id", sip->sip_call_id->i_id);
  facts.add("cseq", std::uint64_t{sip->sip_cseq->cs_seq}, sip->sip_cseq->cs_method_name);
  facts.add("max-forwards", sip->sip_max_forwards == nullptr
                                ? std::uint64_t{0}
                                : std::uint64_t{sip->sip_max_forwards->mf_count});
  facts.add("content-length", sip->sip_content_length == nullptr
                                  ? std::uint64_t{0}
                                  : std::uint64_t{sip->sip_content_length->l_length});
  return true;
}
