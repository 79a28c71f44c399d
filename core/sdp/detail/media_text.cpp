// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/detail/media_text.h>

namespace sipring::sdp::detail {
namespace {

std::string_view address_type(bool ipv6) {
  return ipv6 ? "IP6" : "IP4";
}

}  // namespace

void write_head(const LocalSession& self, Writer& writer) {
  writer.line('v', "0");
  writer.begin('o') << self.username << " " << self.session_id << " " << self.version << " IN "
                    << address_type(self.ipv6) << " " << self.address;
  writer.end().line('s', self.name);
  writer.begin('c') << "IN " << address_type(self.ipv6) << " " << self.address;
  writer.end();
}

void write_address(const MediaCapability& capability, Writer& writer) {
  if (capability.address.empty()) return;
  writer.begin('c') << "IN " << address_type(capability.ipv6) << " " << capability.address;
  writer.end();
}

void write_payload(const Payload& payload, Writer& writer) {
  writer.begin_attribute("rtpmap") << std::uint64_t{payload.number} << " " << payload.encoding
                                   << "/" << std::uint64_t{payload.clock_rate};
  if (payload.channels > 1) writer << "/" << std::uint64_t{payload.channels};
  writer.end();
  if (payload.fmtp.empty()) return;
  writer.begin_attribute("fmtp") << std::uint64_t{payload.number} << " " << payload.fmtp;
  writer.end();
}

void write_extras(const MediaCapability& capability, Writer& writer) {
  if (capability.ptime != 0) writer.attribute("ptime", std::uint64_t{capability.ptime});
  if (capability.maxptime != 0) writer.attribute("maxptime", std::uint64_t{capability.maxptime});
  for (const Attribute& attribute : capability.attributes)
    attribute.has_value ? writer.attribute(attribute.name, attribute.value)
                        : writer.attribute(attribute.name);
}

}  // namespace sipring::sdp::detail
