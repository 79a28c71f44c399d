// Multipart: parts lie inside the body, in order, none twice; what was split is found again by a
// slower way; leaves come to an end. The first line is the boundary.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/multipart.h>

#include <cstring>
#include <memory>

#include "tests/fuzz/fuzz.h"

namespace sipring::fuzz {
namespace {

void check_part(const BodyPart& part, std::string_view body, const char*& last) {
  must(is_inside(part.head, body) && is_inside(part.content, body), "a part inside the body");
  must(part.head.data() >= last, "parts in order");
  last = part.content.data() + part.content.size();
  for (const std::string_view value : {part.content_type, part.content_id, part.content_disposition,
                                       part.content_transfer_encoding})
    must(is_inside(value, part.head), "a value inside its part's head");
}

// A delimiter is a line of its own: none is left inside of a content.
void check_content(std::string_view content, std::string_view boundary) {
  for (std::size_t at = 0; at < content.size(); ++at) {
    if (at != 0 && content[at - 1] != '\n') continue;
    const std::size_t feed = content.find('\n', at);
    std::string_view line = content.substr(at, feed - at);
    if (feed != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with("--") || line.substr(2, boundary.size()) != boundary) continue;
    line.remove_prefix(2 + boundary.size());
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    must(!line.empty() && line != "--", "no delimiter inside of a content");
  }
}

void check(std::string_view body, std::string_view boundary) {
  const Multipart multipart = split_multipart(body, boundary);
  must(is_inside(multipart.preamble(), body), "the preamble inside the body");
  const char* last = body.data();
  auto part = multipart.begin();
  for (; part != multipart.end(); ++part) {
    if (!*part) {
      must((*part).error().offset <= body.size(), "an error inside the body");
      continue;
    }
    check_part(**part, body, last);
    check_content((*part)->content, boundary);
    (void)(*part)->header("X");
  }
  must(is_inside(part.epilogue(), body), "the epilogue inside the body");
  MultipartLeaves leaves(body, boundary);
  std::size_t count = 0;
  while (const auto leaf = leaves.next()) {
    must(++count <= MultipartLeaves::max_depth * (body.size() + 1), "an end of the leaves");
    must(!*leaf || is_inside((*leaf)->content, body), "a leaf inside the body");
  }
}

}  // namespace
}  // namespace sipring::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sipring;
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t feed = std::min(text.find('\n'), text.size());
  const std::string_view rest = text.substr(std::min(feed + 1, text.size()));
  const auto body = std::make_unique<char[]>(rest.size());  // exactly its size
  if (!rest.empty()) std::memcpy(body.get(), rest.data(), rest.size());
  fuzz::check({body.get(), rest.size()}, text.substr(0, feed));
  (void)multipart_boundary(text);
  return 0;
}
