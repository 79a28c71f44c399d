// What a later offer or answer of one side changes against its earlier one: RFC 3264 section 8.
//
//   const sdp::Changes changes = sdp::compare(previous, next);
//   for (std::uint32_t i = 0; i < changes.media_count; ++i)
//     if (sdp::change_of(previous, next, i).has(sdp::MediaEvent::hold)) ...
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/session.h>

#include <compare>
#include <cstdint>
#include <string_view>

namespace sipring::sdp {

enum class VersionChange : std::uint8_t {
  unchanged,    // so nothing else may have changed
  incremented,  // by one, as it must be with a change
  other,        // backwards, or by more than one
};

struct Changes {
  VersionChange version = VersionChange::unchanged;
  bool identity_changed = false;  // o= but for its version: another session
  // Any line but o=. Section 8: with an unchanged version there must be none.
  bool content_changed = false;
  bool media_missing = false;     // fewer m= lines than before: section 8 forbids it
  std::uint32_t media_count = 0;  // the larger of both

  // What section 8 asks of a new description.
  [[nodiscard]] bool is_valid() const {
    const bool fits =
        content_changed ? version == VersionChange::incremented : version != VersionChange::other;
    return !identity_changed && !media_missing && fits;
  }
};

enum class MediaEvent : std::uint8_t {
  added,      // an m= line that was not there, or takes the place of a disabled one (section 8.1)
  removed,    // the m= line is missing
  disabled,   // the port became 0 (section 8.2)
  kind,       // another kind of media in the place
  protocol,   // another transport protocol
  address,    // another c=, null addresses of an old hold apart (section 8.3.1)
  port,       // another port
  codecs,     // other formats, order, or what they stand for (section 8.3.2)
  direction,  // another direction
  hold,       // it receives no longer, where it did (section 8.4)
  resume,     // it receives again
  attributes  // any other line
};
[[nodiscard]] std::string_view to_string(MediaEvent event);

class MediaChange {
 public:
  [[nodiscard]] bool empty() const { return events_ == 0; }
  [[nodiscard]] bool has(MediaEvent event) const { return (events_ >> bit(event) & 1) != 0; }
  void add(MediaEvent event, bool when = true) {
    if (when) events_ |= 1U << bit(event);
  }

 private:
  static constexpr unsigned bit(MediaEvent event) { return static_cast<unsigned>(event); }
  std::uint32_t events_ = 0;
};

[[nodiscard]] Changes compare(const Session& previous, const Session& next);
// index is below media_count.
[[nodiscard]] MediaChange change_of(const Session& previous, const Session& next,
                                    std::uint32_t index);

// Of numbers with any count of digits, leading zeros apart.
[[nodiscard]] std::strong_ordering compare_numbers(std::string_view a, std::string_view b);
// b is a + 1.
[[nodiscard]] bool is_next_number(std::string_view a, std::string_view b);

}  // namespace sipring::sdp
