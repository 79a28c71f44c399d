// libre: sip_msg_decode frames and types what a transaction needs; the other Vias and addresses are
// decoded one by one. The buffer is made once, which spares libre an allocation.
// SPDX-License-Identifier: MIT
#include "peer.h"

extern "C" {
#include <re.h>
}

namespace {

std::string_view view(const pl& text) {
  return text.p == nullptr ? std::string_view{} : std::string_view{text.p, text.l};
}

mbuf& buffer_of(std::string_view text) {
  static mbuf* const buffer = [&] {
    mbuf* made = mbuf_alloc(text.size());
    mbuf_write_mem(made, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    return made;
  }();
  buffer->pos = 0;
  return *buffer;
}

class LibreMessage {
 public:
  explicit LibreMessage(std::string_view text) {
    if (sip_msg_decode(&message_, &buffer_of(text)) != 0) message_ = nullptr;
  }
  ~LibreMessage() { mem_deref(message_); }
  LibreMessage(const LibreMessage&) = delete;
  LibreMessage& operator=(const LibreMessage&) = delete;

  [[nodiscard]] const sip_msg* get() const { return message_; }

 private:
  sip_msg* message_ = nullptr;
};

// What is done with the header fields that sip_msg_decode leaves as texts. `facts` may be null.
struct Decoding {
  compare::Facts* facts;
  bool broken = false;
};

bool decode_via(const sip_hdr* header, const sip_msg* message, void* argument) {
  auto& decoding = *static_cast<Decoding*>(argument);
  const bool is_top = header->val.p == message->via.val.p;  // sip_msg_decode has decoded it
  sip_via via = message->via;
  if (!is_top && sip_via_decode(&via, &header->val) != 0) decoding.broken = true;
  if (decoding.facts == nullptr || decoding.broken) return decoding.broken;
  pl host{};
  pl port{};
  pl received{};
  uri_decode_hostport(&via.sentby, &host, &port);
  msg_param_decode(&via.params, "received", &received);
  decoding.facts->add("via", view(host), std::uint64_t{pl_u32(&port)}, view(via.branch),
                      view(received));
  return false;
}

std::string_view name_of(sip_hdrid id) {
  return id == SIP_HDR_CONTACT ? "contact" : id == SIP_HDR_ROUTE ? "route" : "record-route";
}

bool decode_address(const sip_hdr* header, const sip_msg*, void* argument) {
  auto& decoding = *static_cast<Decoding*>(argument);
  sip_addr address{};
  decoding.broken = decoding.broken || sip_addr_decode(&address, &header->val) != 0;
  if (decoding.facts == nullptr || decoding.broken) return decoding.broken;
  const uri& uri = address.uri;
  decoding.facts->add(name_of(header->id), view(uri.user), view(uri.host), std::uint64_t{uri.port},
                      "");
  return false;
}

// Both are false when one is malformed. Contact and the routes are decoded in the order of the ids.
bool decode_vias(const sip_msg& message, compare::Facts* facts) {
  Decoding decoding{facts};
  sip_msg_hdr_apply(&message, true, SIP_HDR_VIA, decode_via, &decoding);
  return !decoding.broken;
}
bool decode_addresses(const sip_msg& message, compare::Facts* facts) {
  Decoding decoding{facts};
  for (const sip_hdrid id : {SIP_HDR_CONTACT, SIP_HDR_ROUTE, SIP_HDR_RECORD_ROUTE})
    sip_msg_hdr_apply(&message, true, id, decode_address, &decoding);
  return !decoding.broken;
}

void state_start_line(compare::Facts& facts, const sip_msg& message) {
  if (!message.req) return facts.add("status", std::uint64_t{message.scode});
  facts.add("method", view(message.met));
  facts.add("uri", view(message.uri.user), view(message.uri.host), std::uint64_t{message.uri.port});
}

void state_end(compare::Facts& facts, std::string_view kind, const sip_taddr& end) {
  facts.add(kind, view(end.uri.user), view(end.uri.host), std::uint64_t{end.uri.port},
            view(end.tag));
}

}  // namespace

bool compare::parse(std::string_view text, Depth depth) {
  const LibreMessage message{text};
  if (message.get() == nullptr) return false;
  return depth != Depth::full ||
         (decode_vias(*message.get(), nullptr) && decode_addresses(*message.get(), nullptr) &&
          pl_u32(&message.get()->maxfwd) < 256 && pl_u32(&message.get()->clen) <= text.size());
}

bool compare::state_facts(std::string_view text, Facts& facts) {
  const LibreMessage whole{text};
  if (whole.get() == nullptr) return false;
  const sip_msg& message = *whole.get();
  state_start_line(facts, message);
  if (!decode_vias(message, &facts)) return false;
  state_end(facts, "from", message.from);
  state_end(facts, "to", message.to);
  if (!decode_addresses(message, &facts)) return false;
  facts.add("call-id", view(message.callid));
  facts.add("cseq", std::uint64_t{message.cseq.num}, view(message.cseq.met));
  facts.add("max-forwards", std::uint64_t{pl_u32(&message.maxfwd)});
  facts.add("content-length", std::uint64_t{pl_u32(&message.clen)});
  return true;
}
