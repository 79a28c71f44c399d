// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/coding.h>

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/token.h>

namespace sipring {

bool is_coded(const Message& message) {
  for (const HeaderField field : message.each(HeaderId::content_encoding)) {
    if (field.value.empty()) continue;
    for (const auto& coding : elements<parse_token>(field.value))
      if (!coding || !detail::equals_ignoring_case(coding->text, "identity")) return true;
  }
  return false;
}

}  // namespace sipring
