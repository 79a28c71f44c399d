// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/user_to_user.h>

#include <sipring/core/message/detail/known_parameter.h>

namespace sipring {
namespace {

constexpr detail::Known<UserToUser> of_user_to_user[] = {
    {"purpose", detail::token_value<&UserToUser::purpose>},
    {"content", detail::token_value<&UserToUser::content>},
    {"encoding", detail::token_value<&UserToUser::encoding>},
};

}  // namespace

Parsed<UserToUser> parse_user_to_user(std::string_view value) {
  Parsed<UserToUser> header =
      detail::read_header(value, detail::Head::word, &UserToUser::data, of_user_to_user);
  if (header) header->data = detail::without_quotes(header->data);
  return header;
}

}  // namespace sipring
