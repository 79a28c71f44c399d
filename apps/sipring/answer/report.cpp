// SPDX-License-Identifier: MIT
#include <answer/report.h>

#include "listen_address.h"
#include "version.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace sipring {
namespace {

using Json = nlohmann::ordered_json;

ShardSnapshot sum(std::span<const ShardSnapshot> shards) {
  ShardSnapshot result;
  for (const ShardSnapshot& shard : shards) result += shard;
  return result;
}

double rate(std::uint64_t before, std::uint64_t now, double seconds) {
  return seconds > 0 ? std::round(static_cast<double>(now - before) / seconds) : 0;
}

double per_message(Duration time, std::uint64_t messages) {
  return messages == 0
             ? 0
             : std::round(static_cast<double>(time.count()) / static_cast<double>(messages));
}

Json drops_json(const ShardSnapshot& snapshot) {
  Json json = Json::object();
  for (const auto& [reason, count] : drops_of(snapshot)) json[reason] = count;
  return json;
}

Json rates_json(const ShardSnapshot& before, const ShardSnapshot& now, double seconds) {
  const Cost cost = cost_per_message(before, now);
  return {{"received_per_second",
           rate(before.engine.messages_received, now.engine.messages_received, seconds)},
          {"sent_per_second", rate(before.engine.messages_sent, now.engine.messages_sent, seconds)},
          {"calls_per_second",
           rate(before.engine.invites_received, now.engine.invites_received, seconds)},
          {"transactions", now.transactions_alive},
          {"cpu_ns_per_message", cost.cpu_ns},
          {"user_ns_per_message", cost.user_ns}};
}

Json totals_json(const ShardSnapshot& snapshot) {
  const Cost cost = cost_per_message({}, snapshot);
  return {{"messages_received", snapshot.engine.messages_received},
          {"messages_sent", snapshot.engine.messages_sent},
          {"invites", snapshot.engine.invites_received},
          {"retransmissions_received", snapshot.engine.retransmissions_received},
          {"retransmissions_sent", snapshot.engine.retransmissions_sent},
          {"transactions", snapshot.transactions_alive},
          {"handed_over", snapshot.io.handed_over},
          {"cpu_ns_per_message", cost.cpu_ns},
          {"user_ns_per_message", cost.user_ns},
          {"drops", drops_json(snapshot)}};
}

Json tally_json(const AnswerTally& tally) {
  return {{"answered", tally.answered},   {"acknowledged", tally.acknowledged},
          {"refused", tally.refused},     {"unacknowledged", tally.unacknowledged},
          {"cancelled", tally.cancelled}, {"hung_up", tally.hung_up}};
}

std::string drops_text(const Drops& drops) {
  std::string text;
  for (const auto& [reason, count] : drops) {
    if (count != 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, reason);
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace

Drops drops_of(const ShardSnapshot& snapshot) {
  Drops drops;
  for (std::size_t i = 0; i < snapshot.engine.dropped.size(); ++i) {
    drops.emplace_back(to_string(static_cast<DropReason>(i)), snapshot.engine.dropped[i]);
  }
  const IoCounters& io = snapshot.io;
  drops.emplace_back("truncated", io.truncated);
  drops.emplace_back("hand_over_full", io.hand_over_full);
  drops.emplace_back("send_queue_full", io.send_queue_full);
  for (std::size_t i = 0; i < io.send_failures.size(); ++i) {
    drops.emplace_back(fmt::format("send_{}", to_string(static_cast<SendFailure>(i))),
                       io.send_failures[i]);
  }
  return drops;
}

std::uint64_t total(const Drops& drops) {
  std::uint64_t count = 0;
  for (const auto& drop : drops) count += drop.second;
  return count;
}

Cost cost_per_message(const ShardSnapshot& from, const ShardSnapshot& to) {
  const std::uint64_t messages = to.engine.messages_received - from.engine.messages_received;
  const Duration user = to.user_time - from.user_time;
  return {per_message(user + to.system_time - from.system_time, messages),
          per_message(user, messages)};
}

std::string sipp_line(const NetworkAddress& listener) {
  NetworkAddress target = listener;
  const bool v6 = target.ip.family == IpAddress::Family::v6;
  if (std::ranges::all_of(target.ip.octets, [](std::uint8_t octet) { return octet == 0; })) {
    target.ip = parse_ip_address(v6 ? "::1" : "127.0.0.1").value();
  }
  const std::string from = v6 ? fmt::format(" -i [{}]", to_text(target.ip).view()) : "";
  return fmt::format("sipp -sn uac {}{} -r 100 -m 1000", to_text(target).view(), from);
}

std::string live_line(const ShardSnapshot& before, const ShardSnapshot& now, double seconds) {
  const Cost cost = cost_per_message(before, now);
  return fmt::format(
      "{:>8.0f} in/s {:>8.0f} out/s {:>7.0f} calls/s {:>8} transactions {:>6} dropped {:>7.0f} ns "
      "CPU/message ({:.0f} user)",
      rate(before.engine.messages_received, now.engine.messages_received, seconds),
      rate(before.engine.messages_sent, now.engine.messages_sent, seconds),
      rate(before.engine.invites_received, now.engine.invites_received, seconds),
      now.transactions_alive, total(drops_of(now)), cost.cpu_ns, cost.user_ns);
}

std::string start_json(std::span<const Listener> listeners, std::uint32_t shards) {
  Json addresses = Json::array();
  for (const Listener& listener : listeners) {
    addresses.push_back(listen_address_text(listener.address));
  }
  return Json{{"type", "start"},
              {"version", version()},
              {"listeners", addresses},
              {"shards", shards},
              {"call_with", sipp_line(listeners.front().address)}}
      .dump();
}

std::string second_json(std::uint64_t second, std::span<const ShardSnapshot> before,
                        std::span<const ShardSnapshot> now, double seconds) {
  const ShardSnapshot all = sum(now);
  Json json{{"type", "second"}, {"second", second}};
  json.update(rates_json(sum(before), all, seconds));
  json["drops"] = drops_json(all);
  json["shards"] = Json::array();
  for (std::size_t i = 0; i < now.size(); ++i) {
    json["shards"].push_back(rates_json(before[i], now[i], seconds));
  }
  return json.dump();
}

std::string summary_json(std::span<const ShardSnapshot> shards, const AnswerTally& tally,
                         double seconds) {
  Json json{{"type", "summary"}, {"seconds", seconds}, {"calls", tally_json(tally)}};
  json.update(totals_json(sum(shards)));
  json["shards"] = Json::array();
  for (const ShardSnapshot& shard : shards) json["shards"].push_back(totals_json(shard));
  return json.dump();
}

std::string summary_text(std::span<const ShardSnapshot> shards, const AnswerTally& tally,
                         double seconds) {
  const ShardSnapshot all = sum(shards);
  const Cost cost = cost_per_message({}, all);
  return fmt::format(
      "{} calls answered ({} acknowledged, {} without an ACK), {} refused, {} cancelled, {} hung "
      "up by the caller\n"
      "{} messages received, {} sent in {:.1f} s; {:.0f} ns of CPU for each received ({:.0f} "
      "user)\n"
      "dropped: {}\n",
      tally.answered, tally.acknowledged, tally.unacknowledged, tally.refused, tally.cancelled,
      tally.hung_up, all.engine.messages_received, all.engine.messages_sent, seconds, cost.cpu_ns,
      cost.user_ns, drops_text(drops_of(all)));
}

}  // namespace sipring
