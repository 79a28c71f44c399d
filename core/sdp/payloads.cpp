// The table of static payload types, and one pass over a media's attributes.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/rtp.h>
#include <sipring/core/sdp/detail/input.h>
#include <sipring/core/sdp/detail/payloads.h>
#include <sipring/core/sdp/detail/text.h>

namespace sipring::sdp {
namespace {

// Tables 4 and 5.
constexpr std::array static_payloads{
    Payload{0, "PCMU", 8'000, 1, {}},   Payload{3, "GSM", 8'000, 1, {}},
    Payload{4, "G723", 8'000, 1, {}},   Payload{5, "DVI4", 8'000, 1, {}},
    Payload{6, "DVI4", 16'000, 1, {}},  Payload{7, "LPC", 8'000, 1, {}},
    Payload{8, "PCMA", 8'000, 1, {}},   Payload{9, "G722", 8'000, 1, {}},
    Payload{10, "L16", 44'100, 2, {}},  Payload{11, "L16", 44'100, 1, {}},
    Payload{12, "QCELP", 8'000, 1, {}}, Payload{13, "CN", 8'000, 1, {}},
    Payload{14, "MPA", 90'000, 1, {}},  Payload{15, "G728", 8'000, 1, {}},
    Payload{16, "DVI4", 11'025, 1, {}}, Payload{17, "DVI4", 22'050, 1, {}},
    Payload{18, "G729", 8'000, 1, {}},  Payload{25, "CelB", 90'000, 1, {}},
    Payload{26, "JPEG", 90'000, 1, {}}, Payload{28, "nv", 90'000, 1, {}},
    Payload{31, "H261", 90'000, 1, {}}, Payload{32, "MPV", 90'000, 1, {}},
    Payload{33, "MP2T", 90'000, 1, {}}, Payload{34, "H263", 90'000, 1, {}}};

// By number: a place in the table above, 0 for none.
constexpr auto static_places = [] {
  std::array<std::uint8_t, static_payloads.back().number + 1> places{};
  for (std::size_t index = 0; index < static_payloads.size(); ++index)
    places[static_payloads[index].number] = static_cast<std::uint8_t>(index + 1);
  return places;
}();

const Payload* find_static(std::uint8_t number) {
  const std::uint8_t place = number < static_places.size() ? static_places[number] : 0;
  return place == 0 ? nullptr : &static_payloads[place - 1U];
}

}  // namespace

std::optional<Payload> static_payload(std::uint8_t number) {
  const Payload* const payload = find_static(number);
  return payload == nullptr ? std::nullopt : std::optional(*payload);
}

bool same_encoding(const Payload& a, const Payload& b) {
  const bool same_rate = a.clock_rate == b.clock_rate || a.clock_rate == 0 || b.clock_rate == 0;
  return !a.encoding.empty() && detail::equals_ignoring_case(a.encoding, b.encoding) && same_rate &&
         a.channels == b.channels;
}

Payloads::Payloads(const Media& media) {
  read_formats(media);
  for (std::uint32_t index = 0; index < media.size(); ++index) {
    if (media[index].type != 'a') continue;
    const Attribute attribute = media.attribute_at(index);
    if (attribute.name == "rtpmap") read_rtpmap(attribute.value);
    if (attribute.name == "fmtp") read_fmtp(attribute.value);
  }
}

void Payloads::read_formats(const Media& media) {
  for (const std::string_view format : media.formats()) {
    const auto number = detail::number_from(format, most - 1);
    if (!number || place_[*number] != 0) continue;
    const auto type = static_cast<std::uint8_t>(*number);
    Payload& payload = payloads_[size_];
    const Payload* const known = find_static(type);
    payload = known == nullptr ? Payload{} : *known;
    payload.number = type;
    place_[type] = static_cast<std::uint8_t>(++size_);
  }
}

void Payloads::read_rtpmap(std::string_view value) {
  const Parsed<Rtpmap> rtpmap = parse_rtpmap(value);
  Payload* const payload = rtpmap ? find_own(rtpmap->payload_type) : nullptr;
  if (payload == nullptr) return;
  const bool same_name = detail::equals_ignoring_case(payload->encoding, rtpmap->encoding);
  if (rtpmap->clock_rate != 0 || !same_name) payload->clock_rate = rtpmap->clock_rate;
  payload->encoding = rtpmap->encoding;
  payload->channels = channels_of(*rtpmap);
}

void Payloads::read_fmtp(std::string_view value) {
  const Parsed<Fmtp> fmtp = parse_fmtp(value);
  if (!fmtp) return;
  const auto number = detail::number_from(fmtp->format, most - 1);
  Payload* const payload = number ? find_own(*number) : nullptr;
  if (payload != nullptr) payload->fmtp = fmtp->parameters;
}

}  // namespace sipring::sdp
