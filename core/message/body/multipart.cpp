// Line by line: a body is read once from front to end, whatever is in it.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/multipart.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/media_type.h>
#include <sipring/pools/trimmed.h>

#include <algorithm>

namespace sipring {
namespace {

using detail::equals_ignoring_case;

constexpr std::string_view white = " \t";

std::unexpected<ParseError> fail(ParseErrorCode code, std::size_t offset) {
  return std::unexpected(ParseError{code, static_cast<std::uint32_t>(offset)});
}

struct Line {
  std::string_view text;  // without its ending
  std::size_t next;       // where the next one begins
  bool is_bare = false;   // ended in LF alone
};

// Precondition: at is not behind the end. A CR at the end of the text is half a line ending.
Line line_at(std::string_view text, std::size_t at) {
  const std::size_t feed = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, feed - at);
  const bool has_return = line.ends_with('\r');
  if (has_return) line.remove_suffix(1);
  const bool has_feed = feed != text.size();
  return {line, feed + (has_feed ? 1 : 0), has_feed && !has_return};
}

enum class Delimiter { none, between, close };

Delimiter delimiter(std::string_view line, std::string_view boundary) {
  if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) return Delimiter::none;
  line.remove_prefix(2 + boundary.size());
  const bool closes = line.starts_with("--");
  if (closes) line.remove_prefix(2);
  if (line.find_first_not_of(white) != std::string_view::npos) return Delimiter::none;
  return closes ? Delimiter::close : Delimiter::between;
}

struct Found {
  Delimiter kind = Delimiter::none;  // none: there is no further one
  std::size_t begin = 0;             // of its line; the end of the text when there is none
  std::size_t next = 0;              // behind its line
  bool is_bare = false;              // a bare LF ended it
};

Found find_delimiter(std::string_view text, std::size_t at, std::string_view boundary) {
  while (at < text.size()) {
    const Line line = line_at(text, at);
    const Delimiter kind = delimiter(line.text, boundary);
    if (kind != Delimiter::none) return {kind, at, line.next, line.is_bare};
    at = line.next;
  }
  return {Delimiter::none, text.size(), text.size(), false};
}

// The line ending before a delimiter belongs to the delimiter (section 5.1.1).
std::size_t before_ending(std::string_view text, std::size_t begin, std::size_t at) {
  if (at > begin && text[at - 1] == '\n') --at;
  if (at > begin && text[at - 1] == '\r') --at;
  return at;
}

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && white.find(text[at]) != std::string_view::npos;
}

struct Field {
  std::string_view name;  // empty: the line is none
  std::string_view value;
  std::size_t next;
};

// One header field with its continuations.
Field field_at(std::string_view head, std::size_t at) {
  std::size_t next = line_at(head, at).next;
  while (continues(head, next)) next = line_at(head, next).next;
  const std::string_view text = head.substr(at, next - at);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {{}, {}, next};
  const std::string_view name = text.substr(0, text.find_last_not_of(white, colon - 1) + 1);
  if (colon == 0 || !detail::is_all<detail::token_octet>(name)) return {{}, {}, next};
  return {name, trimmed(text.substr(colon + 1)), next};
}

void take(std::string_view& member, std::string_view value) {
  if (member.data() == nullptr) member = value;
}

void take(BodyPart& part, const Field& field) {
  if (equals_ignoring_case(field.name, "Content-Type") || equals_ignoring_case(field.name, "c")) {
    take(part.content_type, field.value);
  } else if (equals_ignoring_case(field.name, "Content-ID")) {
    take(part.content_id, field.value);
  } else if (equals_ignoring_case(field.name, "Content-Disposition")) {
    take(part.content_disposition, field.value);
  } else if (equals_ignoring_case(field.name, "Content-Transfer-Encoding")) {
    take(part.content_transfer_encoding, field.value);
  }
}

// Where the blank line behind the header fields begins. A part may have neither header fields nor
// content: then its text ends at once.
std::size_t head_size(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Line line = line_at(text, at);
    if (line.text.empty()) return at;
    at = line.next;
  }
  return text.size();
}

// Of one part, delimiters left out; offset: where it stands in the body.
Parsed<BodyPart> read_part(std::string_view text, std::size_t offset) {
  BodyPart part;
  const std::size_t blank = head_size(text);
  part.head = text.substr(0, blank);
  part.content = blank == text.size() ? text.substr(blank) : text.substr(line_at(text, blank).next);
  for (std::size_t at = 0; at < part.head.size();) {
    const Field field = field_at(part.head, at);
    if (field.name.empty()) return fail(ParseErrorCode::header_name, offset + at);
    take(part, field);
    at = field.next;
  }
  const std::size_t head_end = text.size() - part.content.size();
  for (std::size_t at = 0; at < head_end;) {
    const Line line = line_at(text, at);
    if (line.is_bare) part.forgiven.add(Forgiveness::bare_line_feed, offset + line.next - 1);
    at = line.next;
  }
  return part;
}

}  // namespace

std::optional<std::string_view> BodyPart::header(std::string_view name) const {
  for (std::size_t at = 0; at < head.size();) {
    const Field field = field_at(head, at);
    if (equals_ignoring_case(field.name, name)) return field.value;
    at = field.next;
  }
  return std::nullopt;
}

std::string_view Multipart::preamble() const {
  const std::size_t begin = find_delimiter(body_, 0, boundary_).begin;
  return body_.substr(0, begin == body_.size() ? begin : before_ending(body_, 0, begin));
}

Multipart::Cursor::Cursor(const Multipart& multipart)
    : body_(multipart.body_), boundary_(multipart.boundary_) {
  const bool usable = !boundary_.empty() && boundary_.size() <= longest_boundary;
  const Found first = usable ? find_delimiter(body_, 0, boundary_) : Found{};
  if (first.kind == Delimiter::between) {
    at_ = first.next;
    next();
  } else if (first.kind == Delimiter::close) {
    epilogue_ = body_.substr(first.next);
    end_without_part(first.begin);
  } else if (usable && trimmed(body_).empty()) {
    end_without_part(0);
  } else {
    closed_ = true;
    part_ = fail(ParseErrorCode::multipart, usable ? first.begin : 0);
  }
}

void Multipart::Cursor::end_without_part(std::size_t offset) {
  closed_ = ended_ = true;
  forgiven_.add(Forgiveness::no_body_part, offset);
}

void Multipart::Cursor::next() {
  ended_ = closed_;
  if (ended_) return;
  const Found found = find_delimiter(body_, at_, boundary_);
  const std::size_t end =
      found.kind == Delimiter::none ? found.begin : before_ending(body_, at_, found.begin);
  part_ = read_part(body_.substr(at_, end - at_), at_);
  if (part_ && found.kind == Delimiter::none)
    part_->forgiven.add(Forgiveness::no_close_delimiter, body_.size());
  if (part_ && found.is_bare) part_->forgiven.add(Forgiveness::bare_line_feed, found.next - 1);
  closed_ = found.kind != Delimiter::between;
  if (closed_) epilogue_ = body_.substr(found.next);
  at_ = found.next;
}

std::optional<std::string_view> multipart_boundary(std::string_view content_type) {
  const Parsed<MediaType> type = parse_content_type(content_type);
  if (!type || !equals_ignoring_case(type->type, "multipart")) return std::nullopt;
  return boundary(*type);
}

MultipartLeaves::MultipartLeaves(std::string_view body, std::string_view boundary,
                                 std::uint32_t depth)
    : begin_(body.data()), limit_(std::clamp(depth, 1U, max_depth)) {
  open(body, boundary);
}

bool MultipartLeaves::open(std::string_view text, std::string_view boundary) {
  if (depth_ == limit_) return false;
  const auto offset = static_cast<std::uint32_t>(text.data() - begin_);
  const Level& level = levels_[depth_++].emplace(Multipart(text, boundary).begin(), offset);
  forgiven_.add(level.at.forgiven(), offset);
  return true;
}

std::optional<Parsed<BodyPart>> MultipartLeaves::next() {
  while (depth_ != 0) {
    Level& level = *levels_[depth_ - 1];
    if (level.at == std::default_sentinel) {
      --depth_;
      continue;
    }
    Parsed<BodyPart> part = *level.at;
    const std::uint32_t offset = level.offset;
    ++level.at;
    if (!part) {
      part.error().offset += offset;
      return part;
    }
    const auto boundary = multipart_boundary(part->content_type);
    if (!boundary) {
      part->depth = depth_ - 1;
      return part;
    }
    if (!open(part->content, *boundary))
      return fail(ParseErrorCode::nesting_too_deep,
                  static_cast<std::size_t>(part->content.data() - begin_));
  }
  return std::nullopt;
}

}  // namespace sipring
