// Offers: RFC 3264 section 5.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/detail/media_text.h>
#include <sipring/core/sdp/detail/selection.h>
#include <sipring/core/sdp/offer_answer.h>

namespace sipring::sdp {
namespace {

// RFC 9143 section 7.2: those that may share one port.
bool is_bundled(const Capabilities& capabilities, const MediaCapability& media) {
  return capabilities.bundle && media.port != 0 && !media.mid.empty() && media.rtcp_mux;
}

void write_group(const Capabilities& capabilities, Writer& writer) {
  bool begun = false;
  for (const MediaCapability& media : capabilities.media) {
    if (!is_bundled(capabilities, media)) continue;
    if (!begun) writer.begin_attribute("group") << "BUNDLE";
    begun = true;
    writer << " " << media.mid;
  }
  if (begun) writer.end();
}

void write_keys(const MediaCapability& media, Writer& writer) {
  const std::string_view protocol = media.protocols.front();
  if (media.fingerprint && (is_secure(protocol) || is_dtls(protocol))) {
    writer.write(*media.fingerprint).write(SetupRole{media.setup, {}});
  }
  if (!is_secure(protocol) || is_dtls(protocol)) return;
  for (const Crypto& crypto : media.crypto) writer.write(crypto);
}

void write_media(const MediaCapability& media, Writer& writer) {
  const std::string_view protocol = media.protocols.front();
  writer.begin('m') << media.kind << " " << std::uint64_t{media.port} << " " << protocol;
  for (const Codec& codec : media.codecs) writer << " " << std::uint64_t{codec.payload_type};
  for (const std::string_view format : media.formats) writer << " " << format;
  writer.end();
  detail::write_address(media, writer);
  if (media.port == 0) return;
  for (const Codec& codec : media.codecs) detail::write_payload(detail::payload_of(codec), writer);
  if (is_rtp(protocol)) writer.write(media.direction);
  if (!media.mid.empty()) writer.attribute("mid", media.mid);
  if (media.rtcp_mux) writer.attribute("rtcp-mux");
  write_keys(media, writer);
  if (media.fax) writer.write(*media.fax);
  detail::write_extras(media, writer);
}

}  // namespace

std::expected<void, OfferAnswerError> write_offer(const Capabilities& capabilities,
                                                  const LocalSession& self, Writer& writer) {
  detail::write_head(self, writer);
  writer.line('t', "0 0");
  write_group(capabilities, writer);
  for (const MediaCapability& media : capabilities.media) write_media(media, writer);
  if (writer.complete()) return {};
  return std::unexpected(writer.overflowed() ? OfferAnswerError::too_large
                                             : OfferAnswerError::unwritable);
}

}  // namespace sipring::sdp
