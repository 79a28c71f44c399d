// The attributes of T.38 by name.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/fax.h>
#include <sipring/core/sdp/detail/input.h>
#include <sipring/core/sdp/detail/text.h>
#include <sipring/core/sdp/session.h>

#include <limits>

namespace sipring::sdp {
namespace {

constexpr std::unexpected<ParseError> malformed{ParseError{ParseErrorCode::sdp_attribute, 0}};

Parsed<bool> take_number(std::optional<std::uint32_t>& member, const Attribute& attribute) {
  const auto number = detail::number_from(detail::trimmed(attribute.value),
                                          std::numeric_limits<std::uint32_t>::max());
  if (!number) return malformed;
  member = static_cast<std::uint32_t>(*number);
  return true;
}

// A flag is there or not; some write its state behind it.
Parsed<bool> take_flag(bool& member, const Attribute& attribute) {
  const std::string_view value = detail::trimmed(attribute.value);
  if (!value.empty() && value != "0" && value != "1") return malformed;
  member = value != "0";
  return true;
}

Parsed<bool> take_word(std::string_view& member, const Attribute& attribute) {
  member = detail::trimmed(attribute.value);
  if (member.empty()) return malformed;
  return true;
}

}  // namespace

Parsed<bool> take_fax_attribute(Fax& fax, const Attribute& attribute) {
  const auto is = [&](std::string_view name) {
    return detail::equals_ignoring_case(attribute.name, name);
  };
  if (is("T38FaxVersion")) return take_number(fax.version, attribute);
  if (is("T38MaxBitRate")) return take_number(fax.max_bit_rate, attribute);
  if (is("T38FaxFillBitRemoval")) return take_flag(fax.fill_bit_removal, attribute);
  if (is("T38FaxTranscodingMMR")) return take_flag(fax.transcoding_mmr, attribute);
  if (is("T38FaxTranscodingJBIG")) return take_flag(fax.transcoding_jbig, attribute);
  if (is("T38FaxRateManagement")) return take_word(fax.rate_management, attribute);
  if (is("T38FaxMaxBuffer")) return take_number(fax.max_buffer, attribute);
  if (is("T38FaxMaxDatagram")) return take_number(fax.max_datagram, attribute);
  if (is("T38FaxUdpEC")) return take_word(fax.error_correction, attribute);
  if (is("T38VendorInfo")) return take_word(fax.vendor_info, attribute);
  return false;
}

Parsed<Fax> read_fax(const Media& media) {
  Fax fax;
  for (std::uint32_t index = 0; index < media.size(); ++index) {
    if (media[index].type != 'a') continue;
    if (const auto taken = take_fax_attribute(fax, media.attribute_at(index)); !taken)
      return std::unexpected(taken.error());
  }
  return fax;
}

}  // namespace sipring::sdp
