// One pass over the offer's lines: the session's part is answered at the first m= line, a media's
// part when the next one begins.
// SPDX-License-Identifier: MIT
#include <answer/sdp_answer.h>

#include <answer/text.h>

#include <array>
#include <charconv>
#include <optional>

namespace sipring {
namespace {

enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

std::optional<Direction> direction_from(std::string_view attribute) {
  if (attribute == "sendrecv") return Direction::sendrecv;
  if (attribute == "sendonly") return Direction::sendonly;
  if (attribute == "recvonly") return Direction::recvonly;
  if (attribute == "inactive") return Direction::inactive;
  return std::nullopt;
}

// As the other side sees it.
std::string_view mirrored(Direction direction) {
  switch (direction) {
    case Direction::sendrecv: return "sendrecv";
    case Direction::sendonly: return "recvonly";
    case Direction::recvonly: return "sendonly";
    case Direction::inactive: return "inactive";
  }
  return "";
}

enum class Codec : std::uint8_t { none, pcmu, pcma, telephone_event };

Codec codec_from(std::string_view encoding) {
  if (equals_ignoring_case(encoding, "PCMU/8000")) return Codec::pcmu;
  if (equals_ignoring_case(encoding, "PCMU/8000/1")) return Codec::pcmu;
  if (equals_ignoring_case(encoding, "PCMA/8000")) return Codec::pcma;
  if (equals_ignoring_case(encoding, "PCMA/8000/1")) return Codec::pcma;
  if (equals_ignoring_case(encoding, "telephone-event/8000")) return Codec::telephone_event;
  return Codec::none;
}

std::optional<unsigned> read_number(std::string_view text) {
  unsigned number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

// An m= line and what its attributes say of the payload types.
class MediaOffer {
 public:
  // "audio 49170 RTP/AVP 0 8 101"; nullopt when it has fewer than four words.
  static std::optional<MediaOffer> read(std::string_view line, Direction session_direction) {
    MediaOffer offer;
    offer.direction_ = session_direction;
    const auto media = take_until(line, ' '), port = take_until(line, ' '),
               protocol = take_until(line, ' ');
    if (!media || !port || !protocol || trimmed(line).empty()) return std::nullopt;
    std::string_view ports = *port;
    const auto number = read_number(take_until(ports, '/').value_or(""));
    if (!number || *number > 65535) return std::nullopt;
    offer.media_ = *media, offer.protocol_ = *protocol, offer.port_ = *number;
    offer.read_formats(line);
    return offer;
  }

  void read_attribute(std::string_view attribute) {
    if (const auto direction = direction_from(attribute)) direction_ = *direction;
    if (attribute.starts_with("rtpmap:")) read_rtpmap(attribute.substr(7));
  }

  [[nodiscard]] bool is_usable() const {
    return media_ == "audio" && protocol_ == "RTP/AVP" && port_ != 0 && first_voice() != none;
  }

  void answer(const SdpOrigin& origin, SdpText& text) const {
    text << "m=" << media_ << " ";
    if (!is_usable()) {
      text << "0 " << protocol_ << " " << first_format_ << "\r\n";
      return;
    }
    const unsigned voice = first_voice(), event = first_of(Codec::telephone_event);
    text << unsigned{origin.port} << " RTP/AVP " << voice;
    if (event != none) text << " " << event;
    text << "\r\na=rtpmap:" << voice << (codecs_[voice] == Codec::pcmu ? " PCMU" : " PCMA");
    text << "/8000\r\n";
    if (event != none) {
      text << "a=rtpmap:" << event << " telephone-event/8000\r\n";
      text << "a=fmtp:" << event << " 0-15\r\n";
    }
    text << "a=" << mirrored(direction_) << "\r\n";
  }

 private:
  static constexpr unsigned none = 128;  // payload types are below it

  void read_formats(std::string_view rest) {
    std::uint16_t position = 1;
    while (const auto format = take_until(rest, ' ')) {
      if (format->empty()) continue;
      if (first_format_.empty()) first_format_ = *format;
      const auto type = read_number(*format);
      if (type && *type < none && positions_[*type] == 0) positions_[*type] = position++;
    }
    codecs_[0] = Codec::pcmu;  // RFC 3551 section 6: these need no rtpmap
    codecs_[8] = Codec::pcma;
  }

  // "101 telephone-event/8000"
  void read_rtpmap(std::string_view value) {
    const auto type = read_number(take_until(value, ' ').value_or(""));
    if (type && *type < none) codecs_[*type] = codec_from(trimmed(value));
  }

  // The earliest in the offer's order, which is its preference.
  [[nodiscard]] unsigned first_of(Codec codec) const {
    unsigned found = none;
    for (unsigned type = 0; type < none; ++type) {
      if (codecs_[type] != codec || positions_[type] == 0) continue;
      if (found == none || positions_[type] < positions_[found]) found = type;
    }
    return found;
  }
  [[nodiscard]] unsigned first_voice() const {
    const unsigned pcmu = first_of(Codec::pcmu), pcma = first_of(Codec::pcma);
    if (pcmu == none || pcma == none) return pcmu == none ? pcma : pcmu;
    return positions_[pcmu] < positions_[pcma] ? pcmu : pcma;
  }

  std::string_view media_, protocol_, first_format_;
  unsigned port_ = 0;
  Direction direction_ = Direction::sendrecv;
  std::array<std::uint16_t, none> positions_{};  // in the m= line, from 1; 0: not there
  std::array<Codec, none> codecs_{};
};

void write_session(const SdpOrigin& origin, std::string_view times, SdpText& text) {
  const std::string_view address_type = origin.ipv6 ? "IP6 " : "IP4 ";
  text << "v=0\r\no=- " << origin.session << " " << origin.version << " IN " << address_type
       << origin.host << "\r\ns=-\r\nc=IN " << address_type << origin.host << "\r\nt=" << times
       << "\r\n";
}

// The offer on its way through.
class Answering {
 public:
  Answering(const SdpOrigin& origin, SdpText& text) : origin_(origin), text_(text) {}

  // False: no line of a session description.
  bool read(char type, std::string_view value) {
    switch (type) {
      case 't':
        if (!begun_) times_ = value;  // section 6: equal to the offer's
        return true;
      case 'a':
        if (media_) {
          media_->read_attribute(value);
        } else if (const auto direction = direction_from(value)) {
          session_direction_ = *direction;
        }
        return true;
      case 'm':
        end_media();
        media_ = MediaOffer::read(value, session_direction_);
        return media_.has_value();
      default: return type >= 'a' && type <= 'z';
    }
  }

  [[nodiscard]] std::expected<void, SdpError> finish() {
    end_media();
    if (text_.overflowed()) return std::unexpected(SdpError::too_large);
    if (any_media_ && !any_usable_) return std::unexpected(SdpError::nothing_usable);
    return {};
  }

 private:
  void end_media() {
    if (!begun_ && times_.empty()) times_ = "0 0";
    if (!begun_) write_session(origin_, times_, text_);
    begun_ = true;
    if (!media_) return;
    any_media_ = true;
    any_usable_ |= media_->is_usable();
    media_->answer(origin_, text_);
    media_.reset();
  }

  const SdpOrigin& origin_;
  SdpText& text_;
  std::string_view times_;
  Direction session_direction_ = Direction::sendrecv;
  std::optional<MediaOffer> media_;
  bool begun_ = false, any_media_ = false, any_usable_ = false;
};

}  // namespace

std::expected<void, SdpError> write_sdp_answer(std::string_view offer, const SdpOrigin& origin,
                                               SdpText& answer) {
  answer.clear();
  if (!offer.starts_with("v=0")) return std::unexpected(SdpError::malformed);
  Answering answering(origin, answer);
  while (auto line = take_until(offer, '\n')) {
    if (line->ends_with('\r')) line->remove_suffix(1);
    if (line->empty()) continue;
    const bool is_line = line->size() >= 2 && (*line)[1] == '=';
    if (!is_line || !answering.read(line->front(), line->substr(2))) {
      return std::unexpected(SdpError::malformed);
    }
  }
  return answering.finish();
}

void write_sdp_offer(const SdpOrigin& origin, SdpText& offer) {
  offer.clear();
  write_session(origin, "0 0", offer);
  offer << "m=audio " << unsigned{origin.port} << " RTP/AVP 0 8 101\r\n"
        << "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
        << "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n";
}

}  // namespace sipring
