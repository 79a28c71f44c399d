// libosip2: osip_message_parse copies every value and types Via, the addresses with their URIs,
// CSeq, Call-ID and Content-Length; it has no way to do less.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstdlib>

extern "C" {
#include <osipparser2/osip_parser.h>
}

#include "peer.h"

namespace {

class OsipMessage {
 public:
  explicit OsipMessage(std::string_view text) {
    static const int initialized = parser_init();
    if (initialized != 0 || osip_message_init(&message_) != 0) return;
    parsed_ = osip_message_parse(message_, text.data(), text.size()) == 0;
  }
  ~OsipMessage() { osip_message_free(message_); }
  OsipMessage(const OsipMessage&) = delete;
  OsipMessage& operator=(const OsipMessage&) = delete;

  [[nodiscard]] bool is_whole() const {
    return parsed_ && osip_list_size(&message_->vias) > 0 && message_->from != nullptr &&
           message_->to != nullptr && message_->call_id != nullptr && message_->cseq != nullptr;
  }
  [[nodiscard]] osip_message_t& get() const { return *message_; }

 private:
  osip_message_t* message_ = nullptr;
  bool parsed_ = false;
};

std::uint64_t number(const char* digits) {
  return digits == nullptr ? 0 : std::strtoull(digits, nullptr, 10);
}

// Max-Forwards stands among the untyped header fields.
std::uint64_t max_forwards(const osip_message_t& message) {
  osip_header_t* header = nullptr;
  osip_message_get_max_forwards(&message, 0, &header);
  return header == nullptr ? 0 : number(header->hvalue);
}

std::uint64_t content_length(const osip_message_t& message) {
  return message.content_length == nullptr ? 0 : number(message.content_length->value);
}

void state_address(compare::Facts& facts, std::string_view kind, osip_from_t& address) {
  osip_generic_param_t* tag = nullptr;
  osip_generic_param_get_byname(&address.gen_params, const_cast<char*>("tag"), &tag);
  facts.add(kind, address.url->username, address.url->host, number(address.url->port),
            tag == nullptr ? nullptr : tag->gvalue);
}

// Contact, Route and Record-Route are osip_from_t by other names.
void state_addresses(compare::Facts& facts, std::string_view kind, const osip_list_t& list) {
  for (int i = 0; i < osip_list_size(&list); ++i)
    state_address(facts, kind, *static_cast<osip_from_t*>(osip_list_get(&list, i)));
}

void state_start_line(compare::Facts& facts, const osip_message_t& message) {
  if (message.sip_method == nullptr)
    return facts.add("status", static_cast<std::uint64_t>(message.status_code));
  const osip_uri_t& uri = *message.req_uri;
  facts.add("method", message.sip_method);
  facts.add("uri", uri.username, uri.host, number(uri.port));
}

void state_via(compare::Facts& facts, osip_via_t& via) {
  osip_generic_param_t* branch = nullptr;
  osip_generic_param_t* received = nullptr;
  osip_generic_param_get_byname(&via.via_params, const_cast<char*>("branch"), &branch);
  osip_generic_param_get_byname(&via.via_params, const_cast<char*>("received"), &received);
  facts.add("via", via.host, number(via.port), branch == nullptr ? nullptr : branch->gvalue,
            received == nullptr ? nullptr : received->gvalue);
}

}  // namespace

bool compare::parse(std::string_view text, Depth depth) {
  const OsipMessage message{text};
  if (!message.is_whole()) return false;
  return depth != Depth::full ||
         (max_forwards(message.get()) < 256 && content_length(message.get()) <= text.size());
}

bool compare::state_facts(std::string_view text, Facts& facts) {
  const OsipMessage whole{text};
  if (!whole.is_whole()) return false;
  osip_message_t& message = whole.get();
  state_start_line(facts, message);
  for (int i = 0; i < osip_list_size(&message.vias); ++i)
    state_via(facts, *static_cast<osip_via_t*>(osip_list_get(&message.vias, i)));
  state_address(facts, "from", *message.from);
  state_address(facts, "to", *message.to);
  state_addresses(facts, "contact", message.contacts);
  state_addresses(facts, "route", message.routes);
  state_addresses(facts, "record-route", message.record_routes);
  const osip_call_id_t& id = *message.call_id;
  facts.add("call-id", std::string{id.number} + (id.host == nullptr ? "" : "@") +
                           (id.host == nullptr ? "" : id.host));
  facts.add("cseq", number(message.cseq->number), message.cseq->method);
  facts.add("max-forwards", max_forwards(message));
  facts.add("content-length", content_length(message));
  return true;
}
