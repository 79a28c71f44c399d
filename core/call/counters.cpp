// The table of what calls count.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/counters.h>

#include <utility>

namespace sipring {
namespace {

using enum MetricFamily::Kind;

struct Row {
  MetricFamily family;
  std::uint64_t CallCounters::*number;
};
constexpr Row rows[] = {
    {{"calls", gauge, "Calls of the user agent that are alive"}, &CallCounters::alive},
    {{"calls_begun_total", counter, "INVITEs that became a call, of either side"},
     &CallCounters::begun},
    {{"calls_established_total", counter, "Calls with a 2xx"}, &CallCounters::established},
    {{"calls_accepted_total", counter, "2xx sent to an INVITE or re-INVITE"},
     &CallCounters::accepted},
    {{"calls_acknowledged_total", counter, "Of them: their ACK has come"},
     &CallCounters::acknowledged},
    {{"calls_orphaned_total", counter, "Calls whose far side was heard of no more"},
     &CallCounters::orphans},
    {{"calls_refused_full_total", counter, "INVITEs for which there was no room: 503"},
     &CallCounters::refused_full},
    {{"requests_turned_away_total", counter, "Requests that calls have refused without one"},
     &CallCounters::turned_away},
};
constexpr MetricFamily ends{
    "calls_ended_total", counter, "Ends of calls, by what ended them", {"by"}};
constexpr MetricFamily lifetime{
    "call_duration_seconds", histogram, "From the 2xx of a call to its end", {}, 27, 41};

}  // namespace

CallCounters& CallCounters::operator+=(const CallCounters& other) {
  for (const Row& row : rows) this->*row.number += other.*row.number;
  for (std::size_t by = 0; by < ended.size(); ++by) ended[by] += other.ended[by];
  lifetimes += other.lifetimes;
  return *this;
}

void each_sample(const CallCounters& counters, const MetricWalk& walk) {
  for (const Row& row : rows) walk({row.family, {}, static_cast<double>(counters.*row.number)});
  for (std::size_t by = 0; by < ways_to_end; ++by) {
    walk({ends, {to_string(static_cast<EndedBy>(by))}, static_cast<double>(counters.ended[by])});
  }
  walk({lifetime, {}, 0, &counters.lifetimes});
}

}  // namespace sipring
