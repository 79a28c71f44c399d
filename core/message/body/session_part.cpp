// Part by part, from the outermost multipart inwards.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/multipart.h>
#include <sipring/core/message/body/session_part.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/content_disposition.h>
#include <sipring/core/message/header/media_type.h>
#include <sipring/core/message/header/params.h>

#include <algorithm>
#include <optional>

namespace sipring {
namespace {

using detail::equals_ignoring_case;

// Without parameters: one that cannot be read does not hide what the type is.
std::string_view type_of(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return type.substr(0, type.find_last_not_of(" \t\r\n") + 1);
}

// `type`: "type/subtype".
bool is(std::string_view content_type, std::string_view type) {
  const std::size_t slash = type.find('/');
  return is_of_type(content_type, type.substr(0, slash), type.substr(slash + 1));
}

struct Disposition {
  bool is_session = true;    // the session's own, or not stated
  bool is_required = false;  // stated to be
  bool is_optional = false;
};

Disposition disposition_of(const BodyPart& part) {
  const auto read = parse_content_disposition(part.content_disposition);
  if (!read) return {};
  return {equals_ignoring_case(read->type, "session") || equals_ignoring_case(read->type, "render"),
          read->states_handling && read->handling == Handling::required,
          read->handling == Handling::optional};
}

// RFC 5621 section 3.2: nobody needs to encode what SIP carries as it is, and few do.
bool is_plain(const BodyPart& part) {
  const std::string_view encoding = part.content_transfer_encoding;
  return encoding.empty() || equals_ignoring_case(encoding, "binary") ||
         equals_ignoring_case(encoding, "8bit") || equals_ignoring_case(encoding, "7bit");
}

class Search {
 public:
  explicit Search(std::span<const std::string_view> understood) : understood_(understood) {}

  // What one multipart holds, and whether any of it is understood.
  struct Found {
    SessionPart part;
    bool is_understood = false;
  };

  Found in_multipart(std::string_view text, std::string_view content_type,
                     std::string_view boundary, std::uint32_t depth) {
    const Multipart multipart = split_multipart(text, boundary);
    if (is(content_type, "multipart/alternative")) return in_alternative(multipart, depth);
    Found found;
    if (is(content_type, "multipart/related"))
      if (const auto root = root_of(multipart, content_type)) found = in_part(*root, depth);
    for (const Parsed<BodyPart>& part : multipart)
      if (part) join(found, *part, in_part(*part, depth));
    return found;
  }

 private:
  // Section 8.3: what the parts say of their handling is nothing to their receiver.
  Found in_alternative(const Multipart& multipart, std::uint32_t depth) {
    Found best;
    for (const Parsed<BodyPart>& part : multipart) {
      if (!part) continue;
      const Found found = in_part(*part, depth);
      if (found.is_understood && found.part.not_understood.data() == nullptr) best = found;
    }
    return best;
  }

  // RFC 2387 section 3.2: the part that `start` names, or the first.
  static std::optional<BodyPart> root_of(const Multipart& multipart,
                                         std::string_view content_type) {
    const auto type = parse_content_type(content_type);
    const auto start = type ? parameter(type->parameters, "start") : std::nullopt;
    const auto id = start ? unquote(*start, {}) : std::nullopt;
    for (const Parsed<BodyPart>& part : multipart)
      if (part && (!id || part->content_id == *id)) return *part;
    return std::nullopt;
  }

  Found in_part(const BodyPart& part, std::uint32_t depth) {
    if (is_multipart(part.content_type)) return in_nested(part, depth);
    if (is(part.content_type, "application/sdp") && is_plain(part))
      return {{disposition_of(part).is_session ? part.content : std::string_view{}, {}}, true};
    return {{}, std::ranges::any_of(understood_, [&](std::string_view type) {
              return is(part.content_type, type);
            })};
  }

  Found in_nested(const BodyPart& part, std::uint32_t depth) {
    const auto boundary = multipart_boundary(part.content_type);
    if (!boundary || depth == MultipartLeaves::max_depth) return {};
    return in_multipart(part.content, part.content_type, *boundary, depth + 1);
  }

  // An optional part that cannot be handled as a whole is none (section 8.2).
  static void join(Found& all, const BodyPart& part, const Found& found) {
    const Disposition disposition = disposition_of(part);
    const bool is_missed = !found.is_understood || found.part.not_understood.data() != nullptr;
    if (is_missed && disposition.is_optional) return;
    if (all.part.text.data() == nullptr) all.part.text = found.part.text;
    all.is_understood |= found.is_understood;
    std::string_view missed = found.part.not_understood;
    if (missed.data() == nullptr && is_missed && disposition.is_required)
      missed = type_of(part.content_type);
    if (all.part.not_understood.data() == nullptr) all.part.not_understood = missed;
  }

  std::span<const std::string_view> understood_;
};

}  // namespace

bool is_multipart(std::string_view content_type) {
  const auto type = parse_content_type(type_of(content_type));
  return type && equals_ignoring_case(type->type, "multipart");
}

bool is_of_type(std::string_view content_type, std::string_view type, std::string_view subtype) {
  const auto read = parse_content_type(type_of(content_type));
  return read && read->is(type, subtype);
}

Parsed<SessionPart> find_session_part(std::string_view body, std::string_view content_type,
                                      std::span<const std::string_view> understood) {
  const auto boundary = multipart_boundary(content_type);
  if (!boundary) return std::unexpected(ParseError{ParseErrorCode::multipart, 0});
  const auto first = split_multipart(body, *boundary).begin();
  if (first == std::default_sentinel) return SessionPart{};
  if (!*first && first->error().code == ParseErrorCode::multipart)
    return std::unexpected(first->error());
  Search::Found found = Search(understood).in_multipart(body, content_type, *boundary, 1);
  if (!found.is_understood && found.part.not_understood.data() == nullptr)
    found.part.not_understood = type_of(content_type);
  return found.part;
}

}  // namespace sipring
