// Session descriptions: the same lines as a slow splitter's, views inside, and what is written
// again reads as the same.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/session.h>
#include <sipring/core/sdp/writer.h>

#include <memory_resource>
#include <string>

#include "tests/core/sdp/splitter.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

void check_media(const sdp::Session& session, std::string_view text) {
  for (const sdp::Media media : session.media()) {
    fuzz::must(!media.kind().empty() && !media.protocol().empty(), "mandatory parts");
    for (const std::string_view part : {media.kind(), media.protocol(), media.formats().first()})
      fuzz::must(fuzz::is_inside(part, text), "inside");
    fuzz::must(media.size() >= 1 && media[0].type == 'm', "begins with m=");
    if (const auto connection = media.connection())
      fuzz::must(fuzz::is_inside(connection->address, text), "address");
    (void)media.direction();
    for (std::uint32_t i = 1; i < media.size(); ++i)
      if (media[i].type == 'a')
        fuzz::must(fuzz::is_inside(media.attribute_at(i).name, text), "attribute's name");
  }
}

void check_written(const sdp::Session& session) {
  static sdp::Session again(128, 8, *std::pmr::new_delete_resource());
  std::string room(session.text().size() + 512, '\0');
  sdp::Writer writer(room);
  fuzz::must(writer.write(session).complete(), "fits");
  fuzz::must(parse(writer.view(), again).has_value(), "parses again");
  fuzz::must(again.media_count() == session.media_count(), "as many media");
  fuzz::must(again.lines().size() == session.lines().size(), "as many lines");
  for (std::uint32_t i = 0; i < again.lines().size(); ++i)
    fuzz::must(again.lines()[i].value == session.lines()[i].value, "the same line");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static sdp::Session session(128, 8, *std::pmr::new_delete_resource());
  const std::string_view text = fuzz::text_of(data, size);
  const Parsed<sdp::Reading> read = parse(text, session);
  fuzz::must(read || read.error().offset <= size, "offset");
  fuzz::must(sdp::testing::disagreement(text, read, session).empty(), "splitter");
  check_media(session, text);
  if (read) check_written(session);
  return 0;
}
