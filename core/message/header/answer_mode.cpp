// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/answer_mode.h>

#include <sipring/core/message/detail/known_parameter.h>

namespace sipring {
namespace {

constexpr detail::Spelled<AnswerMode::Mode> modes[] = {
    {"Manual", AnswerMode::Mode::manual},
    {"Auto", AnswerMode::Mode::automatic},
};

constexpr detail::Known<AnswerMode> of_answer_mode[] = {
    {"require", detail::flag<&AnswerMode::require>},
};

}  // namespace

Parsed<AnswerMode> parse_answer_mode(std::string_view value) {
  Parsed<AnswerMode> header = detail::alone(
      detail::read_header(value, detail::Head::token, &AnswerMode::text, of_answer_mode), value);
  if (header) header->mode = detail::word_from(modes, header->text, AnswerMode::Mode::other);
  return header;
}

}  // namespace sipring
