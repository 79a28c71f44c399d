// What bodies are, and what is accepted.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/accepted.h>
#include <sipring/core/message/header/content_disposition.h>
#include <sipring/core/message/header/media_type.h>
#include <sipring/core/message/header/mime.h>

namespace sipring::app::typed {
namespace {

TypedValue accepted(const Accepted& accepted) {
  TypedValue typed;
  put(typed, "name", accepted.name);
  if (accepted.quality.given) put_quality(typed, accepted.quality.thousandths);
  return typed;
}

TypedValue media_range(const MediaRange& range) {
  TypedValue typed;
  put(typed, "type", range.type);
  put(typed, "subtype", range.subtype);
  put(typed, "parameters", range.parameters);
  if (range.quality.given) put_quality(typed, range.quality.thousandths);
  return typed;
}

TypedValue media_type(const MediaType& type) {
  TypedValue typed;
  put(typed, "type", type.type);
  put(typed, "subtype", type.subtype);
  put(typed, "parameters", type.parameters);
  put(typed, "boundary", boundary(type).value_or(""));
  return typed;
}

TypedValue disposition(const ContentDisposition& disposition) {
  constexpr const char* handling[] = {"required", "optional", "other"};
  TypedValue typed;
  put(typed, "type", disposition.type);
  typed.emplace_back("handling", handling[static_cast<std::size_t>(disposition.handling)]);
  return typed;
}

TypedValue version(const MimeVersion& version) {
  return {{"major", std::to_string(version.major)}, {"minor", std::to_string(version.minor)}};
}

TypedValue content_id(std::string_view id) {
  return {{"id", std::string(id)}};
}

constexpr Row media_rows[] = {
    {HeaderId::accept, list<parse_accept, media_range>},
    {HeaderId::accept_encoding, list<parse_accept_encoding, accepted>},
    {HeaderId::accept_language, list<parse_accept_language, accepted>},
    {HeaderId::content_disposition, one<parse_content_disposition, disposition>},
    {HeaderId::content_id, one<parse_content_id, content_id>},
    {HeaderId::content_type, one<parse_content_type, media_type>},
    {HeaderId::mime_version, one<parse_mime_version, version>},
};

}  // namespace

std::span<const Row> media() {
  return media_rows;
}

}  // namespace sipring::app::typed
