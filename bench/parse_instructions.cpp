// Parses one message at one depth a number of times: what perf/instructions.sh runs under
// callgrind. Usage: parse_instructions FILE frame|transaction|full COUNT
// SPDX-License-Identifier: MIT
#include "parse_depths.h"

#include <cstdio>
#include <cstdlib>
#include <memory_resource>

int main(int argc, char** argv) {
  using namespace sipring;
  if (argc != 4) {
    std::fputs("usage: parse_instructions FILE frame|transaction|full COUNT\n", stderr);
    return 2;
  }
  const bench::PaddedText text = bench::read_message(argv[1]);
  const std::string_view name = argv[2];
  const bench::Depth depth = name == "frame"         ? bench::Depth::frame
                             : name == "transaction" ? bench::Depth::transaction
                                                     : bench::Depth::full;
  Message message{128, *std::pmr::new_delete_resource()};
  for (long count = std::strtol(argv[3], nullptr, 10); count > 0; --count)
    if (!bench::read_at(depth, text.view(), message)) {
      std::fprintf(stderr, "%s does not parse at depth %s\n", argv[1], argv[2]);
      return 1;
    }
  return 0;
}
