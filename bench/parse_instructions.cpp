// Parses one text a number of times: what perf/instructions.sh and perf/hostile.py run under
// callgrind.
//
//   parse_instructions FILE DEPTH COUNT             a message at a depth of parse_depths.h
//   parse_instructions hostile:NAME OCTETS COUNT    a text of hostile.h
//   parse_instructions hostile                      their names
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory_resource>

#include "hostile.h"
#include "parse_depths.h"

namespace {

using namespace sipring;

constexpr std::string_view hostile_prefix = "hostile:";

std::size_t number_from(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

int parse_file(const char* path, std::string_view depth_name, std::size_t count) {
  const auto* const depth = std::ranges::find(bench::depth_names, depth_name);
  if (depth == bench::depth_names.end()) return 2;
  const auto at = static_cast<bench::Depth>(depth - bench::depth_names.begin());
  const bench::PaddedText text = bench::read_message(path);
  Message message{128, *std::pmr::new_delete_resource()};
  for (; count > 0; --count)
    if (!bench::read_at(at, text.view(), message)) {
      std::fprintf(stderr, "%s does not parse\n", path);
      return 1;
    }
  return 0;
}

int parse_hostile(std::string_view name, std::size_t octets, std::size_t count) {
  const auto* const hostile = std::ranges::find(bench::hostile_texts, name, &bench::Hostile::name);
  if (hostile == bench::hostile_texts.end()) return 2;
  const bench::PaddedText text = bench::make_hostile(*hostile, octets);
  Message message{bench::hostile_headers, *std::pmr::new_delete_resource()};
  for (; count > 0; --count) bench::read_hostile(text.view(), message);
  return 0;
}

int list_hostile() {
  for (const bench::Hostile& hostile : bench::hostile_texts)
    std::printf("%.*s\n", static_cast<int>(hostile.name.size()), hostile.name.data());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "hostile") == 0) return list_hostile();
  if (argc != 4) {
    std::fputs("usage: parse_instructions FILE DEPTH COUNT | hostile:NAME OCTETS COUNT\n", stderr);
    return 2;
  }
  const std::string_view what = argv[1];
  if (what.starts_with(hostile_prefix))
    return parse_hostile(what.substr(hostile_prefix.size()), number_from(argv[2]),
                         number_from(argv[3]));
  return parse_file(argv[1], argv[2], number_from(argv[3]));
}
