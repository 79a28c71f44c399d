// SPDX-License-Identifier: MIT
#include "connection_report.h"

#include "listen_address.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sipring::app {
namespace {

using Json = nlohmann::ordered_json;

// Calls `see(name, number)` for each number of a reason that is not 0.
template <class Reason, std::size_t count, class See>
void each_reason(const std::array<std::uint64_t, count>& numbers, See&& see) {
  for (std::size_t i = 0; i < count; ++i)
    if (numbers[i] != 0) see(to_string(static_cast<Reason>(i)), numbers[i]);
}

template <class Reason, std::size_t count>
Json reasons_json(const std::array<std::uint64_t, count>& numbers) {
  Json json = Json::object();
  each_reason<Reason>(numbers, [&](std::string_view name, std::uint64_t number) {
    json[std::string(name)] = number;
  });
  return json;
}

// "what: 2 reset, 1 idle\n"; nothing when there is no number.
template <class Reason, std::size_t count>
std::string reasons_text(std::string_view what, const std::array<std::uint64_t, count>& numbers) {
  std::string text;
  each_reason<Reason>(numbers, [&](std::string_view name, std::uint64_t number) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, name);
  });
  return text.empty() ? "" : fmt::format("{}: {}\n", what, text);
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Json connections_json(const ConnectionCounters& counters) {
  return {{"open", counters.open},
          {"accepted", counters.accepted},
          {"connected", counters.connected},
          {"handshakes", counters.handshakes},
          {"bytes_received", counters.bytes_in},
          {"bytes_sent", counters.bytes_out},
          {"keep_alives", counters.keep_alives},
          {"undelivered", counters.undelivered},
          {"closed", reasons_json<CloseReason>(counters.closed)},
          {"refused", reasons_json<AcceptRefusal>(counters.refused)},
          {"unsent", reasons_json<StreamSendError>(counters.unsent)}};
}

Json tls_json(const TlsCounters& counters) {
  return {{"handshakes", counters.handshakes},
          {"resumed", counters.resumed},
          {"steps_postponed", counters.postponed},
          {"failures", reasons_json<TlsFailureCode>(counters.failures)}};
}

std::string tls_text(const TlsCounters& counters) {
  if (counters.handshakes == 0 && counters.all_failures() == 0) return "";
  return fmt::format("TLS: {} handshakes, {} of them resumed a session\n", counters.handshakes,
                     counters.resumed) +
         reasons_text<TlsFailureCode>("TLS failures", counters.failures);
}

std::string connection_list_text(std::span<const ConnectionInfo> connections) {
  std::string text = fmt::format("{:>5} {:<45} {:<6} {:<12} {:>9} {:>9} {:>12} {:>12}\n", "shard",
                                 "peer", "opened", "state", "age s", "idle s", "octets in", "out");
  for (const ConnectionInfo& one : connections) {
    text += fmt::format("{:>5} {:<45} {:<6} {:<12} {:>9.1f} {:>9.1f} {:>12} {:>12}\n", one.shard,
                        listen_address_text(one.peer), one.listener ? "by it" : "by us", one.state,
                        seconds(one.age), seconds(one.idle), one.bytes_in, one.bytes_out);
  }
  return text;
}

std::string connection_list_json(std::span<const ConnectionInfo> connections) {
  Json list = Json::array();
  for (const ConnectionInfo& one : connections) {
    list.push_back({{"shard", one.shard},
                    {"peer", listen_address_text(one.peer)},
                    {"accepted", bool{one.listener}},
                    {"state", one.state},
                    {"age_s", seconds(one.age)},
                    {"idle_s", seconds(one.idle)},
                    {"bytes_received", one.bytes_in},
                    {"bytes_sent", one.bytes_out}});
  }
  return Json{{"type", "connections"}, {"connections", list}}.dump();
}

std::string connections_text(const ConnectionCounters& counters) {
  const std::uint64_t opened = counters.accepted + counters.connected;
  if (opened == 0 && counters.all_closed() == 0 && counters.all_refused() == 0) return "";
  return fmt::format(
             "connections: {} opened by peers, {} by us, {} handshakes, {} open; {} octets "
             "received, {} sent\n",
             counters.accepted, counters.connected, counters.handshakes, counters.open,
             counters.bytes_in, counters.bytes_out) +
         reasons_text<CloseReason>("connections closed", counters.closed) +
         reasons_text<AcceptRefusal>("connections refused", counters.refused) +
         reasons_text<StreamSendError>("messages that no connection took", counters.unsent);
}

}  // namespace sipring::app
