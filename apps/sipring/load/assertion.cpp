// SPDX-License-Identifier: MIT
#include <load/assertion.h>

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace sipring::app {
namespace {

std::optional<double> take_number(std::string_view& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<double> nanoseconds_of(std::string_view unit) {
  if (unit == "us") return 1e3;
  if (unit == "ms") return 1e6;
  if (unit == "s") return 1e9;
  return std::nullopt;
}

double count_of(Duration duration) {
  return static_cast<double>(duration.count());
}

}  // namespace

std::expected<Assertion, std::string> Assertion::parse(std::string_view text) {
  const auto wrong = [&](std::string_view what) {
    return std::unexpected(
        fmt::format("'{}' is no assertion: {} (like 'p99<20ms', 'failures<0.1%')", text, what));
  };
  Assertion assertion;
  assertion.text_ = text;
  const std::size_t op = text.find_first_of("<>");
  if (op == std::string_view::npos) return wrong("there is no < or >");
  const std::string_view name = text.substr(0, op);
  const bool or_equal = text.substr(op + 1).starts_with('=');
  std::string_view rest = text.substr(op + (or_equal ? 2 : 1));
  const std::optional<double> bound = take_number(rest);
  if (!bound) return wrong("there is no number after it");
  assertion.bound_ = *bound;
  assertion.unit_ = rest;
  assertion.comparison_ = text[op] == '<' ? (or_equal ? Comparison::at_most : Comparison::less)
                                          : (or_equal ? Comparison::at_least : Comparison::greater);
  if (name == "failures" && rest == "%") {
    assertion.metric_ = Metric::failure_share;
    return assertion;
  }
  if (name == "failures" || name == "retransmissions" || name == "rate") {
    if (!rest.empty()) return wrong("it takes a plain number");
    assertion.metric_ = name == "rate"       ? Metric::rate
                        : name == "failures" ? Metric::failures
                                             : Metric::retransmissions;
    return assertion;
  }
  if (name == "mean" || name == "max") {
    assertion.metric_ = name == "mean" ? Metric::mean : Metric::max;
  } else {
    std::string_view digits = name.starts_with('p') ? name.substr(1) : std::string_view{};
    const std::optional<double> percent = take_number(digits);
    if (!percent || !digits.empty() || *percent > 100) return wrong("there is no such metric");
    assertion.percent_ = *percent;
  }
  const std::optional<double> nanoseconds = nanoseconds_of(rest);
  if (!nanoseconds) return wrong("a time needs us, ms or s");
  assertion.nanoseconds_ = *nanoseconds;
  return assertion;
}

double Assertion::measured(const LoadResult& result) const {
  const LoadTally& tally = result.tally;
  const auto failed = static_cast<double>(tally.failed());
  const auto started = static_cast<double>(tally.started);
  switch (metric_) {
    case Metric::percentile: return count_of(tally.answer.percentile(percent_)) / nanoseconds_;
    case Metric::mean: return count_of(tally.answer.mean()) / nanoseconds_;
    case Metric::max: return count_of(tally.answer.largest()) / nanoseconds_;
    case Metric::failures: return failed;
    case Metric::failure_share: return started == 0 ? 100 : failed / started * 100;
    case Metric::retransmissions:
      return static_cast<double>(result.shards.engine.retransmissions_sent);
    case Metric::rate: return result.seconds == 0 ? 0 : started / result.seconds;
  }
  return 0;
}

bool Assertion::holds(const LoadResult& result) const {
  const double value = measured(result);
  switch (comparison_) {
    case Comparison::less: return value < bound_;
    case Comparison::at_most: return value <= bound_;
    case Comparison::greater: return value > bound_;
    case Comparison::at_least: return value >= bound_;
  }
  return false;
}

}  // namespace sipring::app
