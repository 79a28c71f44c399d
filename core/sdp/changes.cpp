// Line by line for the session, by meaning for each media.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/changes.h>
#include <sipring/core/sdp/detail/payloads.h>
#include <sipring/core/sdp/offer_answer.h>

#include <algorithm>
#include <utility>

namespace sipring::sdp {
namespace {

std::string_view without_zeros(std::string_view number) {
  return number.substr(std::min(number.find_first_not_of('0'), number.size()));
}

VersionChange version_change(const Origin& previous, const Origin& next) {
  if (compare_numbers(previous.session_version, next.session_version) == 0)
    return VersionChange::unchanged;
  return is_next_number(previous.session_version, next.session_version) ? VersionChange::incremented
                                                                        : VersionChange::other;
}

bool same_identity(const Origin& a, const Origin& b) {
  return a.username == b.username && a.session_id == b.session_id &&
         a.network_type == b.network_type && a.address_type == b.address_type &&
         a.address == b.address;
}

bool same_content(const Section& a, const Section& b) {
  if (a.size() != b.size()) return false;
  for (std::uint32_t index = 0; index < a.size(); ++index) {
    if (a[index].type != b[index].type) return false;
    if (a[index].type != 'o' && a[index].value != b[index].value) return false;
  }
  return true;
}

bool same_address(const std::optional<Connection>& a, const std::optional<Connection>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  if (is_null_address(*a) || is_null_address(*b)) return true;  // the direction tells
  return a->address_type == b->address_type && a->address == b->address && a->suffix == b->suffix;
}

bool same_payload(const Payload& a, const Payload& b) {
  return a.number == b.number && a.encoding == b.encoding && a.clock_rate == b.clock_rate &&
         a.channels == b.channels && a.fmtp == b.fmtp;
}

bool same_codecs(const Media& a, const Media& b) {
  if (!is_rtp(a.protocol()) || !is_rtp(b.protocol()))
    return std::ranges::equal(std::ranges::subrange(a.formats().begin(), a.formats().end()),
                              std::ranges::subrange(b.formats().begin(), b.formats().end()));
  const Payloads before(a), after(b);
  if (before.size() != after.size()) return false;
  for (std::uint32_t index = 0; index < before.size(); ++index)
    if (!same_payload(before[index], after[index])) return false;
  return true;
}

// Lines whose meaning is compared elsewhere.
bool is_compared(const Section& section, std::uint32_t index) {
  const char type = section[index].type;
  if (type == 'm' || type == 'c') return true;
  if (type != 'a') return false;
  const std::string_view name = section.attribute_at(index).name;
  return name == "rtpmap" || name == "fmtp" || direction_from(name).has_value();
}

std::uint32_t next_other(const Section& section, std::uint32_t index) {
  while (index < section.size() && is_compared(section, index)) ++index;
  return index;
}

bool same_other_lines(const Section& a, const Section& b) {
  for (std::uint32_t i = 0, j = 0;; ++i, ++j) {
    i = next_other(a, i), j = next_other(b, j);
    if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
    if (a[i].type != b[j].type || a[i].value != b[j].value) return false;
  }
}

MediaChange compare_media(const Media& before, const Media& after) {
  MediaChange change;
  if (before.port() == 0 && after.port() == 0) return change;
  change.add(MediaEvent::added, before.port() == 0);
  change.add(MediaEvent::disabled, after.port() == 0);
  change.add(MediaEvent::kind, before.kind() != after.kind());
  if (before.port() == 0 || after.port() == 0) return change;
  const Direction was = offered_direction(before), is = offered_direction(after);
  change.add(MediaEvent::protocol, before.protocol() != after.protocol());
  change.add(MediaEvent::address, !same_address(before.connection(), after.connection()));
  change.add(MediaEvent::port, before.port() != after.port());
  change.add(MediaEvent::codecs, !same_codecs(before, after));
  change.add(MediaEvent::direction, was != is);
  change.add(MediaEvent::hold, receives(was) && !receives(is));
  change.add(MediaEvent::resume, !receives(was) && receives(is));
  change.add(MediaEvent::attributes, !same_other_lines(before, after));
  return change;
}

}  // namespace

Changes compare(const Session& previous, const Session& next) {
  Changes changes;
  changes.version = version_change(previous.origin(), next.origin());
  changes.identity_changed = !same_identity(previous.origin(), next.origin());
  changes.content_changed = !same_content(previous.lines(), next.lines());
  changes.media_missing = next.media_count() < previous.media_count();
  changes.media_count = std::max(previous.media_count(), next.media_count());
  return changes;
}

MediaChange change_of(const Session& previous, const Session& next, std::uint32_t index) {
  MediaChange change;
  if (index >= next.media_count()) {
    change.add(MediaEvent::removed);
  } else if (index >= previous.media_count()) {
    change.add(MediaEvent::added);
  } else {
    change = compare_media(previous.media(index), next.media(index));
  }
  return change;
}

std::string_view to_string(MediaEvent event) {
  switch (event) {
    case MediaEvent::added: return "added";
    case MediaEvent::removed: return "removed";
    case MediaEvent::disabled: return "disabled";
    case MediaEvent::kind: return "kind";
    case MediaEvent::protocol: return "protocol";
    case MediaEvent::address: return "address";
    case MediaEvent::port: return "port";
    case MediaEvent::codecs: return "codecs";
    case MediaEvent::direction: return "direction";
    case MediaEvent::hold: return "hold";
    case MediaEvent::resume: return "resume";
    case MediaEvent::attributes: return "attributes";
  }
  return "";
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  a = without_zeros(a), b = without_zeros(b);
  if (const auto by_length = a.size() <=> b.size(); by_length != 0) return by_length;
  return a.compare(b) <=> 0;
}

// From the right: nines became zeros, then one digit grew by one, and what is before is the same.
bool is_next_number(std::string_view a, std::string_view b) {
  a = without_zeros(a), b = without_zeros(b);
  while (!a.empty() && !b.empty() && a.back() == '9' && b.back() == '0')
    a.remove_suffix(1), b.remove_suffix(1);
  if (a.empty()) return b == "1";
  if (b.empty() || a.size() != b.size() || b.back() != a.back() + 1) return false;
  return a.substr(0, a.size() - 1) == b.substr(0, b.size() - 1);
}

}  // namespace sipring::sdp
