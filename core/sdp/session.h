// A session description: RFC 8866. A typed view of its lines, in their order, over a text that it
// does not own.
//
//   sdp::Session session{256, 16, memory};                 // once
//   if (const auto read = sdp::parse(message.body(), session))
//     for (const sdp::Media media : session.media())
//       ... media.kind(), media.port(), media.formats(), media.direction()
//
// Lifetime: every view points into the text that was parsed and dies with it; Media and Section
// point to the Session too. Nothing here allocates after construction, and nothing outside the text
// is read.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/core/sdp/detail/words.h>
#include <sipring/core/sdp/direction.h>
#include <sipring/core/sdp/fields.h>
#include <sipring/pools/assert.h>
#include <sipring/pools/detail/input_iterator.h>

#include <cstdint>
#include <iterator>
#include <memory_resource>
#include <optional>
#include <string_view>

namespace sipring::sdp {

namespace detail {
class SessionReader;  // fills a Session while the grammar reads
}  // namespace detail

class Section;
class Media;
class MediaList;

// "x=value", without its line end.
struct Line {
  char type = 0;
  std::string_view value;
};

class Session {
 public:
  // Room for so many lines and m= lines.
  Session(std::uint32_t max_lines, std::uint32_t max_media, std::pmr::memory_resource& memory);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  // What the memory resource gives for it.
  [[nodiscard]] static std::size_t bytes_for(std::uint32_t max_lines, std::uint32_t max_media);

  [[nodiscard]] std::string_view text() const { return text_; }
  // All lines that were read, those of media too; lines of unknown types are left out.
  [[nodiscard]] Section lines() const;
  // Those before the first m=.
  [[nodiscard]] Section head() const;

  [[nodiscard]] const Origin& origin() const { return origin_; }
  // s=; empty when it is missing.
  [[nodiscard]] std::string_view name() const;
  // The session's own; media may have one each (Media::connection).
  [[nodiscard]] const std::optional<Connection>& connection() const { return connection_; }
  // The default of its media; nullopt: none is stated.
  [[nodiscard]] std::optional<Direction> direction() const;

  [[nodiscard]] std::uint32_t media_count() const { return media_count_; }
  // index is below media_count().
  [[nodiscard]] Media media(std::uint32_t index) const;
  [[nodiscard]] MediaList media() const;

 private:
  friend class detail::SessionReader;
  friend class Section;
  friend class Media;

  // Offsets in a text of 65,535 octets at most.
  struct Span {
    std::uint16_t offset = 0;
    std::uint16_t length = 0;
  };
  struct LineEntry {
    Span value;
    std::uint16_t name_length = 0;  // of an attribute
    char type = 0;
  };
  static_assert(sizeof(LineEntry) == 8);
  struct MediaEntry {
    std::uint16_t first_line = 0, end_line = 0;  // of the lines; the first is the m= line
    Span kind, protocol, formats;
    std::uint16_t port = 0, port_count = 1;
  };
  static_assert(sizeof(MediaEntry) == 20);

  [[nodiscard]] std::string_view view(Span span) const {
    return {text_.data() + span.offset, span.length};
  }
  [[nodiscard]] std::uint32_t head_end() const {
    return media_count_ == 0 ? line_count_ : media_[0].first_line;
  }

  std::pmr::memory_resource& memory_;
  std::uint32_t max_lines_, max_media_;
  LineEntry* lines_;
  MediaEntry* media_;
  std::uint32_t line_count_ = 0, media_count_ = 0;
  std::string_view text_;
  Origin origin_;
  std::optional<Connection> connection_;
};

// What parsing forgave. strictly(parse(text, session)) is the strict reading.
struct Reading {
  Forgiven forgiven;
};

// What some programs put before a text; forgiven.
inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// Parses a text of 65,535 octets at most. On failure `session` holds the lines before the mistake.
Parsed<Reading> parse(std::string_view text, Session& session);

// Some lines of a session one after the other: all, the session's part, or those of a media.
class Section {
 public:
  Section(const Session& session, std::uint32_t first, std::uint32_t end)
      : session_(&session), first_(first), end_(end) {}

  [[nodiscard]] std::uint32_t size() const { return end_ - first_; }
  // index is below size().
  [[nodiscard]] Line operator[](std::uint32_t index) const {
    SIPRING_ASSERT(index < size());
    const Session::LineEntry& entry = session_->lines_[first_ + index];
    return {entry.type, session_->view(entry.value)};
  }
  // The value of the first line of this type; nullopt when absent.
  [[nodiscard]] std::optional<std::string_view> first(char type) const;
  // The value of the first attribute of this name, empty for a flag; nullopt when absent. Names are
  // case-sensitive (section 5.13).
  [[nodiscard]] std::optional<std::string_view> attribute(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return attribute(name).has_value(); }
  // The a= line at `index` taken apart; precondition: its type is 'a'.
  [[nodiscard]] Attribute attribute_at(std::uint32_t index) const;
  // The last of sendrecv, sendonly, recvonly, inactive.
  [[nodiscard]] std::optional<Direction> stated_direction() const;

  // All values in order: for (std::string_view value : section.attributes("rtpmap")) ...
  class Values;
  [[nodiscard]] Values attributes(std::string_view name) const;
  [[nodiscard]] Values each(char type) const;

 private:
  // size() when there is none at or after `from`. An empty name stands for every one.
  [[nodiscard]] std::uint32_t find(char type, std::string_view name, std::uint32_t from) const;
  [[nodiscard]] std::string_view value_at(std::uint32_t index, bool of_attribute) const;

 protected:
  const Session* session_;
  std::uint32_t first_, end_;
};

class Section::Values {
 public:
  class Cursor {
   public:
    explicit Cursor(const Values& values) : values_(values) { find(0); }
    [[nodiscard]] std::string_view value() const {
      return values_.section_.value_at(index_, !values_.name_.empty());
    }
    void next() { find(index_ + 1); }
    [[nodiscard]] bool at_end() const { return index_ == values_.section_.size(); }

   private:
    void find(std::uint32_t from) {
      index_ = values_.section_.find(values_.type_, values_.name_, from);
    }
    const Values& values_;
    std::uint32_t index_ = 0;
  };
  using Iterator = InputIterator<Cursor>;

  Values(const Section& section, char type, std::string_view name)
      : section_(section), type_(type), name_(name) {}
  [[nodiscard]] Iterator begin() const { return Iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  Section section_;
  char type_;
  std::string_view name_;
};

// An m= line and the lines that belong to it.
class Media : public Section {
 public:
  Media(const Session& session, std::uint32_t index)
      : Section(session, session.media_[index].first_line, session.media_[index].end_line),
        entry_(&session.media_[index]) {}

  [[nodiscard]] std::string_view kind() const { return session_->view(entry_->kind); }
  [[nodiscard]] std::uint16_t port() const { return entry_->port; }  // 0: rejected, not in use
  [[nodiscard]] std::uint16_t port_count() const { return entry_->port_count; }
  [[nodiscard]] std::string_view protocol() const { return session_->view(entry_->protocol); }
  [[nodiscard]] Words formats() const { return Words(session_->view(entry_->formats)); }

  // Its own, or the session's; nullopt: neither has one.
  [[nodiscard]] std::optional<Connection> connection() const;
  // Its own, or the session's, or sendrecv (section 6.7).
  [[nodiscard]] Direction direction() const;
  // The value of its own attribute, or of the session's.
  [[nodiscard]] std::optional<std::string_view> attribute_or_session(std::string_view name) const;

 private:
  const Session::MediaEntry* entry_;
};

class MediaList {
 public:
  class Cursor {
   public:
    explicit Cursor(const Session& session) : session_(&session) {}
    [[nodiscard]] Media value() const { return {*session_, index_}; }
    void next() { ++index_; }
    [[nodiscard]] bool at_end() const { return index_ == session_->media_count(); }

   private:
    const Session* session_;
    std::uint32_t index_ = 0;
  };
  using Iterator = InputIterator<Cursor>;

  explicit MediaList(const Session& session) : session_(&session) {}
  [[nodiscard]] Iterator begin() const { return Iterator(*session_); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  const Session* session_;
};

inline Media Session::media(std::uint32_t index) const {
  SIPRING_ASSERT(index < media_count_);
  return {*this, index};
}
inline MediaList Session::media() const {
  return MediaList(*this);
}

}  // namespace sipring::sdp
