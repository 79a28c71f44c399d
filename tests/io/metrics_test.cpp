// Metrics as a whole: names, sums, and docs/metrics.md, which is written from them when
// SIPRING_WRITE_DOCS is set.
// SPDX-License-Identifier: MIT
#include <sipring/io/metrics.h>

#include <source_dir.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/figures.h"

namespace sipring {

// For the walk over words: the counters of io alone.
static void each_sample(const IoCounters& io, const MetricWalk& walk) {
  Metrics metrics;
  metrics.io = io;
  each_sample(metrics, walk);
}

namespace test {
namespace {

// A family and the values of its labels, in the order of the rows.
struct Listed {
  MetricFamily family;
  std::vector<std::string> values[2];
};

std::vector<Listed> listed_families() {
  std::vector<Listed> families;
  each_sample(Metrics{}, [&](const MetricSample& sample) {
    if (families.empty() || families.back().family.name != sample.family.name) {
      families.push_back({sample.family, {}});
    }
    for (std::size_t i = 0; i < sample.labels.size(); ++i) {
      std::vector<std::string>& values = families.back().values[i];
      const std::string value(sample.labels[i]);
      if (std::ranges::find(values, value) == values.end()) values.push_back(value);
    }
  });
  return families;
}

TEST(IoCounters, add_up_whole) {
  expect_to_add_up<IoCounters>();
}

TEST(Metrics, show_every_number_of_io_once) {
  std::set<std::string> seen;
  for (std::size_t word = 0; word < offsetof(IoCounters, turn_lengths) / 8; ++word) {
    const std::string rows = rows_of(with_one_at<IoCounters>(word));
    EXPECT_FALSE(rows.empty()) << "word " << word;
    EXPECT_EQ(rows.find(','), std::string::npos) << rows;
    EXPECT_TRUE(seen.insert(rows).second) << rows << " stands for two numbers";
  }
  IoCounters io;
  io.turn_lengths.record(Duration(1));
  EXPECT_EQ(rows_of(io), "turn_duration_seconds");
}

TEST(Metrics, are_named_by_the_rules_of_prometheus) {
  std::set<std::string_view> names;
  for (const auto& [family, values] : listed_families()) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name << " stands in two places";
    EXPECT_EQ(family.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos);
    EXPECT_EQ(family.name.ends_with("_total"), family.kind == MetricFamily::Kind::counter)
        << family.name;
    EXPECT_FALSE(family.help.empty() || family.help.ends_with('.')) << family.name;
    for (std::size_t i = 0; i < family.labels.size(); ++i) {
      const bool has_empty = std::ranges::find(values[i], "") != values[i].end();
      EXPECT_EQ(has_empty, family.labels[i].empty()) << family.name << ": a row without its label";
    }
    if (family.kind == MetricFamily::Kind::histogram) {
      EXPECT_LT(family.from, family.to) << family.name;
    }
  }
}

TEST(Metrics, have_no_row_twice) {
  std::set<std::string> rows;
  each_sample(Metrics{}, [&](const MetricSample& sample) {
    std::string row(sample.family.name);
    for (const std::string_view label : sample.labels) row += "/" + std::string(label);
    EXPECT_TRUE(rows.insert(row).second) << row;
  });
}

TEST(Metrics, of_two_shards_keep_the_latest_malformed_source) {
  const NetworkAddress early{*parse_ip_address("192.0.2.1"), 1, Transport::udp};
  const NetworkAddress late{*parse_ip_address("192.0.2.2"), 2, Transport::udp};
  Metrics first, second, neither;
  first.taken = Instant(Duration(10));
  first.last_malformed = early;
  second.taken = Instant(Duration(20));
  second.last_malformed = late;
  neither.taken = Instant(Duration(30));
  Metrics sum;
  for (const Metrics& metrics : {first, second, neither}) sum += metrics;
  EXPECT_EQ(sum.last_malformed, late);
  EXPECT_EQ(sum.taken, neither.taken);
}

constexpr std::string_view opening = R"(# Metrics

What a shard counts, written from the tables in `core/metrics/sample.cpp` and `io/metrics.cpp` by `make diagrams`; a test compares the
two. `sipring answer --metrics 127.0.0.1:9464` shows it to Prometheus at `http://127.0.0.1:9464/metrics`, where each name begins with
`sipring_` and each row has the label `shard`; the summary of `--json` has the sum of all shards under `metrics`. An embedder calls
`Server::metrics(shard)`, or `Server::metrics()` for the sum, and gets a struct of plain numbers (`io/metrics.h`); `each_sample()` walks
them with their names. With a loop of your own: `Engine::counters()` and `Engine::pool_use()`.

Counting costs a shard no atomic and no lock: it copies its numbers out at most twenty times a second, and whoever asks reads the copy.
Histograms count durations in buckets that grow with the duration; those of Prometheus end at powers of two nanoseconds, where the
counts are exact. Time is read once in a turn of the event loop, so what is answered in the turn in which it came took 0.

| name | kind | what | labels |
|---|---|---|---|
)";

constexpr std::string_view log_chapter = R"(
## Log lines

`sipring answer` writes rare events to stderr, or to `--log-file`, one a line as `key=value`; `--log-level info` adds start and stop of
shards. They are found once a second by comparing two copies of the metrics, so no shard waits for a disk or a terminal. Of each kind five
lines are written at once, then one in ten seconds; `suppressed` is how often it happened besides, since the last line of its kind.

```
time=2026-01-02T03:04:05.678Z level=warning event=malformed shard=0 count=12 last_source=192.0.2.1:5060 suppressed=340
```
)";

std::string kind_of(const MetricFamily& family) {
  switch (family.kind) {
    case MetricFamily::Kind::counter: return "counter";
    case MetricFamily::Kind::gauge: return "gauge";
    case MetricFamily::Kind::histogram:
      return "histogram, 2^" + std::to_string(family.from) + " to 2^" + std::to_string(family.to) +
             " ns";
  }
  return "";
}

std::string labels_of(const Listed& listed) {
  std::string text;
  for (std::size_t i = 0; i < listed.family.labels.size(); ++i) {
    if (listed.family.labels[i].empty()) continue;
    text += (text.empty() ? "`" : "; `") + std::string(listed.family.labels[i]) + "`: ";
    for (const std::string& value : listed.values[i]) {
      text += (&value == &listed.values[i].front() ? "" : ", ") + value;
    }
  }
  return text;
}

std::string document() {
  std::ostringstream out;
  out << opening;
  for (const Listed& listed : listed_families()) {
    out << "| `" << listed.family.name << "` | " << kind_of(listed.family) << " | "
        << listed.family.help << " | " << labels_of(listed) << " |\n";
  }
  out << log_chapter;
  return out.str();
}

TEST(MetricsDocument, lists_what_there_is) {
  const std::string path = SIPRING_SOURCE_DIR "/docs/metrics.md";
  if (std::getenv("SIPRING_WRITE_DOCS") != nullptr) std::ofstream(path) << document();
  std::ifstream file(path);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(written, document()) << "make diagrams";
}

}  // namespace
}  // namespace test
}  // namespace sipring
