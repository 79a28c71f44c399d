// `sipring load`: calls and requests at a chosen rate, measured from the instants at which they
// were due.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "exit_status.h"
#include "signals.h"

#include <load/assertion.h>
#include <load/flags.h>
#include <load/generator.h>
#include <load/limit_search.h>
#include <load/report.h>
#include <load/runner.h>

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace sipring::app {
namespace {

bool write_json(const std::string& file, const std::string& json) {
  if (file.empty()) return true;
  if (file == "-") {
    fmt::print("{}\n", json);
    return true;
  }
  std::FILE* const out = std::fopen(file.c_str(), "we");
  if (out == nullptr) return false;
  const bool written = std::fprintf(out, "%s\n", json.c_str()) > 0;
  return std::fclose(out) == 0 && written;
}

// Told before the run, not after it: what the file should have been. Leaves what is in it.
std::expected<void, std::string> check_writable(const std::string& file) {
  if (file.empty() || file == "-") return {};
  std::FILE* const out = std::fopen(file.c_str(), "ae");
  if (out != nullptr) return void(std::fclose(out)), std::expected<void, std::string>{};
  return std::unexpected(
      fmt::format("--json {} cannot be written ({}): it takes a file, or - for standard output",
                  file, std::strerror(errno)));
}

int judge(const LoadResult& result, const std::vector<Assertion>& assertions) {
  int status = 0;
  for (const Assertion& assertion : assertions) {
    const bool holds = assertion.holds(result);
    fmt::print(stderr, "{} {}: {:.3f}{}\n", holds ? "holds " : "BROKEN", assertion.text(),
               assertion.measured(result), assertion.unit());
    if (!holds) status = failed;
  }
  const PhoneTally& phones = result.tally.phones;
  if (phones.phones != 0 && phones.registered == 0)
    return complain(fmt::format("none of {} phones could be registered", phones.phones), failed);
  if (result.tally.started == 0 || result.tally.succeeded != 0) return status;
  return complain(fmt::format("none of {} succeeded", result.tally.started), failed);
}

int show(const LoadFlags& flags, const LoadResult& result,
         const std::vector<Assertion>& assertions) {
  const Scenario scenario = scenario_of(flags);
  if (flags.verdict.json != "-") fmt::print("{}", load_table(result, scenario));
  for (const std::string& reason : own_limits(result))
    fmt::print(stderr, "sipring: the generator may have been the limit: {}\n", reason);
  if (!write_json(flags.verdict.json, load_json(result, scenario))) {
    return complain("--json " + flags.verdict.json + " cannot be written", usage_error);
  }
  return judge(result, assertions);
}

int find_limit(const LoadFlags& flags, const GeneratorOptions& base, Runner& runner) {
  std::optional<LoadResult> best;
  std::string error;
  const double limit = app::find_limit({.start_rate = flags.model.rate}, [&](double rate) {
    GeneratorOptions options = base;
    options.arrivals.rate = rate;
    const auto result = runner.run(options);
    if (!result) error = result.error();
    if (!result || runner.was_interrupted()) return false;
    const LoadTally& tally = result->tally;
    const double failures = 100 * static_cast<double>(tally.failed()) /
                            static_cast<double>(std::max<std::uint64_t>(tally.started, 1));
    const Duration p99 = tally.answer.percentile(99);
    const bool good = tally.started != 0 && failures <= flags.verdict.most_failures &&
                      p99 <= std::chrono::milliseconds(flags.verdict.most_p99_ms) &&
                      own_limits(*result).empty();
    fmt::print("{:>10.0f}/s  {:.3f} % failed  p99 {:.2f} ms  {}\n", rate, failures,
               std::chrono::duration<double, std::milli>(p99).count(),
               good ? "passed" : "not passed");
    for (const std::string& reason : own_limits(*result)) fmt::print("            ({})\n", reason);
    (void)std::fflush(stdout);
    if (good) best = *result;
    return good;
  });
  if (!error.empty()) return complain(error, failed);
  if (!best) {
    fmt::print("no rate passed\n");
    return failed;
  }
  fmt::print("limit: {:.0f}/s\n", limit);
  return show(flags, *best, {});
}

std::expected<std::vector<Assertion>, std::string> assertions_of(const LoadFlags::Verdict& flags) {
  std::vector<Assertion> assertions;
  for (const std::string& text : flags.assertions) {
    const auto assertion = Assertion::parse(text);
    if (!assertion) return std::unexpected(assertion.error());
    assertions.push_back(*assertion);
  }
  return assertions;
}

}  // namespace

int load(const LoadFlags& flags) {
  const Signals signals;
  const auto options = generator_options_of(flags);
  if (!options) return complain(options.error(), usage_error);
  const auto assertions = assertions_of(flags.verdict);
  if (!assertions) return complain(assertions.error(), usage_error);
  if (const auto writable = check_writable(flags.verdict.json); !writable)
    return complain(writable.error(), usage_error);
  if (!options->leads_to.empty()) fmt::print(stderr, "sipring: {}\n", options->leads_to);
  Runner runner(signals, std::chrono::seconds(flags.model.drain_s));
  if (flags.verdict.find_limit) return find_limit(flags, *options, runner);
  const auto result = runner.run(*options);
  if (!result) return complain(result.error(), failed);
  return show(flags, *result, *assertions);
}

}  // namespace sipring::app
