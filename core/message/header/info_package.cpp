// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/header/info_package.h>

namespace sipring {
namespace {

Parsed<InfoPackage> package_of(const Parsed<detail::Parameterized>& read) {
  if (!read) return std::unexpected{read.error()};
  return InfoPackage{read->head, read->parameters, read->length, read->forgiven};
}

}  // namespace

Parsed<InfoPackage> parse_info_package(std::string_view value) {
  return package_of(detail::read_whole(value, detail::ValueHead::token));
}

Parsed<InfoPackage> parse_recv_info(std::string_view value) {
  return package_of(detail::read_parameterized(value, detail::ValueHead::token));
}

}  // namespace sipring
