// SPDX-License-Identifier: MIT
#include <answer/report.h>

#include "listen_address.h"
#include "version.h"

#include <metrics/json.h>
#include <sizing/room.h>
#include "connection_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace sipring::app {
namespace {

using Json = nlohmann::ordered_json;

Metrics sum(std::span<const Metrics> shards) {
  Metrics result;
  for (const Metrics& shard : shards) result += shard;
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

double microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

Json drops_json(const Metrics& metrics) {
  Json json = Json::object();
  for (const auto& [reason, count] : drops_of(metrics)) json[reason] = count;
  return json;
}

Json rates_json(const Metrics& before, const Metrics& now, double seconds) {
  const Cost cost = cost_per_message(before, now);
  return {{"received_per_second",
           rate(before.engine.messages_received, now.engine.messages_received, seconds)},
          {"sent_per_second", rate(before.engine.messages_sent, now.engine.messages_sent, seconds)},
          {"calls_per_second",
           rate(before.engine.invites_received, now.engine.invites_received, seconds)},
          {"transactions", now.pools.transactions},
          {"cpu_ns_per_message", cost.cpu_ns},
          {"user_ns_per_message", cost.user_ns}};
}

Json totals_json(const Metrics& metrics) {
  const Cost cost = cost_per_message({}, metrics);
  return {{"messages_received", metrics.engine.messages_received},
          {"messages_sent", metrics.engine.messages_sent},
          {"invites", metrics.engine.invites_received},
          {"retransmissions_received", metrics.engine.retransmissions_received},
          {"retransmissions_sent", metrics.engine.retransmissions_sent},
          {"transactions", metrics.pools.transactions},
          {"handed_over", metrics.io.handed_over},
          {"cpu_ns_per_message", cost.cpu_ns},
          {"user_ns_per_message", cost.user_ns},
          {"drops", drops_json(metrics)}};
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

Drops drops_of(const Metrics& metrics) {
  Drops drops;
  each_sample(metrics, [&](const MetricSample& sample) {
    if (sample.family.name != drops_family.name) return;
    drops.emplace_back(sample.labels[0], static_cast<std::uint64_t>(sample.value));
  });
  return drops;
}

std::uint64_t total(const Drops& drops) {
  std::uint64_t count = 0;
  for (const auto& drop : drops) count += drop.second;
  return count;
}

Cost cost_per_message(const Metrics& from, const Metrics& to) {
  const std::uint64_t messages = to.engine.messages_received - from.engine.messages_received;
  const Duration user = to.user_time - from.user_time;
  return {per_message(user + to.system_time - from.system_time, messages),
          per_message(user, messages)};
}

std::string sipp_line(const NetworkAddress& listener) {
  NetworkAddress target = listener;
  if (target.transport != Transport::udp && target.transport != Transport::tcp) return "";
  const bool v6 = target.ip.family == IpAddress::Family::v6;
  if (std::ranges::all_of(target.ip.octets, [](std::uint8_t octet) { return octet == 0; })) {
    target.ip = parse_ip_address(v6 ? "::1" : "127.0.0.1").value();
  }
  const std::string from = v6 ? fmt::format(" -i [{}]", to_text(target.ip).view()) : "";
  const std::string_view by = target.transport == Transport::tcp ? " -t t1" : "";
  return fmt::format("sipp -sn uac {}{}{} -r 100 -m 1000", to_text(target).view(), from, by);
}

std::string call_line(std::span<const Listener> listeners) {
  for (const Listener& listener : listeners)
    if (std::string line = sipp_line(listener.address); !line.empty()) return line;
  return "";
}

std::string live_line(const Metrics& before, const Metrics& now, double seconds) {
  const Cost cost = cost_per_message(before, now);
  const std::string connections = now.connections.accepted + now.connections.connected == 0
                                      ? ""
                                      : fmt::format(" {:>6} connections", now.connections.open);
  return fmt::format(
      "{:>8.0f} in/s {:>8.0f} out/s {:>7.0f} calls/s {:>8} transactions{} {:>6} dropped {:>7.0f} "
      "ns CPU/message ({:.0f} user)",
      rate(before.engine.messages_received, now.engine.messages_received, seconds),
      rate(before.engine.messages_sent, now.engine.messages_sent, seconds),
      rate(before.engine.invites_received, now.engine.invites_received, seconds),
      now.pools.transactions, connections, total(drops_of(now)), cost.cpu_ns, cost.user_ns);
}

std::string start_json(std::span<const Listener> listeners, std::uint32_t shards,
                       const Settings& settings, const std::string& metrics_url) {
  Json addresses = Json::array();
  for (const Listener& listener : listeners) {
    addresses.push_back(listen_address_text(listener.address));
  }
  Json json{{"type", "start"},
            {"version", version()},
            {"listeners", addresses},
            {"shards", shards},
            {"shard_room", room_json(settings)},
            {"call_with", call_line(listeners)}};
  if (!metrics_url.empty()) json["metrics"] = metrics_url;
  return json.dump();
}

std::string second_json(std::uint64_t second, std::span<const Metrics> before,
                        std::span<const Metrics> now, double seconds) {
  const Metrics all = sum(now);
  Json json{{"type", "second"}, {"second", second}};
  json.update(rates_json(sum(before), all, seconds));
  json["drops"] = drops_json(all);
  json["shards"] = Json::array();
  for (std::size_t i = 0; i < now.size(); ++i) {
    json["shards"].push_back(rates_json(before[i], now[i], seconds));
  }
  return json.dump();
}

std::string summary_json(std::span<const Metrics> shards, const AnswerTally& tally,
                         double seconds) {
  Json json{{"type", "summary"}, {"seconds", seconds}, {"calls", tally_json(tally)}};
  const Metrics all = sum(shards);
  json.update(totals_json(all));
  json["connections"] = connections_json(all.connections);
  json["tls"] = tls_json(all.tls);
  json["metrics"] = metrics_json(all);
  json["shards"] = Json::array();
  for (const Metrics& shard : shards) json["shards"].push_back(totals_json(shard));
  return json.dump();
}

std::string summary_text(std::span<const Metrics> shards, const AnswerTally& tally,
                         double seconds) {
  const Metrics all = sum(shards);
  const Cost cost = cost_per_message({}, all);
  return fmt::format(
      "{} calls answered ({} acknowledged, {} without an ACK), {} refused, {} cancelled, {} hung "
      "up by the caller\n"
      "{} messages received, {} sent in {:.1f} s; {:.0f} ns of CPU for each received ({:.0f} "
      "user)\n"
      "retransmissions: {} received, {} sent; at most {} transactions of {} at once; half of the "
      "turns took up to {:.0f} us, 99 % up to {:.0f} us\n"
      "dropped: {}\n{}",
      tally.answered, tally.acknowledged, tally.unacknowledged, tally.refused, tally.cancelled,
      tally.hung_up, all.engine.messages_received, all.engine.messages_sent, seconds, cost.cpu_ns,
      cost.user_ns, all.engine.retransmissions_received, all.engine.retransmissions_sent,
      all.pools.transactions_highest, all.pools.transactions_capacity,
      microseconds(all.io.turn_lengths.percentile(50)),
      microseconds(all.io.turn_lengths.percentile(99)), drops_text(drops_of(all)),
      connections_text(all.connections) + tls_text(all.tls));
}

}  // namespace sipring::app
