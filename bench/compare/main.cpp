// The command line of the parse programs; see peer.h.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>

#include "allocations.h"
#include "peer.h"

namespace {

using compare::Depth;

constexpr std::size_t padding = 64;

int usage() {
  std::fputs("usage: parse_NAME FILE facts | DEPTH time MILLISECONDS | DEPTH count N\n", stderr);
  return 2;
}

int fail(const char* file) {
  std::fprintf(stderr, "%s does not parse\n", file);
  return 1;
}

std::optional<Depth> depth_from(std::string_view name) {
  if (name == "frame") return Depth::frame;
  if (name == "transaction") return Depth::transaction;
  if (name == "full") return Depth::full;
  return std::nullopt;
}

bool parse_times(std::string_view text, Depth depth, long count) {
  for (; count > 0; --count)
    if (!compare::parse(text, depth)) return false;
  return true;
}

// CPU time, so that a busy machine costs nobody. Batches, so that the clock is not what is
// measured.
bool time_for(std::string_view text, Depth depth, std::clock_t milliseconds) {
  constexpr long batch = 200;
  if (!parse_times(text, depth, batch)) return false;  // caches and branch predictors are warm
  const std::uint64_t allocated_before = compare::allocations();
  const std::clock_t duration = milliseconds * (CLOCKS_PER_SEC / 1000);
  const std::clock_t start = std::clock();
  std::clock_t elapsed = 0;
  long parses = 0;
  while (elapsed < duration) {
    if (!parse_times(text, depth, batch)) return false;
    parses += batch;
    elapsed = std::clock() - start;
  }
  const auto messages = static_cast<double>(parses);
  const double nanoseconds = static_cast<double>(elapsed) * (1e9 / CLOCKS_PER_SEC);
  std::printf("%.1f %.2f\n", nanoseconds / messages,
              static_cast<double>(compare::allocations() - allocated_before) / messages);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return usage();
  std::ifstream file{argv[1], std::ios::binary};
  std::string octets{std::istreambuf_iterator<char>{file}, {}};
  const std::size_t size = octets.size();
  octets.append(padding, '\0');
  const std::string_view text = std::string_view{octets}.substr(0, size);
  if (std::strcmp(argv[2], "facts") == 0) {
    compare::Facts facts;
    if (!compare::state_facts(text, facts)) return fail(argv[1]);
    std::fputs(facts.text().c_str(), stdout);
    return 0;
  }
  const std::optional<Depth> depth = depth_from(argv[2]);
  if (!depth || argc != 5) return usage();
  const long number = std::strtol(argv[4], nullptr, 10);
  const bool timed = std::strcmp(argv[3], "time") == 0;
  const bool parsed = timed ? time_for(text, *depth, number) : parse_times(text, *depth, number);
  return parsed ? 0 : fail(argv[1]);
}
