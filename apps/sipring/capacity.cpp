// `sipring capacity`: what an engine's limits cost in memory (core/limits.h), what a rate needs,
// and what a memory carries.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "command_line.h"

#include <answer/stateless/open_calls.h>
#include <sizing/byte_count.h>
#include <sizing/rate_tables.h>

#include <sipring/core/call/calls.h>
#include <sipring/core/limits.h>
#include <sipring/io/server.h>
#include <sipring/pools/buffer.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sipring::app {
namespace {

using Json = nlohmann::ordered_json;

struct CapacityFlags {
  Limits limits;
  std::uint32_t t1_ms = 500;
  double rate = 0;           // not 0: what it needs, and nothing else
  std::uint64_t memory = 0;  // the same: what it carries
  bool json = false;
  [[nodiscard]] TimerSettings timers() const { return {.t1 = std::chrono::milliseconds(t1_ms)}; }
};

struct Line {
  std::string what;
  std::size_t bytes = 0;
  std::string note;
};

std::vector<Line> of_shard(const Limits& limits) {
  const MemoryNeeds needs = memory_needs(limits);
  return {{"transactions", needs.transactions, "the pool's slots"},
          {"index", needs.index, "the tables that find them, and merged requests"},
          {"timers", needs.timers, "two for each, and the wheel"},
          {"buffers", needs.buffers, "messages kept or on their way out; touched as needed"},
          {"messages", needs.messages, "parsed header spans, waiting outputs"},
          {"total", needs.total(), ""}};
}

// What one more transaction adds: the difference, so that what is fixed does not blur it.
std::vector<Line> of_transaction(const Limits& limits) {
  Limits twice = limits;
  twice.transactions *= 2;
  const MemoryNeeds one = memory_needs(limits), two = memory_needs(twice);
  const std::size_t count = limits.transactions;
  const auto each = [&](std::size_t MemoryNeeds::*part) { return (two.*part - one.*part) / count; };
  return {{"transaction", each(&MemoryNeeds::transactions), "state, key, peer"},
          {"index entry", each(&MemoryNeeds::index), "two; half of the tables is free"},
          {"timers", each(&MemoryNeeds::timers), "two"},
          {"buffers", each(&MemoryNeeds::buffers),
           fmt::format("one and a half messages of {} octets", limits.typical_message_bytes)},
          {"total", (two.total() - one.total()) / count, ""},
          {"stateless dialog",
           Pool<OpenCall>::bytes_per_slot() + TimerWheel::bytes(1) - TimerWheel::bytes(0),
           "of `answer`: until its ACK, besides"}};
}

// An established call of core/call, whose texts and descriptions are ordinary ones.
std::vector<Line> of_call() {
  constexpr std::size_t text = 300, description = 400;
  constexpr CallLimits one, two{.calls = 2 * one.calls};
  const std::size_t call = (Calls::bytes_for(two) - Calls::bytes_for(one)) / one.calls;
  const std::size_t timers = TimerWheel::bytes(3) - TimerWheel::bytes(0);
  const std::size_t slot = call - timers;
  const std::size_t texts = BufferPool::footprint(text);
  const std::size_t descriptions = 2 * BufferPool::footprint(description);
  return {{"call", slot, "its dialog, its session and its last transitions"},
          {"timers", timers, "three"},
          {"texts", texts, fmt::format("URIs, tags and route of {} octets", text)},
          {"descriptions", descriptions, fmt::format("both, of {} octets", description)},
          {"total", call + texts + descriptions, ""}};
}

constexpr std::size_t head_bytes = 300;  // of a message that is not whole

constexpr std::pair<Transport, const char*> stream_transports[] = {{Transport::tcp, "tcp"},
                                                                   {Transport::ws, "ws"},
                                                                   {Transport::tls, "tls"},
                                                                   {Transport::wss, "wss"}};

// Of one that is idle; while it holds a head; and while it speaks TLS.
std::vector<Line> of_connection(Transport transport, const std::string& name) {
  const auto memory = Server::connection_memory(transport);
  if (!memory) return {{name, 0, "cannot be measured here"}};
  const std::string note =
      memory->openssl == 0 ? "" : fmt::format("{} of them OpenSSL's, as measured", memory->openssl);
  std::vector<Line> lines{{name, memory->idle(), note},
                          {name + ", a head", memory->idle() + BufferPool::footprint(head_bytes),
                           fmt::format("it holds {} octets of a message", head_bytes)}};
  if (memory->openssl_buffers != 0)
    lines.push_back({name + ", active", memory->idle() + memory->openssl_buffers,
                     "until it has been idle for a second"});
  return lines;
}

std::vector<Line> of_connections() {
  std::vector<Line> lines;
  for (const auto& [transport, name] : stream_transports) {
    for (Line& line : of_connection(transport, name)) lines.push_back(std::move(line));
  }
  return lines;
}

Json connections_json() {
  Json json = Json::object();
  for (const auto& [transport, name] : stream_transports) {
    const auto memory = Server::connection_memory(transport);
    Json& one = json[name];
    if (!memory) continue;  // null
    one = {{"idle", memory->idle()},
           {"with_head", memory->idle() + BufferPool::footprint(head_bytes)},
           {"openssl", memory->openssl},
           {"openssl_buffers", memory->openssl_buffers}};
  }
  return json;
}

std::vector<std::pair<std::size_t, std::size_t>> buffer_classes() {
  std::vector<std::pair<std::size_t, std::size_t>> classes;  // largest message, footprint
  std::size_t footprint = 0;
  for (std::size_t size = 1; size <= BufferPool::max_size; ++size) {
    if (BufferPool::footprint(size) != footprint) {
      footprint = BufferPool::footprint(size);
      classes.emplace_back(size, footprint);
    }
    classes.back().first = size;
  }
  return classes;
}

Json as_json(const std::vector<Line>& lines) {
  Json json = Json::object();
  for (const Line& line : lines) json[line.what] = line.bytes;
  return json;
}

void print(const std::string& title, const std::vector<Line>& lines) {
  fmt::print("{}\n", title);
  for (const Line& line : lines) {
    fmt::print("{}\n", fmt::format("  {:<18}{:>14}  {}", line.what, line.bytes, line.note));
  }
}

Json as_json(const std::vector<RateRow>& rows) {
  Json json = Json::array();
  for (const RateRow& row : rows)
    json.push_back({{"what", row.name},
                    {"per_second", row.rate},
                    {"transactions", row.transactions},
                    {"bytes", row.bytes}});
  return json;
}

void print_rate(const CapacityFlags& flags) {
  const std::vector<RateRow> rows = needs_of_rate(flags.rate, flags.limits, flags.timers());
  if (flags.json) return fmt::print("{}\n", Json{{"needs", as_json(rows)}}.dump());
  fmt::print("{:.0f}/s for ever need in a shard (UDP, T1 = {} ms)\n", flags.rate, flags.t1_ms);
  fmt::print("  {:<26}{:>14}{:>12}\n", "", "transactions", "at most");
  for (const RateRow& row : rows)
    fmt::print("  {:<26}{:>14}{:>12}\n", row.name, row.transactions, byte_count_text(row.bytes));
  fmt::print("calls at once need memory besides\n");
}

void print_memory(const CapacityFlags& flags) {
  const std::vector<RateRow> rows = rates_within(flags.memory, flags.limits, flags.timers());
  if (flags.json) return fmt::print("{}\n", Json{{"carries", as_json(rows)}}.dump());
  fmt::print(
      "{} carry for ever in a shard of {} transactions and as many calls at once (UDP, T1 = {} "
      "ms)\n",
      byte_count_text(flags.memory), rows.front().transactions, flags.t1_ms);
  for (const RateRow& row : rows) fmt::print("  {:<26}{:>14.0f}/s\n", row.name, row.rate);
}

int capacity(const CapacityFlags& flags) {
  if (flags.rate > 0) print_rate(flags);
  if (flags.memory != 0) print_memory(flags);
  if (flags.rate > 0 || flags.memory != 0) return 0;
  const Limits& limits = flags.limits;
  if (flags.json) {
    Json classes = Json::array();
    for (const auto& [size, footprint] : buffer_classes()) {
      classes.push_back({{"message_bytes", size}, {"footprint", footprint}});
    }
    const Json json{{"limits",
                     {{"transactions", limits.transactions},
                      {"headers", limits.headers},
                      {"typical_message_bytes", limits.typical_message_bytes},
                      {"sends_in_flight", limits.sends_in_flight}}},
                    {"bytes_per_transaction", as_json(of_transaction(limits))},
                    {"bytes_per_shard", as_json(of_shard(limits))},
                    {"bytes_per_call", as_json(of_call())},
                    {"bytes_per_connection", connections_json()},
                    {"buffer_classes", classes}};
    fmt::print("{}\n", json.dump());
    return 0;
  }
  print("bytes for each transaction", of_transaction(limits));
  print(fmt::format("bytes for a shard of {} transactions", limits.transactions), of_shard(limits));
  print("bytes for each call, besides", of_call());
  print("bytes for each stream connection, the kernel's apart", of_connections());
  fmt::print("bytes for a message, by size\n");
  for (const auto& [size, footprint] : buffer_classes()) {
    fmt::print("  {:<18}{:>14}\n", fmt::format("up to {}", size), footprint);
  }
  return 0;
}

}  // namespace

void add_capacity(Program& program) {
  auto flags = std::make_shared<CapacityFlags>();
  CommandLine command =
      program.add_command("capacity", "what limits cost in memory, and what they carry",
                          [flags] { return capacity(*flags); });
  command.add("--transactions", flags->limits.transactions, "alive at once, in each shard")
      .range(1, 16'777'216)
      .show_default();
  command.add("--headers", flags->limits.headers, "header fields of one message")
      .range(8, 4'096)
      .show_default();
  command.add("--typical-message", flags->limits.typical_message_bytes, "octets")
      .range(64, 65'535)
      .show_default();
  command.add("--sends-in-flight", flags->limits.sends_in_flight, "messages lent to io")
      .range(1, 1'048'576)
      .show_default();
  command
      .add("--rate", flags->rate, "instead: what so many requests or calls a second need for ever")
      .range(1.0, 1e9);
  command.add_read(
      "--memory",
      [flags](const std::string& text) {
        const auto bytes = parse_byte_count(text);
        if (!bytes || *bytes == 0) return text + " is no number of octets: 512M, 4G";
        flags->memory = *bytes;
        return std::string();
      },
      "instead: what so many octets carry for ever: 512M, 4G");
  command.add("--t1", flags->t1_ms, "T1 of RFC 3261 in ms, for --rate and --memory")
      .range(1, 60'000)
      .show_default();
  command.add("--json", flags->json, "one JSON object");
}

}  // namespace sipring::app
