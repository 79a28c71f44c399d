// MetricSample: a figure together with what its reader must know: name, unit, help, labels. Whoever
// shows figures walks the same samples (JSON, Prometheus, docs/metrics.md), so that all agree.
//
//   each_sample(engine.counters(), [](const MetricSample& sample) { ... });
//
// Nothing is allocated, whatever the walk does with what it sees.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/counters.h>
#include <sipring/core/histogram.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>

namespace sipring {

struct ConnectionCounters;

// What rows of figures have in common. Names are those of Prometheus without a prefix: a base unit
// (_seconds, _bytes), then _total for what only grows.
struct MetricFamily {
  enum class Kind : std::uint8_t {
    counter,    // grows from zero
    gauge,      // goes up and down
    histogram,  // durations
  };
  std::string_view name;
  Kind kind = Kind::counter;
  std::string_view help;                        // a sentence without its full stop
  std::array<std::string_view, 2> labels = {};  // names; empty where a row needs fewer
  // Of a histogram: its buckets end at 2^from ns, 2^(from + 1) ns ... 2^to ns, where it counts
  // exactly.
  std::uint8_t from = 0;
  std::uint8_t to = 0;
};

struct MetricSample {
  const MetricFamily& family;                   // a constant
  std::array<std::string_view, 2> labels = {};  // values, in the order of the family's names
  double value = 0;                             // of a counter or gauge
  const DurationHistogram* histogram = nullptr;
};

using MetricWalk = std::function<void(const MetricSample&)>;

// Families follow one another; the rows of one stand together.
void each_sample(const Counters& counters, const MetricWalk& walk);
void each_sample(const PoolUse& pools, const MetricWalk& walk);
void each_sample(const ConnectionCounters& counters, const MetricWalk& walk);

// What a method is called here: "INVITE", and "other" for all that have no name of their own.
[[nodiscard]] std::string_view metric_label(Method method);

// How the drops of engine and io are called, which are one family.
extern const MetricFamily drops_family;

}  // namespace sipring
