// What the grammar of ragel/sdp_session.rl calls for every line: keeps it, checks its place and its
// value (RFC 8866 section 5).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/detail/input.h>
#include <sipring/core/sdp/session.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace sipring::sdp::detail {

inline constexpr std::uint32_t largest_text = 65'535;

class SessionReader {
 public:
  SessionReader(std::string_view text, Session& session);

  // False: error() says why.
  [[nodiscard]] bool take(char type, std::string_view value);
  [[nodiscard]] ParseError error() const { return error_; }
  // After the last line: what is missing, and all that was forgiven, `by_lines` included.
  [[nodiscard]] Parsed<Reading> finish(const Forgiven& by_lines);

 private:
  bool fail(ParseErrorCode code, std::string_view part);
  // An error or a note of a value parser, as one of the text.
  template <class Field>
  bool accept(const Parsed<Field>& field, std::string_view value);
  template <class Field>
  void note(const Parsed<Field>& field, std::string_view value);
  void forgive(Forgiveness kind, std::string_view part);

  bool take_known(char type, std::string_view value);
  // Where this type stands by the order of lines, and whether it comes once only.
  void check_place(char type, std::string_view value, std::uint8_t place, bool once);
  bool keep(char type, std::string_view value, std::size_t name_length = 0);
  bool take_version(std::string_view value);
  bool take_origin(std::string_view value);
  bool take_connection(std::string_view value);
  bool take_attribute(std::string_view value);
  bool take_media(std::string_view value);
  // Section 5.7: one for the session, or one for each media.
  void check_connections();

  [[nodiscard]] std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - session_.text_.data());
  }
  [[nodiscard]] Session::Span span(std::string_view part) const {
    return {static_cast<std::uint16_t>(offset_of(part)), static_cast<std::uint16_t>(part.size())};
  }

  Session& session_;
  ParseError error_;
  Forgiven forgiven_;
  std::uint8_t place_ = 0;     // in the order of lines, of the session or of a media
  char previous_ = 0;          // type of the line before
  std::uint32_t seen_ = 0;     // bit of each type that has come, in this section
  std::uint32_t in_head_ = 0;  // the same, kept from the session's part
};

}  // namespace sipring::sdp::detail
