// One rule a function; those of an m= line run only where both have it.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/grouping.h>
#include <sipring/core/sdp/attribute/security.h>
#include <sipring/core/sdp/check_answer.h>
#include <sipring/core/sdp/detail/payloads.h>
#include <sipring/core/sdp/detail/text.h>
#include <sipring/core/sdp/detail/times.h>
#include <sipring/core/sdp/offer_answer.h>

#include <algorithm>

namespace sipring::sdp {
namespace {

struct Description {
  Breach breach;
  std::string_view name, section, explanation;
};

// In the order of the enumeration, so that a breach is an index.
constexpr std::array descriptions{
    Description{Breach::media_count, "media_count", "RFC 3264 section 6",
                "the answer has not as many m= lines as the offer"},
    Description{Breach::media_kind, "media_kind", "RFC 3264 section 6",
                "an m= line answers one of another kind"},
    Description{Breach::protocol, "protocol", "RFC 3264 section 6.1",
                "an m= line has another transport protocol than the offer's"},
    Description{Breach::accepted_rejected, "accepted_rejected", "RFC 3264 section 6",
                "a stream has a port that the offer had disabled"},
    Description{Breach::no_common_format, "no_common_format", "RFC 3264 section 6.1",
                "a stream is accepted without a format of the offer"},
    Description{Breach::payload_remapped, "payload_remapped", "RFC 3264 section 6.1",
                "a payload type of the offer stands for another codec"},
    Description{Breach::direction, "direction", "RFC 3264 section 6.1",
                "the direction does not fit the offered one"},
    Description{Breach::missing_address, "missing_address", "RFC 8866 section 5.7",
                "an accepted stream has no c= line"},
    Description{Breach::times, "times", "RFC 3264 section 6",
                "the times are not those of the offer"},
    Description{Breach::mid, "mid", "RFC 5888 section 9.1", "a mid is not the offer's"},
    Description{Breach::group, "group", "RFC 9143 section 7.3",
                "a bundle has a member that was not offered in it or was rejected"},
    Description{Breach::bundle_port, "bundle_port", "RFC 9143 section 7.3",
                "the members of a bundle have different ports"},
    Description{Breach::rtcp_mux, "rtcp_mux", "RFC 5761 section 5.1.1",
                "rtcp-mux is accepted that was not offered"},
    Description{Breach::setup, "setup", "RFC 4145 section 4.1",
                "the role does not answer the offered one"},
    Description{Breach::crypto, "crypto", "RFC 4568 section 5.1.2",
                "a crypto attribute has a tag or suite that was not offered"},
    Description{Breach::missing_key, "missing_key", "RFC 4568 section 7.1.2",
                "a stream of a secure profile is accepted without a key"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < descriptions.size(); ++i)
    if (static_cast<std::size_t>(descriptions[i].breach) != i) return false;
  return true;
}
static_assert(in_order());

std::string_view mid_of(const Media& media) {
  const auto value = media.attribute("mid");
  if (!value) return {};
  const Parsed<Mid> mid = parse_mid(*value);
  return mid ? mid->id : std::string_view{};
}

std::string_view bundle_of(const Session& session) {
  for (const std::string_view value : session.head().attributes("group"))
    if (const Parsed<Group> group = parse_group(value); group && group->semantics == "BUNDLE")
      return group->mids;
  return {};
}

// Offered without a port of its own, to be had inside a bundle (RFC 9143 section 6).
bool is_bundle_only(const Media& media) {
  return media.port() == 0 && media.has("bundle-only");
}

class Checking {
 public:
  Checking(const Session& offer, const Session& answer)
      : offer_(offer),
        answer_(answer),
        offered_bundle_(bundle_of(offer)),
        answered_bundle_(bundle_of(answer)) {}

  Violations check() {
    if (offer_.media_count() != answer_.media_count()) found_.add(Breach::media_count);
    check_times();
    const std::uint32_t count = std::min(offer_.media_count(), answer_.media_count());
    for (index_ = 0; index_ < count; ++index_)
      check_media(offer_.media(index_), answer_.media(index_));
    check_bundle();
    return found_;
  }

 private:
  void must(bool fact, Breach breach) {
    if (!fact) found_.add(breach, index_);
  }

  // Section 6; where no time of the offer can be read, any will do.
  void check_times() {
    detail::Times offered(offer_.head()), answered(answer_.head());
    for (bool first = true;; first = false) {
      const Line of_offer = offered.next();
      if (first && of_offer.type == 0) return;
      const Line of_answer = answered.next();
      if (of_offer.type != of_answer.type ||
          detail::trimmed(of_offer.value) != detail::trimmed(of_answer.value))
        return found_.add(Breach::times);
      if (of_offer.type == 0) return;
    }
  }

  void check_media(const Media& offered, const Media& answered) {
    must(offered.kind() == answered.kind(), Breach::media_kind);
    must(offered.protocol() == answered.protocol(), Breach::protocol);
    const std::string_view mid = mid_of(answered);
    must(mid.empty() || mid == mid_of(offered), Breach::mid);
    if (answered.port() == 0) return;
    must(offered.port() != 0 || is_bundle_only(offered), Breach::accepted_rejected);
    must(answered.connection().has_value(), Breach::missing_address);
    check_formats(offered, answered);
    check_direction(offered_direction(offered), answered.direction(), answered.protocol());
    must(!answered.has("rtcp-mux") || offered.has("rtcp-mux"), Breach::rtcp_mux);
    check_setup(offered, answered);
    check_keys(offered, answered);
  }

  void check_formats(const Media& offered, const Media& answered) {
    if (is_rtp(answered.protocol())) return check_payloads(Payloads(offered), Payloads(answered));
    bool common = false;
    for (const std::string_view format : answered.formats())
      common = common || offered.formats().has(format);
    must(common, Breach::no_common_format);
  }

  void check_payloads(const Payloads& offered, const Payloads& answered) {
    bool common = false, remapped = false;
    for (std::uint32_t i = 0; i < answered.size(); ++i) {
      const Payload* const payload = offered.find(answered[i].number);
      if (payload == nullptr) continue;
      common = true;
      const bool known = !payload->encoding.empty() && !answered[i].encoding.empty();
      remapped = remapped || (known && !same_encoding(*payload, answered[i]));
    }
    must(common, Breach::no_common_format);
    must(!remapped, Breach::payload_remapped);
  }

  void check_direction(Direction offered, Direction answered, std::string_view protocol) {
    const Direction allowed = mirrored(offered);
    must(!is_rtp(protocol) || both(answered, allowed) == answered, Breach::direction);
  }

  void check_setup(const Media& offered, const Media& answered) {
    const auto offer = offered.attribute_or_session("setup"),
               answer = answered.attribute_or_session("setup");
    if (!answer) return;
    const Parsed<SetupRole> given = parse_setup(*answer);
    const SetupRole asked = offer ? parse_setup(*offer).value_or(SetupRole{}) : SetupRole{};
    must(given && may_answer(given->role, asked.role), Breach::setup);
  }

  void check_keys(const Media& offered, const Media& answered) {
    const bool has_fingerprint = answered.attribute_or_session("fingerprint").has_value();
    const bool has_crypto = answered.has("crypto");
    if (is_secure(answered.protocol())) must(has_fingerprint || has_crypto, Breach::missing_key);
    for (const std::string_view value : answered.attributes("crypto"))
      must(is_offered(parse_crypto(value), offered), Breach::crypto);
  }

  static bool is_offered(const Parsed<Crypto>& crypto, const Media& offered) {
    if (!crypto) return false;
    for (const std::string_view value : offered.attributes("crypto")) {
      const Parsed<Crypto> other = parse_crypto(value);
      if (other && other->tag == crypto->tag && other->suite == crypto->suite) return true;
    }
    return false;
  }

  // Every member was a member of the offer's group, is an accepted m= line, and has the same port.
  void check_bundle() {
    std::uint16_t port = 0;
    for (const std::string_view mid : Words(answered_bundle_)) {
      const std::uint32_t index = find_mid(mid);
      index_ = index == answer_.media_count() ? Violation::session : index;
      const std::uint16_t own = index_ == index ? answer_.media(index).port() : 0;
      const bool in_group = index_ == index && answer_.media(index).has("bundle-only");
      must(Words(offered_bundle_).has(mid) && (own != 0 || in_group), Breach::group);
      if (own == 0) continue;
      must(port == 0 || port == own, Breach::bundle_port);
      port = own;
    }
  }

  std::uint32_t find_mid(std::string_view mid) const {
    std::uint32_t index = 0;
    while (index < answer_.media_count() && mid_of(answer_.media(index)) != mid) ++index;
    return index;
  }

  const Session& offer_;
  const Session& answer_;
  std::string_view offered_bundle_, answered_bundle_;
  std::uint32_t index_ = Violation::session;
  Violations found_;
};

}  // namespace

std::string_view to_string(Breach breach) {
  return descriptions[static_cast<std::size_t>(breach)].name;
}
std::string_view rfc_section(Breach breach) {
  return descriptions[static_cast<std::size_t>(breach)].section;
}
std::string_view explanation(Breach breach) {
  return descriptions[static_cast<std::size_t>(breach)].explanation;
}

const Violation* Violations::end() const {
  return kept_.data() + std::min<std::size_t>(count_, kept_.size());
}

bool Violations::has(Breach breach) const {
  return std::any_of(begin(), end(), [&](const Violation& v) { return v.breach == breach; });
}

void Violations::add(Breach breach, std::uint32_t media) {
  if (count_ < kept_.size()) kept_[count_] = {breach, media};
  ++count_;
}

Violations check_answer(const Session& offer, const Session& answer) {
  return Checking(offer, answer).check();
}

}  // namespace sipring::sdp
