// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/header/refer_sub.h>

namespace sipring {

Parsed<ReferSub> parse_refer_sub(std::string_view value) {
  const auto read = detail::read_whole(value, detail::ValueHead::token);
  if (!read) return std::unexpected{read.error()};
  const bool subscribe = detail::equals_ignoring_case(read->head, "true");
  if (!subscribe && !detail::equals_ignoring_case(read->head, "false"))
    return std::unexpected{ParseError{ParseErrorCode::token, detail::offset_of(read->head, value)}};
  return ReferSub{subscribe, read->parameters, read->forgiven};
}

}  // namespace sipring
