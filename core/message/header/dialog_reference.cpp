// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/dialog_reference.h>

#include <sipring/core/message/detail/known_parameter.h>

namespace sipring {
namespace {

constexpr detail::Known<Replaces> of_replaces[] = {
    {"to-tag", detail::token_value<&Replaces::to_tag>},
    {"from-tag", detail::token_value<&Replaces::from_tag>},
    {"early-only", detail::flag<&Replaces::early_only>},
};
constexpr detail::Known<Join> of_join[] = {
    {"to-tag", detail::token_value<&Join::to_tag>},
    {"from-tag", detail::token_value<&Join::from_tag>},
};
constexpr detail::Known<TargetDialog> of_target_dialog[] = {
    {"remote-tag", detail::token_value<&TargetDialog::remote_tag>},
    {"local-tag", detail::token_value<&TargetDialog::local_tag>},
};

template <auto one_tag, auto other_tag, class Header>
Parsed<Header> read(std::string_view value, detail::KnownParameters<Header> known) {
  Parsed<Header> header = detail::alone(
      detail::read_header(value, detail::Head::call_id, &Header::call_id, known), value);
  if (header && ((*header.*one_tag).empty() || (*header.*other_tag).empty()))
    header = detail::refusal(ParseErrorCode::missing_parameter, value.size());
  return header;
}

}  // namespace

Parsed<Replaces> parse_replaces(std::string_view value) {
  return read<&Replaces::to_tag, &Replaces::from_tag, Replaces>(value, of_replaces);
}

Parsed<Join> parse_join(std::string_view value) {
  return read<&Join::to_tag, &Join::from_tag, Join>(value, of_join);
}

Parsed<TargetDialog> parse_target_dialog(std::string_view value) {
  return read<&TargetDialog::remote_tag, &TargetDialog::local_tag, TargetDialog>(value,
                                                                                 of_target_dialog);
}

}  // namespace sipring
