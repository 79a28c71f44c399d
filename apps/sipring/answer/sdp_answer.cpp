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
  return {.port = origin.port, .codecs = codecs, .direction = origin.direction};
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

// Of an offer that could not be read; `read` holds what stands before the mistake.
SdpError error_of(const ParseError& error, const sdp::Session& read) {
  if (error.code != ParseErrorCode::sdp_too_large) return SdpError::malformed;
  if (read.lines().size() == most_lines) return SdpError::too_many_lines;
  return read.media_count() == most_media ? SdpError::too_many_media : SdpError::too_long;
}

bool is_audio(const sdp::Media& media) {
  return media.port() != 0 && media.kind() == "audio";
}

bool is_in_use(const sdp::Session& offer) {
  for (const sdp::Media media : offer.media())
    if (media.port() != 0) return true;
  return false;
}

// Why none of its media was accepted.
SdpError error_of(const sdp::Session& offer) {
  SdpError error = SdpError::no_audio;
  for (const sdp::Media media : offer.media()) {
    if (!is_audio(media)) continue;
    if (media.protocol() == sdp::rtp_avp) return SdpError::no_codec;
    error = SdpError::no_transport;
  }
  return error;
}

static_assert(most_lines == 512 && most_media == 64 && SdpText::capacity == 4096);

std::string_view warning_of(SdpError error) {
  switch (error) {
    case SdpError::malformed: break;
    case SdpError::no_audio: return "304 sipring \"Audio is the only media here\"";
    case SdpError::no_transport: return "302 sipring \"Audio is taken over RTP/AVP only\"";
    case SdpError::no_codec: return "305 sipring \"Audio is taken in PCMU and PCMA only\"";
    case SdpError::too_many_lines: return "399 sipring \"The limit is 512 lines of SDP\"";
    case SdpError::too_many_media: return "399 sipring \"The limit is 64 m= lines\"";
    case SdpError::too_long: return "399 sipring \"The limit is 65535 octets of SDP\"";
    case SdpError::answer_too_long:
      return "399 sipring \"The limit is 4096 octets of SDP in the answer\"";
  }
  return {};
}

}  // namespace

Rejection rejection_of(SdpError error) {
  if (error == SdpError::malformed)
    return {.status = 400, .reason = "Malformed Session Description", .headers = {}};
  return {.status = 488,
          .reason = {},
          .headers = {HeaderLine{"Warning", warning_of(error)}},
          .header_count = 1};
}

std::expected<void, SdpError> write_sdp_answer(std::string_view text, const SdpOrigin& origin,
                                               SdpText& answer) {
  answer.clear();
  Offer offer;
  if (const auto read = offer.read(text); !read)
    return std::unexpected(error_of(read.error(), offer.session()));
  const sdp::MediaCapability audio = audio_at(origin);
  const sdp::Capabilities capabilities{.media = {&audio, 1}, .single_codec = true};
  char room[SdpText::capacity];
  sdp::Writer writer(room);
  const auto answered = write_answer(offer.session(), capabilities, session_of(origin), writer);
  if (!answered) return std::unexpected(SdpError::answer_too_long);
  if (answered->accepted == 0 && is_in_use(offer.session()))
    return std::unexpected(error_of(offer.session()));
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
