// The order of lines as section 5 gives it, and what each line must hold.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/sdp/detail/session_reader.h>
#include <sipring/core/sdp/detail/text.h>

namespace sipring::sdp::detail {
namespace {

constexpr std::uint32_t letters = 26;
constexpr std::uint8_t nowhere = 0xff;

// What section 5 says of a type.
struct LineRule {
  bool known = false;
  // Where it stands, by the order of lines; and whether it comes once only.
  std::uint8_t in_head = nowhere, in_media = nowhere;
  bool once_in_head = false, once_in_media = false;
};

// Types in their order; t, r and z alternate, so r and z have the place of t.
constexpr std::array<LineRule, letters> make_rules() {
  std::array<LineRule, letters> rules{};
  const auto rule = [&](char type) -> LineRule& {
    return rules[static_cast<std::size_t>(type - 'a')];
  };
  std::uint8_t place = 0;
  for (const char type : std::string_view("vosiuepcbtka")) rule(type).in_head = place++;
  rule('r').in_head = rule('z').in_head = rule('t').in_head;
  place = 0;
  for (const char type : std::string_view("micbka")) rule(type).in_media = place++;
  for (const char type : std::string_view("vosiuepcbtrzkam")) rule(type).known = true;
  for (const char type : std::string_view("vosiuck")) rule(type).once_in_head = true;
  for (const char type : std::string_view("ik")) rule(type).once_in_media = true;
  return rules;
}
constexpr std::array<LineRule, letters> rules = make_rules();
constexpr LineRule no_rule;

// An upper-case type is unknown.
const LineRule& rule_of(char type) {
  const auto index = static_cast<std::uint32_t>(type - 'a');
  return index < letters ? rules[index] : no_rule;
}

constexpr std::uint32_t bit(char type) {
  return std::uint32_t{1} << (static_cast<unsigned>(type) - 'a');
}

// r= belongs to a t= before it, z= to an r=; RFC 4566 had z= behind all of them.
bool may_follow(char type, char previous) {
  if (type == 'r') return previous == 't' || previous == 'r';
  if (type == 'z') return previous == 'r';
  return true;
}

bool is_token_octet(char octet) {
  return sipring::detail::is_in_class<sipring::detail::token_octet>(
             static_cast<unsigned char>(octet)) ||
         std::string_view("#$&^{|}").find(octet) != std::string_view::npos;
}

}  // namespace

SessionReader::SessionReader(std::string_view text, Session& session) : session_(session) {
  session_.text_ = text.data() == nullptr ? "" : text;
  session_.line_count_ = 0;
  session_.media_count_ = 0;
  session_.origin_ = {};
  session_.connection_.reset();
}

bool SessionReader::fail(ParseErrorCode code, std::string_view part) {
  error_ = {code, static_cast<std::uint32_t>(offset_of(part))};
  return false;
}

void SessionReader::forgive(Forgiveness kind, std::string_view part) {
  forgiven_.add(kind, offset_of(part));
}

template <class Field>
bool SessionReader::accept(const Parsed<Field>& field, std::string_view value) {
  if (!field) return fail(field.error().code, value.substr(field.error().offset));
  forgiven_.add(field->forgiven, offset_of(value));
  return true;
}

// Of what can be done without (is_dispensable()): what cannot be read is noted, too.
template <class Field>
void SessionReader::note(const Parsed<Field>& field, std::string_view value) {
  if (field)
    forgiven_.add(field->forgiven, offset_of(value));
  else
    forgive(Forgiveness::sdp_value, value.substr(field.error().offset));
}

bool SessionReader::take(char type, std::string_view value) {
  if (session_.line_count_ == 0 && type != 'v') return fail(ParseErrorCode::sdp_version, value);
  const LineRule& rule = rule_of(type);
  if (!rule.known) {
    forgive(Forgiveness::sdp_line_unknown, value);
    return true;
  }
  if (type == 'm') return take_media(value);
  const bool in_media = session_.media_count_ != 0;
  check_place(type, value, in_media ? rule.in_media : rule.in_head,
              in_media ? rule.once_in_media : rule.once_in_head);
  return take_known(type, value);
}

bool SessionReader::take_known(char type, std::string_view value) {
  switch (type) {
    case 'v': return take_version(value);
    case 'o': return take_origin(value);
    case 'c': return take_connection(value);
    case 'b': return note(parse_bandwidth(value), value), keep(type, value);
    case 't': return note(parse_timing(value), value), keep(type, value);
    case 'r': return note(parse_repeat(value), value), keep(type, value);
    case 'z': return note(parse_zones(value), value), keep(type, value);
    case 'k': return note(parse_key(value), value), keep(type, value);
    case 'a': return take_attribute(value);
    default:  // s, i, u, e, p: free text
      if (value.empty()) forgive(Forgiveness::sdp_value_missing, value);
      return keep(type, value);
  }
}

void SessionReader::check_place(char type, std::string_view value, std::uint8_t place, bool once) {
  const bool repeats = once && (seen_ & bit(type)) != 0;
  if (place == nowhere || place < place_ || repeats || !may_follow(type, previous_))
    forgive(Forgiveness::sdp_line_order, value);
  if (place != nowhere && place > place_) place_ = place;
  seen_ |= bit(type);
  previous_ = type;
}

bool SessionReader::keep(char type, std::string_view value, std::size_t name_length) {
  if (session_.line_count_ == session_.max_lines_) {
    return fail(ParseErrorCode::sdp_too_large, value);
  }
  session_.lines_[session_.line_count_++] = {span(value), static_cast<std::uint16_t>(name_length),
                                             type};
  if (session_.media_count_ != 0) {
    session_.media_[session_.media_count_ - 1].end_line =
        static_cast<std::uint16_t>(session_.line_count_);
  }
  return true;
}

bool SessionReader::take_version(std::string_view value) {
  const std::string_view version = trimmed(value);
  if (version != "0") return fail(ParseErrorCode::sdp_version, value);
  if (version.size() != value.size()) {
    const bool leads = version.data() != value.data();
    forgive(Forgiveness::sdp_white_space, leads ? value : value.substr(version.size()));
  }
  return keep('v', value);
}

bool SessionReader::take_origin(std::string_view value) {
  const Parsed<Origin> origin = parse_origin(value);
  note(origin, value);
  if (origin && session_.origin_.address.empty()) session_.origin_ = *origin;
  return keep('o', value);
}

bool SessionReader::take_connection(std::string_view value) {
  const Parsed<Connection> connection = parse_connection(value);
  if (!accept(connection, value)) return false;
  if (session_.media_count_ == 0 && !session_.connection_) session_.connection_ = *connection;
  return keep('c', value);
}

// Section 5.13: a name is a token. What may follow it is the attribute's own affair, and an
// attribute that nobody knows is ignored, whatever its name is made of.
bool SessionReader::take_attribute(std::string_view value) {
  std::size_t length = 0;
  while (length < value.size() && is_token_octet(value[length])) ++length;
  const std::string_view name = value.substr(0, value.find(':'));
  if (name.empty()) {
    forgive(Forgiveness::sdp_value_missing, value);
  } else if (length != name.size()) {
    const bool at_end = name.find_first_not_of(" \t", length) == name.npos;
    const bool is_white = at_end && length != 0;
    forgive(is_white ? Forgiveness::sdp_white_space : Forgiveness::sdp_value, value.substr(length));
    if (!is_white) length = name.size();
  } else if (value.size() == name.size() + 1) {
    forgive(Forgiveness::sdp_value_missing, value.substr(value.size()));  // "a=mid:"
  }
  return keep('a', value, length);
}

bool SessionReader::take_media(std::string_view value) {
  const Parsed<MediaLine> media = parse_media_line(value);
  if (!accept(media, value)) return false;
  if (session_.media_count_ == session_.max_media_) {
    return fail(ParseErrorCode::sdp_too_large, value);
  }
  if (session_.media_count_ == 0) in_head_ = seen_;
  seen_ = bit('m'), place_ = 0, previous_ = 'm';
  const auto first = static_cast<std::uint16_t>(session_.line_count_);
  session_.media_[session_.media_count_++] = {first,
                                              first,
                                              span(media->kind),
                                              span(media->protocol),
                                              span(media->formats),
                                              media->port,
                                              media->port_count};
  if (keep('m', value)) return true;
  --session_.media_count_;
  return false;
}

void SessionReader::check_connections() {
  if ((in_head_ & bit('c')) != 0) return;
  for (const Media media : session_.media())
    if (!media.first('c')) return forgive(Forgiveness::sdp_line_missing, media.kind());
}

Parsed<Reading> SessionReader::finish(const Forgiven& by_lines) {
  if (session_.media_count_ == 0) in_head_ = seen_;
  const std::string_view end = session_.text_.substr(session_.text_.size());
  if ((in_head_ & bit('v')) == 0)
    fail(ParseErrorCode::sdp_version, session_.text_);
  else if ((in_head_ & bit('o')) == 0)
    fail(ParseErrorCode::sdp_missing_line, end);
  if (error_.code != ParseErrorCode::none) return std::unexpected(error_);
  for (const char type : {'s', 't'})
    if ((in_head_ & bit(type)) == 0) forgive(Forgiveness::sdp_line_missing, end);
  check_connections();
  forgiven_.add(by_lines, 0);
  return Reading{forgiven_};
}

}  // namespace sipring::sdp::detail
