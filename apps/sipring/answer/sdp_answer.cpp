// What this agent can do with media, and the room that core/sdp needs to read an offer: all of it
// on the stack.
// SPDX-License-Identifier: MIT
#include <answer/sdp_answer.h>

#include <sipring/core/sdp/offer_answer.h>

#include <array>
#include <cstddef>
#include <memory_resource>

namespace sipring::app {
namespace {

constexpr std::uint32_t most_lines = 512, most_media = 64;

constexpr sdp::Codec codecs[] = {
    {.encoding = "PCMU", .payload_type = 0},
    {.encoding = "PCMA", .payload_type = 8},
    {.encoding = "telephone-event", .payload_type = 101, .fmtp = "0-15"}};

sdp::MediaCapability audio_at(const SdpOrigin& origin) {
  return {.port = origin.port, .codecs = codecs};
}

sdp::LocalSession session_of(const SdpOrigin& origin) {
  return {.session_id = origin.session,
          .version = origin.version,
          .address = origin.host,
          .ipv6 = origin.ipv6};
}

// An offer as it was read, in memory of its own.
class Offer {
 public:
  [[nodiscard]] Parsed<sdp::Reading> read(std::string_view text) { return parse(text, session_); }
  [[nodiscard]] const sdp::Session& session() const { return session_; }

 private:
  static constexpr std::size_t bytes = (most_lines + 3 * most_media) * 8 + 64;
  alignas(std::max_align_t) std::array<std::byte, bytes> room_;
  std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size(),
                                              std::pmr::null_memory_resource()};
  sdp::Session session_{most_lines, most_media, memory_};
};

SdpError error_of(const ParseError& error) {
  return error.code == ParseErrorCode::sdp_too_large ? SdpError::too_large : SdpError::malformed;
}

}  // namespace

std::expected<void, SdpError> write_sdp_answer(std::string_view text, const SdpOrigin& origin,
                                               SdpText& answer) {
  answer.clear();
  Offer offer;
  if (const auto read = offer.read(text); !read) return std::unexpected(error_of(read.error()));
  const sdp::MediaCapability audio = audio_at(origin);
  const sdp::Capabilities capabilities{.media = {&audio, 1}, .single_codec = true};
  char room[4096];
  sdp::Writer writer(room);
  const auto answered = write_answer(offer.session(), capabilities, session_of(origin), writer);
  if (!answered) return std::unexpected(SdpError::too_large);
  if (answered->media != 0 && answered->accepted == 0)
    return std::unexpected(SdpError::nothing_usable);
  answer << writer.view();
  return {};
}

void write_sdp_offer(const SdpOrigin& origin, SdpText& offer) {
  offer.clear();
  const sdp::MediaCapability audio = audio_at(origin);
  char room[4096];
  sdp::Writer writer(room);
  if (write_offer({.media = {&audio, 1}}, session_of(origin), writer)) offer << writer.view();
}

}  // namespace sipring::app
