// SPDX-License-Identifier: MIT
#include <answer/options.h>

#include "listen_address.h"
#include "listener_text.h"

#include <answer/listener_file.h>
#include <sizing/pool_sizes.h>

#include <sipring/core/message/uri.h>

#include <chrono>
#include <cstdint>
#include <utility>

namespace sipring::app {
namespace {

TimerSettings timers_of(const AnswerFlags::Timing& flags) {
  TimerSettings timers;
  timers.t1 = std::chrono::milliseconds(flags.t1_ms);
  timers.t2 = std::chrono::milliseconds(flags.t2_ms);
  timers.t4 = std::chrono::milliseconds(flags.t4_ms);
  timers.jitter_per_mille = flags.jitter_per_mille;
  return timers;
}

OverloadSettings overload_of(const AnswerFlags::Overload& flags) {
  OverloadSettings overload = flags.settings;
  overload.advertise = !flags.control.empty();
  overload.prefer_rate = flags.control == "rate";
  return overload;
}

std::optional<Duration> remember_at_least(const AnswerFlags::Overload& flags) {
  if (!flags.remember_at_least_ms) return std::nullopt;
  if (*flags.remember_at_least_ms == 0) return Duration::max();
  return std::chrono::milliseconds(*flags.remember_at_least_ms);
}

std::uint32_t calls_of(const AnswerFlags::Sizes& sizes) {
  return sizes.calls != 0 ? sizes.calls : sizes.transactions;
}

Settings settings_of(const AnswerFlags& flags, std::string_view server) {
  Settings settings;
  settings.limits.transactions = flags.sizes.transactions;
  if (!flags.answers.stateless_dialogs) settings.limits.calls = calls_of(flags.sizes);
  settings.limits.message_bytes = flags.sizes.message_bytes;
  settings.limits.remember_at_least = remember_at_least(flags.overload);
  settings.limits.retry_after_seconds = flags.answers.retry_after_s;
  settings.strict = flags.answers.strict;
  if (flags.answers.keep_alive_s) {
    settings.flows.keep_seconds = static_cast<std::uint16_t>(*flags.answers.keep_alive_s);
  }
  settings.timers = timers_of(flags.timing);
  settings.server = server;
  settings.overload = overload_of(flags.overload);
  return settings;
}

ShardOptions shard_options_of(const AnswerFlags& flags) {
  const AnswerFlags::Placement& placement = flags.placement;
  ShardOptions shard;
  shard.pin = !placement.no_pin;
  shard.cpus = placement.cpus;
  shard.nice = placement.nice;
  shard.numa = placement.numa;
  shard.prefault = placement.prefault;
  shard.steer = placement.steer;
  shard.turn_limits.budget = std::chrono::milliseconds(flags.overload.turn_budget_ms);
  if (flags.timing.minimum_wait_us != 0) {
    shard.batching.emplace().at_most = std::chrono::microseconds(flags.timing.minimum_wait_us);
  }
  return shard;
}

// As it will stand in our Contact.
bool is_host(std::string host) {
  if (host.find(':') != host.npos && !host.starts_with('[')) host = "[" + host + "]";
  const std::string text = "sip:" + host;
  const Parsed<Uri> uri = parse_uri(text);
  return uri && uri->text == text && uri->host == host && uri->forgiven.empty();
}

// At the first UDP listener of its address family.
std::expected<Trunk, std::string> trunk_of(const std::string& text, const ServerOptions& options) {
  const auto peer = parse_listen_address(text);
  if (!peer) return std::unexpected(peer.error());
  for (std::uint32_t i = 0; i < options.listeners.size(); ++i) {
    const NetworkAddress& listener = options.listeners[i];
    if (listener.transport == Transport::udp && listener.ip.family == peer->ip.family)
      return Trunk{*peer, i};
  }
  return std::unexpected("--trunk " + text + ": no udp listener of its address family");
}

std::expected<void, std::string> add_sockets(std::span<const ListenerText> listeners,
                                             const std::vector<std::string>& trunks,
                                             ServerOptions& options) {
  for (const ListenerText& listener : listeners) {
    if (auto added = add_listener(listener, options); !added) return added;
  }
  for (const std::string& text : trunks) {
    const auto trunk = trunk_of(text, options);
    if (!trunk) return std::unexpected(trunk.error());
    options.trunks.push_back(*trunk);
  }
  return {};
}

}  // namespace

std::expected<std::vector<ListenerText>, std::string> listeners_of(
    const AnswerFlags::Sockets& flags) {
  std::vector<ListenerText> listeners;
  if (flags.listen.empty()) listeners = flags.configured;
  for (const std::string& text : flags.listen) {
    const auto listener = parse_listener(text);
    if (!listener) return std::unexpected(listener.error());
    listeners.push_back(*listener);
  }
  if (flags.listen_file.empty()) return listeners;
  const auto more = read_listener_file(flags.listen_file);
  if (!more) return std::unexpected(more.error());
  listeners.insert(listeners.end(), more->begin(), more->end());
  return listeners;
}

void fit_to_machine(AnswerFlags& flags, std::uint64_t usable_bytes, std::uint32_t shards) {
  AnswerFlags::Sizes& sizes = flags.sizes;
  if (sizes.transactions != 0) return;
  Limits limits;
  limits.message_bytes = sizes.message_bytes;
  sizes.transactions =
      transactions_on_machine(usable_bytes, sizes.shards != 0 ? sizes.shards : shards, limits);
}

std::expected<ServerOptions, std::string> server_options_of(const AnswerFlags& flags,
                                                            std::span<const ListenerText> listeners,
                                                            std::string_view server) {
  const std::string& host = flags.answers.advertise;
  if (!host.empty() && !is_host(host)) {
    return std::unexpected("--advertise " + host + " is neither a host name nor an IP address");
  }
  ServerOptions options;
  if (const auto added = add_sockets(listeners, flags.sockets.trunks, options); !added) {
    return std::unexpected(added.error());
  }
  options.shards = flags.sizes.shards;
  options.settings = settings_of(flags, server);
  options.shard = shard_options_of(flags);
  return options;
}

AnswerOptions answer_options_of(const AnswerFlags& flags, const ShardMark& mark) {
  AnswerOptions options;
  options.mark = mark;
  options.calls = calls_of(flags.sizes);
  options.timers = timers_of(flags.timing);
  options.retry_after_seconds = flags.answers.retry_after_s;
  options.media_port = flags.answers.media_port;
  options.advertise = flags.answers.advertise;
  options.patience = std::chrono::seconds(flags.placement.patience_s);
  options.work = std::chrono::microseconds(flags.overload.work_us);
  return options;
}

}  // namespace sipring::app
