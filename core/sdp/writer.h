// Writes session descriptions line by line into room of the caller's: RFC 8866 section 5. Lines are
// written in the order of the calls, raw or typed; what was parsed and is written again parses to
// the same.
//
//   char room[2048];
//   sdp::Writer writer(room);
//   writer.line('v', "0").write(origin).line('s', "-").write(timing).write(media_line);
//   if (writer.complete()) send(writer.view());
//
// Lifetime: view() points into the room. What does not fit is left out and remembered, and so is a
// text with CR, LF or NUL, which would smuggle in a line (each line is looked at when it ends): one
// question at the end is enough.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/attribute/fax.h>
#include <sipring/core/sdp/attribute/grouping.h>
#include <sipring/core/sdp/attribute/ice.h>
#include <sipring/core/sdp/attribute/rtp.h>
#include <sipring/core/sdp/attribute/security.h>
#include <sipring/core/sdp/direction.h>
#include <sipring/core/sdp/fields.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/detail/text_writer.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring::sdp {

class Session;

class Writer {
 public:
  explicit Writer(std::span<char> room) : room_(room), text_(room) {}

  [[nodiscard]] std::string_view view() const { return text_.view(); }
  // Everything was written, and every text could stand in a line.
  [[nodiscard]] bool complete() const {
    return text_.fits() && !smuggled_ && line_ == text_.size();
  }
  [[nodiscard]] bool overflowed() const { return !text_.fits(); }
  void clear() { *this = Writer(room_); }

  // "x=value" with CRLF.
  Writer& line(char type, std::string_view value);
  // "a=name", "a=name:value".
  Writer& attribute(std::string_view name);
  Writer& attribute(std::string_view name, std::string_view value);
  Writer& attribute(std::string_view name, std::uint64_t value);
  // A line in pieces: begin('m'), then <<, then end().
  Writer& begin(char type);
  Writer& begin_attribute(std::string_view name);  // "a=name:"
  Writer& operator<<(std::string_view text) {
    text_ << text;
    return *this;
  }
  // What is known when compiling costs a move or two.
  template <std::size_t size>
  Writer& operator<<(const char (&literal)[size]) {
    return *this << std::string_view(literal, size - 1);
  }
  Writer& operator<<(std::uint64_t number) {
    text_ << number;
    return *this;
  }
  Writer& end();

  Writer& write(const Origin& origin);
  Writer& write(const Connection& connection);
  Writer& write(const Bandwidth& bandwidth);
  Writer& write(const Timing& timing);
  Writer& write(const Repeat& repeat);
  Writer& write(const Zones& zones);
  Writer& write(const Key& key);
  Writer& write(const MediaLine& media);
  Writer& write(Direction direction);

  Writer& write(const Rtpmap& rtpmap);
  Writer& write(const Fmtp& fmtp);
  Writer& write(const Rtcp& rtcp);
  Writer& write(const RtcpFeedback& feedback);
  Writer& write(const Source& source);
  Writer& write(const SourceGroup& group);
  Writer& write(const HeaderExtension& extension);
  Writer& write(const Candidate& candidate);
  Writer& write(const Fingerprint& fingerprint);
  Writer& write(const SetupRole& setup);
  Writer& write(const ConnectionKind& connection);
  Writer& write(const Crypto& crypto);
  Writer& write(const Mid& mid);
  Writer& write(const Group& group);
  Writer& write(const Msid& msid);
  Writer& write(const Fax& fax);
  // Every line of a session, as it stands.
  Writer& write(const Session& session);

 private:
  Writer& number(std::string_view name, const std::optional<std::uint32_t>& value);
  Writer& flag(std::string_view name, bool value);
  Writer& text(std::string_view name, std::string_view value);

  std::span<char> room_;
  TextWriter text_;
  std::size_t line_ = 0;  // where the line begins that has not ended yet
  bool smuggled_ = false;
};

// What was written, in a pooled buffer of its size; null when the writer is not complete or the
// pool is full.
[[nodiscard]] Ref<Buffer> copy(const Writer& writer, BufferPool& buffers);

}  // namespace sipring::sdp
