// Answers: RFC 3264 section 6. First it is decided which media are accepted, since the session's
// part names those that share a port (RFC 9143 section 7.3); then all is written in order.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/detail/media_text.h>
#include <sipring/core/sdp/detail/selection.h>
#include <sipring/core/sdp/detail/text.h>
#include <sipring/core/sdp/detail/times.h>
#include <sipring/core/sdp/offer_answer.h>
#include <sipring/pools/detail/room.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace sipring::sdp {
namespace {

using detail::Keying;
using detail::Selection;

class Answering {
 public:
  Answering(const Session& offer, const Capabilities& capabilities, const LocalSession& self,
            Writer& writer)
      : offer_(offer), capabilities_(capabilities), self_(self), writer_(writer) {}

  Answered answer() {
    find_bundle();
    decide();
    keep_bundle();
    write();
    return {offer_.media_count(), accepted_};
  }

 private:
  static constexpr std::uint32_t most_media = 64;
  struct Decision {
    const MediaCapability* ours = nullptr;  // null: rejected
    std::string_view mid;                   // empty: none
    bool bundled = false;
  };

  // The first group of the offer.
  void find_bundle() {
    if (!capabilities_.bundle) return;
    for (const std::string_view value : offer_.head().attributes("group")) {
      const Parsed<Group> group = parse_group(value);
      if (!group || group->semantics != "BUNDLE") continue;
      bundle_ = group->mids;
      return;
    }
  }

  void decide() {
    const std::uint32_t count = std::min(offer_.media_count(), most_media);
    for (; count_ < count; ++count_) {
      const Media media = offer_.media(count_);
      Decision& decision = decisions_[count_];
      decision = {};
      if (const auto value = media.attribute("mid"))
        if (const Parsed<Mid> mid = parse_mid(*value)) decision.mid = mid->id;
      decision.bundled = is_in_bundle(media, decision.mid);
      if (media.port() == 0 && !(decision.bundled && media.has("bundle-only"))) continue;
      decision.ours = find_capability(media);
    }
  }

  bool is_in_bundle(const Media& media, std::string_view mid) const {
    if (mid.empty() || !Words(bundle_).has(mid)) return false;
    return !is_rtp(media.protocol()) || media.has("rtcp-mux");
  }

  const MediaCapability* find_capability(const Media& media) {
    for (const MediaCapability& ours : capabilities_.media) {
      if (is_used(ours) || !can_take(media, ours)) continue;
      return &ours;
    }
    return nullptr;
  }

  bool is_used(const MediaCapability& ours) const {
    for (std::uint32_t index = 0; index < count_; ++index)
      if (decisions_[index].ours == &ours) return true;
    return false;
  }

  bool can_take(const Media& media, const MediaCapability& ours) {
    if (ours.port == 0 || ours.kind != media.kind()) return false;
    if (!detail::has_protocol(ours, media.protocol())) return false;
    if (detail::keying_for(media, ours) == Keying::impossible) return false;
    if (is_rtp(media.protocol())) return !selection_of(media, ours).empty();
    return !common_format(media, ours).empty();
  }

  // Read once where there is one media, as nearly always.
  const Payloads& payloads_of(const Media& media) {
    const char* const place = media.kind().data();
    if (std::exchange(payloads_of_, place) != place) payloads_.emplace(media);
    return *payloads_;
  }

  // What is read last is what was decided on where there is one media and one capability for it.
  const Selection& selection_of(const Media& media, const MediaCapability& ours) {
    const Payloads& payloads = payloads_of(media);
    if (!selection_ || selected_of_ != std::pair(media.kind().data(), &ours)) {
      selection_.emplace(payloads, ours, capabilities_.single_codec);
      selected_of_ = {media.kind().data(), &ours};
    }
    return *selection_;
  }

  static std::string_view common_format(const Media& media, const MediaCapability& ours) {
    for (const std::string_view format : media.formats())
      if (std::ranges::find(ours.formats, format) != ours.formats.end()) return format;
    return {};
  }

  // A group needs an m= line that has a port of its own to give; what was offered inside of a group
  // only falls with it.
  void keep_bundle() {
    for (std::uint32_t index = 0; index < count_; ++index) {
      Decision& decision = decisions_[index];
      decision.bundled = decision.bundled && decision.ours != nullptr &&
                         (decision.ours->rtcp_mux || !is_rtp(offer_.media(index).protocol()));
    }
    for (const std::string_view mid : Words(bundle_)) {
      const std::uint32_t index = find_mid(mid);
      if (index == count_ || offer_.media(index).port() == 0) continue;
      tagged_ = decisions_[index].ours;
      break;
    }
    for (std::uint32_t index = 0; index < count_; ++index) {
      Decision& decision = decisions_[index];
      if (tagged_ == nullptr) decision.bundled = false;
      if (decision.ours == nullptr) continue;
      if (!decision.bundled && offer_.media(index).port() == 0) decision.ours = nullptr;
    }
  }

  // Of the bundled ones.
  std::uint32_t find_mid(std::string_view mid) const {
    std::uint32_t index = 0;
    while (index < count_ && !(decisions_[index].bundled && decisions_[index].mid == mid)) ++index;
    return index;
  }

  void write() {
    detail::write_head(self_, writer_);
    write_times();
    write_group();
    for (std::uint32_t index = 0; index < offer_.media_count(); ++index) {
      const Media media = offer_.media(index);
      if (index < count_ && decisions_[index].ours != nullptr)
        write_accepted(media, decisions_[index]);
      else
        write_rejected(media);
    }
  }

  // Section 6: equal to the offer's, as far as that can be read.
  void write_times() {
    detail::Times times(offer_.head());
    bool any = false;
    for (Line line = times.next(); line.type != 0; line = times.next()) {
      any = true;
      writer_.line(line.type, detail::trimmed(line.value));
    }
    if (!any) writer_.line('t', "0 0");
  }

  // The tagged one first: the offer's order does that, but for those that were offered without a
  // port.
  void write_group() {
    if (tagged_ == nullptr) return;
    writer_.begin_attribute("group") << "BUNDLE";
    for (const bool tagged : {true, false})
      for (const std::string_view mid : Words(bundle_)) {
        const std::uint32_t index = find_mid(mid);
        if (index == count_ || (decisions_[index].ours == tagged_) != tagged) continue;
        writer_ << " " << mid;
      }
    writer_.end();
  }

  // A format says nothing here, and has to be there all the same.
  void write_rejected(const Media& media) {
    const std::string_view format = media.formats().first();
    writer_.begin('m') << media.kind() << " 0 " << media.protocol() << " "
                       << (format.empty() ? "0" : format);
    writer_.end();
  }

  void write_accepted(const Media& media, const Decision& decision) {
    ++accepted_;
    const MediaCapability& place = decision.bundled ? *tagged_ : *decision.ours;
    writer_.begin('m') << media.kind() << " " << std::uint64_t{place.port} << " "
                       << media.protocol();
    if (is_rtp(media.protocol())) {
      write_rtp(media, *decision.ours, place);
    } else {
      writer_ << " " << common_format(media, *decision.ours);
      writer_.end();
      detail::write_address(place, writer_);
    }
    if (!decision.mid.empty()) writer_.attribute("mid", decision.mid);
    write_keys(media, *decision.ours);
    if (decision.ours->fax) write_fax(media, *decision.ours->fax);
    detail::write_extras(*decision.ours, writer_);
  }

  void write_rtp(const Media& media, const MediaCapability& ours, const MediaCapability& place) {
    const Selection& selection = selection_of(media, ours);
    for (const Selection::Entry& entry : selection)
      writer_ << " " << std::uint64_t{entry.offered->number};
    writer_.end();
    detail::write_address(place, writer_);
    for (const Selection::Entry& entry : selection) {
      Payload payload = detail::payload_of(*entry.codec);
      payload.number = entry.offered->number;
      detail::write_payload(payload, writer_);
    }
    writer_.write(both(mirrored(offered_direction(media)), ours.direction));
    if (ours.rtcp_mux && media.has("rtcp-mux")) writer_.attribute("rtcp-mux");
  }

  void write_keys(const Media& media, const MediaCapability& ours) {
    switch (detail::keying_for(media, ours)) {
      case Keying::impossible: return;
      case Keying::none:
        if (media.has("setup")) writer_.write(setup_for(media));
        return;
      case Keying::sdes: {
        const detail::CryptoMatch match = detail::match_crypto(media, ours);
        Crypto crypto = *match.ours;
        crypto.tag = match.offered.tag;  // RFC 4568 section 5.1.2
        writer_.write(crypto);
        return;
      }
      case Keying::dtls: writer_.write(*ours.fingerprint).write(setup_for(media));
    }
  }

  // RFC 4145 section 4.1: an offer without it is active.
  static SetupRole setup_for(const Media& media) {
    const auto value = media.attribute_or_session("setup");
    const SetupRole offered = value ? parse_setup(*value).value_or(SetupRole{}) : SetupRole{};
    return {answered(offered.role), {}};
  }

  // T.38 annex D: version and rate are the lower ones, the way of rate management is the offerer's.
  void write_fax(const Media& media, const Fax& ours) {
    const Fax offered = read_fax(media).value_or(Fax{});
    Fax fax = ours;
    fax.version = std::min(offered.version.value_or(0), ours.version.value_or(0));
    if (offered.max_bit_rate && ours.max_bit_rate)
      fax.max_bit_rate = std::min(*offered.max_bit_rate, *ours.max_bit_rate);
    fax.fill_bit_removal = offered.fill_bit_removal && ours.fill_bit_removal;
    fax.transcoding_mmr = offered.transcoding_mmr && ours.transcoding_mmr;
    fax.transcoding_jbig = offered.transcoding_jbig && ours.transcoding_jbig;
    if (!offered.rate_management.empty()) fax.rate_management = offered.rate_management;
    writer_.write(fax);
  }

  const Session& offer_;
  const Capabilities& capabilities_;
  const LocalSession& self_;
  Writer& writer_;
  std::string_view bundle_;                  // mids of the offer's group
  const MediaCapability* tagged_ = nullptr;  // whose port the bundled ones share
  Room<Decision, most_media> decisions_;
  std::uint32_t count_ = 0;  // of decisions
  std::optional<Payloads> payloads_;
  const char* payloads_of_ = nullptr;  // where its m= line stands in the offer
  std::optional<Selection> selection_;
  std::pair<const char*, const MediaCapability*> selected_of_;  // which m= line and capability
  std::uint32_t accepted_ = 0;
};

}  // namespace

Direction offered_direction(const Media& media) {
  const Direction direction = media.direction();
  const auto connection = media.connection();
  const bool is_held =
      connection && is_null_address(*connection) && !media.attribute_or_session("ice-ufrag");
  return is_held ? both(direction, Direction::sendonly) : direction;
}

std::expected<Answered, OfferAnswerError> write_answer(const Session& offer,
                                                       const Capabilities& capabilities,
                                                       const LocalSession& self, Writer& writer) {
  const Answered answered = Answering(offer, capabilities, self, writer).answer();
  if (writer.complete()) return answered;
  return std::unexpected(writer.overflowed() ? OfferAnswerError::too_large
                                             : OfferAnswerError::unwritable);
}

}  // namespace sipring::sdp
