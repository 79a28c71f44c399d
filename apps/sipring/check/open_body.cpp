// SPDX-License-Identifier: MIT
#include <check/open_body.h>

#include <sipring/core/message/names.h>
#include <sipring/core/message/unframed.h>

#include <cstddef>

namespace sipring::app {

bool ends_with_its_head(const StreamFramer::Frame& frame, std::string_view octets) {
  if (frame.kind != StreamFramer::Kind::broken ||
      frame.error.code != ParseErrorCode::missing_header) {
    return false;
  }
  const std::string_view head = octets.substr(0, static_cast<std::size_t>(frame.size));
  return !find_unframed(head, HeaderId::content_type);
}

}  // namespace sipring::app
