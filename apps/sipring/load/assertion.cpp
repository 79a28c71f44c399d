// SPDX-License-Identifier: MIT
#include <load/assertion.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
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

double number_of(std::uint64_t count) {
  return static_cast<double>(count);
}

// What takes a plain number.
struct Count {
  std::string_view name;
  double (*count)(const LoadResult& result);
};
constexpr Count counts[] = {
    {"failures", [](const LoadResult& result) { return number_of(result.tally.failed()); }},
    {"retransmissions",
     [](const LoadResult& result) { return number_of(result.shards.engine.retransmissions_sent); }},
    {"rate",
     [](const LoadResult& result) {
       return result.seconds == 0 ? 0 : number_of(result.tally.started) / result.seconds;
     }},
    {"registered",
     [](const LoadResult& result) { return number_of(result.tally.phones.registered); }},
    {"arrived", [](const LoadResult& result) { return number_of(result.tally.phones.arrived); }},
    {"answered", [](const LoadResult& result) { return number_of(result.tally.phones.answered); }},
    {"completed",
     [](const LoadResult& result) { return number_of(result.tally.phones.completed); }},
    {"not-completed",
     [](const LoadResult& result) {
       const PhoneTally& phones = result.tally.phones;
       return number_of(phones.failed + phones.cancelled + phones.open);
     }},
    {"other-connection",
     [](const LoadResult& result) { return number_of(result.tally.phones.elsewhere); }},
};

// Whose percentiles a name asks for; the name is what is left of it.
using Times = const Histogram& (*)(const LoadTally&);
Times take_times(std::string_view& name) {
  const auto begins = [&](std::string_view with) {
    if (!name.starts_with(with)) return false;
    name.remove_prefix(with.size());
    return true;
  };
  if (begins("arrival-"))
    return [](const LoadTally& tally) -> const Histogram& { return tally.phones.arrival; };
  if (begins("setup-"))
    return [](const LoadTally& tally) -> const Histogram& { return tally.phones.setup; };
  return [](const LoadTally& tally) -> const Histogram& { return tally.answer; };
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
  std::string_view name = text.substr(0, op);
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
  const auto* const count = std::ranges::find(counts, name, &Count::name);
  if (count != std::end(counts)) {
    if (!rest.empty()) return wrong("it takes a plain number");
    assertion.metric_ = Metric::count;
    assertion.count_ = count->count;
    return assertion;
  }
  assertion.times_ = take_times(name);
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
  switch (metric_) {
    case Metric::percentile: return count_of(times_(tally).percentile(percent_)) / nanoseconds_;
    case Metric::mean: return count_of(times_(tally).mean()) / nanoseconds_;
    case Metric::max: return count_of(times_(tally).largest()) / nanoseconds_;
    case Metric::failure_share:
      return tally.started == 0 ? 100 : number_of(tally.failed()) / number_of(tally.started) * 100;
    case Metric::count: return count_(result);
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
