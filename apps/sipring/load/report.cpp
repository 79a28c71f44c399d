// SPDX-License-Identifier: MIT
#include <load/report.h>

#include "connection_report.h"

#include <load/histogram_report.h>
#include <load/phone_report.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sipring::app {
namespace {

using Json = nlohmann::ordered_json;

// What of its time a thread may be on its CPU before latencies are its own.
constexpr double most_busy = 0.9;

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

// What has become of 401 and 407.
std::string challenge_rows(const LoadTally& tally) {
  std::string rows;
  if (tally.challenged != 0)
    rows += fmt::format("  {:<22}{:>10}\n", "challenges answered", tally.challenged);
  for (std::size_t i = 0; i < tally.unanswered.size(); ++i) {
    if (tally.unanswered[i] == 0) continue;
    rows += fmt::format("  {:<22}{:>10}  ({})\n", "not answered", tally.unanswered[i],
                        to_string(static_cast<DigestError>(i)));
  }
  return rows;
}

Json challenges_json(const LoadTally& tally) {
  Json json{{"answered", tally.challenged}};
  for (std::size_t i = 0; i < tally.unanswered.size(); ++i)
    json[std::string(to_string(static_cast<DigestError>(i)))] = tally.unanswered[i];
  return json;
}

Duration cpu_of(const LoadResult& result) {
  return result.shards.user_time + result.shards.system_time;
}

}  // namespace

const char* to_string(Scenario scenario) {
  switch (scenario) {
    case Scenario::options: return "options";
    case Scenario::register_: return "register";
    case Scenario::call: return "call";
    case Scenario::hold: return "hold";
    case Scenario::registered: return "registered";
    case Scenario::called: return "called";
  }
  return "";
}

std::string load_line(const LoadResult& before, const LoadResult& now) {
  const double seconds = now.seconds - before.seconds;
  const Histogram answer = now.tally.answer.since(before.tally.answer);
  const auto rate = [&](std::uint64_t earlier, std::uint64_t later) {
    return seconds > 0 ? static_cast<double>(later - earlier) / seconds : 0;
  };
  return fmt::format(
      "{:>8.0f}/s begun {:>8.0f}/s done {:>7} failed {:>7} open {:>7} retransmitted   response "
      "p50 {:.2f} p99 {:.2f} ms",
      rate(before.tally.started, now.tally.started),
      rate(before.tally.succeeded, now.tally.succeeded), now.tally.failed(), now.tally.outstanding,
      now.shards.engine.retransmissions_sent, milliseconds(answer.percentile(50)),
      milliseconds(answer.percentile(99)));
}

std::string load_table(const LoadResult& result, Scenario scenario) {
  const LoadTally& tally = result.tally;
  std::string table =
      fmt::format("{}: {} begun in {:.1f} s ({:.0f}/s), {} succeeded ({:.3f} %), {} failed\n",
                  to_string(scenario), tally.started, result.seconds,
                  result.seconds > 0 ? static_cast<double>(tally.started) / result.seconds : 0,
                  tally.succeeded, share(tally.succeeded, tally.started), tally.failed());
  for (std::size_t i = 0; i < tally.failures.size(); ++i) {
    if (tally.failures[i] != 0)
      table +=
          fmt::format("  {:<22}{:>10}\n", to_string(static_cast<Failure>(i)), tally.failures[i]);
  }
  for (std::size_t i = 3; i < tally.statuses.size(); ++i) {
    if (tally.statuses[i] != 0) table += fmt::format("  {}xx{:>28}\n", i, tally.statuses[i]);
  }
  table += challenge_rows(tally);
  if (tally.failovers != 0)
    table += fmt::format("  {:<22}{:>10}\n", "sent to another target", tally.failovers);
  if (tally.repeated != 0)
    table += fmt::format("  {:<22}{:>10}\n", "2xx came once more", tally.repeated);
  if (has_phones(scenario)) table += phones_text(tally.phones);
  table += histogram_head() + histogram_row("response", tally.answer) +
           histogram_row("ringing", tally.ringing) + histogram_row("BYE", tally.bye);
  if (has_phones(scenario)) table += phone_rows(tally.phones);
  const Counters& engine = result.shards.engine;
  return table +
         fmt::format(
             "  {} messages sent, {} received, {} retransmitted; {:.1f} us of CPU for each {}\n",
             engine.messages_sent, engine.messages_received, engine.retransmissions_sent,
             tally.started == 0 ? 0
                                : static_cast<double>(cpu_of(result).count()) / 1e3 /
                                      static_cast<double>(tally.started),
             is_call(scenario) ? "call" : "request") +
         fmt::format(
             "  the generator: {} began more than 10 ms late; its busiest thread was on a CPU "
             "{:.0f} % of the time\n",
             tally.late, 100 * result.busy) +
         connections_text(result.shards.connections) + tls_text(result.shards.tls);
}

std::string load_json(const LoadResult& result, Scenario scenario) {
  const LoadTally& tally = result.tally;
  Json failures = Json::object();
  for (std::size_t i = 0; i < tally.failures.size(); ++i)
    failures[std::string(to_string(static_cast<Failure>(i)))] = tally.failures[i];
  Json statuses = Json::object();
  for (std::size_t i = 2; i < tally.statuses.size(); ++i)
    statuses[fmt::format("{}xx", i)] = tally.statuses[i];
  Json json{{"type", "summary"},
            {"scenario", to_string(scenario)},
            {"seconds", result.seconds},
            {"begun", tally.started},
            {"succeeded", tally.succeeded},
            {"failed", tally.failed()},
            {"failures", failures},
            {"statuses", statuses},
            {"challenges", challenges_json(tally)},
            {"failovers", tally.failovers},
            {"late", tally.late},
            {"busy", result.busy},
            {"repeated_2xx", tally.repeated},
            {"response", histogram_json(tally.answer)},
            {"ringing", histogram_json(tally.ringing)},
            {"bye", histogram_json(tally.bye)},
            {"messages_sent", result.shards.engine.messages_sent},
            {"messages_received", result.shards.engine.messages_received},
            {"retransmissions", result.shards.engine.retransmissions_sent},
            {"connections", connections_json(result.shards.connections)},
            {"tls", tls_json(result.shards.tls)},
            {"cpu_ns", cpu_of(result).count()},
            {"own_limits", own_limits(result)}};
  if (has_phones(scenario)) json["phones"] = phones_json(tally.phones);
  return json.dump();
}

std::vector<std::string> own_limits(const LoadResult& result) {
  std::vector<std::string> reasons;
  const LoadTally& tally = result.tally;
  if (share(tally.late, tally.started) > 1) {
    reasons.push_back(
        fmt::format("{:.1f} % began more than 10 ms late: this machine has no time for this rate",
                    share(tally.late, tally.started)));
  }
  if (result.busy > most_busy) {
    reasons.push_back(fmt::format(
        "a thread of ours was on its CPU {:.0f} % of the time: it could hardly do more; more "
        "--threads, where there are CPUs for them",
        100 * result.busy));
  }
  if (const std::uint64_t count = tally.failures[static_cast<std::size_t>(Failure::no_room)]) {
    reasons.push_back(fmt::format("{} found no room of ours: more --sessions, or fewer", count));
  }
  if (const std::uint64_t count = result.shards.io.send_queue_full) {
    reasons.push_back(fmt::format("{} messages were dropped before our own socket", count));
  }
  return reasons;
}

}  // namespace sipring::app
