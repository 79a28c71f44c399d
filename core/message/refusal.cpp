// SPDX-License-Identifier: MIT
#include <sipring/core/message/validate.h>

#include <sipring/core/message/writer.h>
#include <sipring/pools/assert.h>

#include <algorithm>

namespace sipring {

std::uint16_t status_of(ParseErrorCode code) {
  switch (code) {
    case ParseErrorCode::none: return 0;
    case ParseErrorCode::body_too_large: return 413;
    case ParseErrorCode::request_uri_too_long: return 414;
    case ParseErrorCode::sip_version: return 505;
    case ParseErrorCode::too_many_headers:
    case ParseErrorCode::header_too_long:
    case ParseErrorCode::head_too_large:
    case ParseErrorCode::message_too_large: return 513;
    default: return 400;
  }
}

Refusal::Refusal(ParseErrorCode code) : status_(status_of(code)) {
  append(status_ == 400 ? explanation(code) : reason_phrase(status_));
}

Refusal::Refusal(Forgiveness forgiven) : status_(status_of(error_code_of(forgiven))) {
  append(explanation(forgiven));
}

Refusal::Refusal(HeaderId header, ParseErrorCode code) : status_(status_of(code)) {
  if (status_ != 400) {
    append(reason_phrase(status_));
    return;
  }
  append(code == ParseErrorCode::missing_header    ? "Missing "
         : code == ParseErrorCode::repeated_header ? "Repeated "
                                                   : "Malformed ");
  append(to_string(header));
  append(header == HeaderId::extension ? "Header Field" : " Header Field");
}

void Refusal::append(std::string_view text) {
  SIPRING_ASSERT(size_ + text.size() <= text_.size());
  std::ranges::copy(text, text_.data() + size_);
  size_ = static_cast<std::uint8_t>(size_ + text.size());
}

}  // namespace sipring
