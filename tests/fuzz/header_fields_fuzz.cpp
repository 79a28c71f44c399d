// The typed header fields: the first octet chooses the parser, the rest is the value. Views stay
// inside, every element of a list is reached, strict accepts no more than tolerant, and an error is
// at an octet.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/params.h>

#include <array>
#include <optional>

#include "tests/core/message/header/header_fields.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

struct Inside {
  std::string_view value;
  void operator()(std::string_view, std::string_view part) const {
    fuzz::must(fuzz::is_inside(part, value), "inside");
  }
  void operator()(std::string_view, bool) const {}
  void operator()(std::string_view, std::uint32_t) const {}
  void operator()(std::string_view, std::optional<std::uint32_t>) const {}
  void operator()(std::string_view, std::optional<std::uint16_t> q) const {
    fuzz::must(q.value_or(0) <= 1000, "q");
  }
};

template <class Header>
void check_forgiven(const Parsed<Header>& header, std::string_view value) {
  if constexpr (requires { header->forgiven; }) {
    const auto strict = strictly(header);
    fuzz::must(strict.has_value() == header->forgiven.empty(), "strict");
    fuzz::must(strict || strict.error().code != ParseErrorCode::none, "what strict says");
    fuzz::must(strict || strict.error().offset <= value.size(), "where strict says it");
  }
}

// Behind the last parameter of all.
bool rest_is_empty(std::string_view parameters, std::string_view last) {
  const auto end = static_cast<std::size_t>(last.data() + last.size() - parameters.data());
  return parameters.find_first_not_of(" \t\r\n;", end) == std::string_view::npos;
}

// All parameters can be walked to the last octet. Identity has one whose value Parameters cannot
// know.
template <class Header>
void check_parameters(const Header& header, std::string_view value) {
  if constexpr (requires { header.parameters; } && !std::is_same_v<Header, Identity>) {
    std::string_view last;
    for (const Parameter& each : Parameters(header.parameters)) last = each.text;
    fuzz::must(fuzz::is_inside(header.parameters, value), "parameters inside");
    if (header.parameters.data() != value.data() || !value.starts_with(';'))
      fuzz::must(last.data() == nullptr || rest_is_empty(header.parameters, last),
                 "all parameters");
  }
}

template <auto parser>
void check(std::string_view value) {
  for (;;) {
    const auto header = parser(value);
    if (!header) return fuzz::must(header.error().offset <= value.size(), "offset");
    testing::each_field(*header, Inside{value});
    check_forgiven(header, value);
    if constexpr (requires { header->length; }) {
      fuzz::must(header->length <= value.size(), "length");
      check_parameters(*header, value);
      if (header->length == value.size()) return;
      fuzz::must(value[header->length] == ',', "ends at a comma");
      value.remove_prefix(header->length + 1);
    } else {
      return;
    }
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view value = fuzz::text_of(data + 1, size - 1);
  std::size_t parsers = 0;
  testing::each_header_parser([&]<auto parser>(std::string_view) { ++parsers; });
  std::size_t index = 0;
  testing::each_header_parser([&]<auto parser>(std::string_view) {
    if (index++ == data[0] % parsers) check<parser>(value);
  });
  return 0;
}
