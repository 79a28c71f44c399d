// SPDX-License-Identifier: MIT
#include <check/resolution.h>

#include "exit_status.h"
#include "listen_address.h"

#include <names/destination_text.h>
#include <names/lookup.h>

#include <sipring/io/clock.h>

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <string>
#include <string_view>

namespace sipring::app {
namespace {

std::string_view or_root(std::string_view name) {
  return name.empty() ? "." : name;
}

std::string text_of(const dns::Record& record, dns::RecordType type) {
  switch (type) {
    case dns::RecordType::srv:
      return fmt::format("priority {} weight {} port {} {}", record.priority, record.weight,
                         record.port, or_root(record.target));
    case dns::RecordType::naptr:
      return fmt::format("order {} preference {} \"{}\" \"{}\" \"{}\" {}", record.priority,
                         record.weight, record.flags, record.services, record.regexp,
                         or_root(record.target));
    default: return std::string(to_text(record.address).view());
  }
}

void show_answer(const TargetQuery& query, const dns::Answer& answer) {
  const auto type = to_string(query.type);
  if (answer.outcome != dns::Outcome::records) {
    fmt::print("  {:<5} {}: {}\n", type, query.name, to_string(answer.outcome));
    return;
  }
  const Duration left =
      answer.fresh_until == never ? Duration{} : answer.fresh_until - read_clock();
  const auto seconds = std::chrono::round<std::chrono::seconds>(left).count();
  const std::string lives =
      answer.fresh_until == never ? "from the hosts table" : fmt::format("for {} s", seconds);
  for (const dns::Record& record : answer.records) {
    fmt::print("  {:<5} {}: {} ({})\n", type, query.name, text_of(record, query.type), lives);
  }
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), [](unsigned char octet) {
    return static_cast<char>(std::tolower(octet));
  });
  return lowered;
}

void show_target(std::size_t number, const sipring::Target& target) {
  const std::string why = target.by_service ? fmt::format("  (SRV priority {} weight {})",
                                                          target.priority, target.weight)
                                            : "";
  fmt::print("{}. {}:{}{}\n", number, lower(to_string(target.address.transport)),
             to_text(target.address).view(), why);
}

}  // namespace

int show_resolution(const std::string& uri, const std::string& dns) {
  LookupOptions options{
      .server = {},
      .capabilities = {.transports = {Transport::udp, Transport::tcp, Transport::tls, Transport::ws,
                                      Transport::wss},
                       .v6 = true},
      .seed = static_cast<std::uint64_t>(read_clock().time_since_epoch().count())};
  const auto destination = parse_destination(uri);
  if (!destination) return complain(destination.error(), usage_error);
  const auto server = name_server_of(dns);
  if (!server) return complain(server.error(), usage_error);
  options.server = *server;
  fmt::print("{}\n", uri);
  const Lookup::Found found = Lookup(options).find(*destination, show_answer);
  std::size_t number = 0;
  for (const sipring::Target& target : found.targets) show_target(++number, target);
  if (found.end != NoTarget::all_tried) fmt::print("no target: {}\n", to_string(found.end));
  return found.targets.empty() ? failed : 0;
}

}  // namespace sipring::app
