// MultipartBuilder: several bodies as one (RFC 2046 section 5.1, RFC 5621).
//
//   MultipartBuilder parts(room, "mixed", identifiers.tag().view());
//   parts.part("application/sdp", offer).part("application/isup", isup, more_headers);
//   if (const auto body = parts.finish()) builder.body(body->content_type, body->text);
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/build_error.h>
#include <sipring/core/message/detail/text_room.h>
#include <sipring/core/message/writer.h>

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

class MultipartBuilder {
 public:
  struct Body {
    std::string_view content_type;  // multipart/SUBTYPE;boundary="..."
    std::string_view text;
  };

  // All text is written into `room`: it must outlive what finish() returns. `boundary` is drawn, a
  // token of at most 70 octets.
  MultipartBuilder(std::span<char> room, std::string_view subtype, std::string_view boundary);
  MultipartBuilder(const MultipartBuilder&) = delete;
  MultipartBuilder& operator=(const MultipartBuilder&) = delete;

  // `headers`: Content-ID, Content-Disposition and the like. A content in which the boundary occurs
  // is refused as a `contradiction`.
  MultipartBuilder& part(std::string_view content_type, std::string_view content,
                         std::span<const HeaderLine> headers = {});
  // Adds the close-delimiter. No part at all is `missing`.
  [[nodiscard]] std::expected<Body, BuildError> finish();

 private:
  void open(std::string_view subtype, std::string_view boundary);
  void fail(BuildProblem problem);
  void put_header(std::string_view name, std::string_view value);

  TextRoom room_;
  std::string_view content_type_;
  std::string_view boundary_;  // within content_type_
  std::size_t parts_ = 0;
  std::optional<BuildError> error_;
};

}  // namespace sipring
