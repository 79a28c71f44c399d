// Multipart bodies, split without a copy: multipart/mixed, related, alternative (RFC 2046
// section 5.1; RFC 5621 for SIP).
//
//   for (const Parsed<BodyPart>& part : split_multipart(message.body(), boundary)) ...
//
// Views point into the body. A line is a delimiter when it is "--", the boundary and white space,
// whole: a line that only begins so belongs to another boundary. Content-Length says where a SIP
// body ends, so one without its close-delimiter is complete all the same: its last part is
// `forgiven` that, and ends where the body ends. One without any part is forgiven, too. A part
// whose header fields cannot be read is handed out as its error, and the next one is read again.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/core/message/parse_limits.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/pools/detail/input_iterator.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace sipring {

struct BodyPart {
  std::string_view head;     // its header fields, line endings included; empty: none
  std::string_view content;  // up to the line ending before the next delimiter
  // Of the header fields that SIP uses; null data when absent. The first of a kind counts.
  std::string_view content_type;  // absent: text/plain (RFC 2045 section 5.2)
  std::string_view content_id;
  std::string_view content_disposition;
  std::string_view content_transfer_encoding;
  std::uint32_t depth = 0;  // 0: a part of the body itself (see MultipartLeaves)
  Forgiven forgiven;        // offsets are in the body

  // Any other, by name without case; folds stay. nullopt when absent.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// The text between a multipart's delimiters, one part after the other.
class Multipart {
 public:
  class Cursor {
   public:
    explicit Cursor(const Multipart& multipart);
    [[nodiscard]] const Parsed<BodyPart>& value() const { return part_; }
    void next();
    [[nodiscard]] bool at_end() const { return ended_; }
    // What stands behind the close-delimiter; known at the end.
    [[nodiscard]] std::string_view epilogue() const { return epilogue_; }
    // Of the whole, not of a part: that it has none.
    [[nodiscard]] const Forgiven& forgiven() const { return forgiven_; }

   private:
    void end_without_part(std::size_t offset);

    std::string_view body_, boundary_;
    std::size_t at_ = 0;  // behind a delimiter line
    bool closed_ = false;
    bool ended_ = false;
    std::string_view epilogue_;
    Forgiven forgiven_;
    Parsed<BodyPart> part_{};
  };
  using Iterator = InputIterator<Cursor>;

  Multipart(std::string_view body, std::string_view boundary) : body_(body), boundary_(boundary) {}
  [[nodiscard]] Iterator begin() const { return Iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }
  // What stands before the first delimiter; all when there is none.
  [[nodiscard]] std::string_view preamble() const;

 private:
  std::string_view body_, boundary_;
};

// `boundary` without quotes, 1 to 70 octets. A body without a delimiter, or another boundary, is
// one element: the error `multipart`.
[[nodiscard]] inline Multipart split_multipart(std::string_view body, std::string_view boundary) {
  return {body, boundary};
}

// Of a Content-Type "multipart/...; boundary=x"; nullopt when it is none or has no boundary.
[[nodiscard]] std::optional<std::string_view> multipart_boundary(std::string_view content_type);

// The parts that are no multiparts themselves, in the order of the text, whatever they are nested
// in. Deeper than `depth` (ParseLimits::multipart_depth, `max_depth` at most) is the error
// `nesting_too_deep`.
class MultipartLeaves {
 public:
  static constexpr std::uint32_t max_depth = 8;

  MultipartLeaves(std::string_view body, std::string_view boundary,
                  std::uint32_t depth = ParseLimits{}.multipart_depth);
  // nullopt after the last one.
  [[nodiscard]] std::optional<Parsed<BodyPart>> next();
  // Of the multiparts themselves, as far as they have been read.
  [[nodiscard]] const Forgiven& forgiven() const { return forgiven_; }

 private:
  struct Level {
    Multipart::Iterator at;
    std::uint32_t offset;  // of this level's text in the body
  };
  bool open(std::string_view text, std::string_view boundary);

  const char* begin_;
  std::uint32_t limit_;
  std::array<std::optional<Level>, max_depth> levels_;
  std::uint32_t depth_ = 0;  // levels that are open
  Forgiven forgiven_;
};

}  // namespace sipring
