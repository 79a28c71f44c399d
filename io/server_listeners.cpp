// Listeners that come and go while the shards run. A change is in one place, which the shards read
// when the roster says so; it is written again when all of them have acknowledged.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <sipring/io/detail/kernel_steering.h>
#include <sipring/io/detail/shard.h>

#include <algorithm>
#include <utility>

namespace sipring {
namespace {

OpenError refused(std::string text) {
  return {OpenErrorCode::options, 0, std::move(text)};
}

}  // namespace

std::expected<Listener, OpenError> Server::listen(const NetworkAddress& address,
                                                  const ListenerTls& tls, bool is_proxied) {
  if (is_proxied && !is_reliable(address.transport))
    return std::unexpected(refused("a PROXY header is for connections, not for datagrams"));
  if (has_tls(address.transport)) {
    if (auto checked = check_listener_tls(address, tls); !checked)
      return std::unexpected(checked.error());
  }
  const std::optional<Flow> flow = free_flow();
  if (!flow) return std::unexpected(refused("more than 64 listeners"));
  std::vector<std::uint32_t> running;
  for (std::uint32_t i = 0; i < shards(); ++i) {
    if (phase(i) != ShardPhase::stopped) running.push_back(i);
  }
  ListenerChange change{.listener = {*flow, address},
                        .kind = ListenerChange::Kind::open,
                        .sockets = {},
                        .streams = {},
                        .tls = tls,
                        .is_proxied = is_proxied};
  auto opened = is_reliable(address.transport) ? open_stream(running, change)
                                               : open_datagram(running, change);
  if (!opened) return std::unexpected(opened.error());
  const Listener listener = change.listener;
  if (!change_listeners(std::move(change))) {
    return std::unexpected(refused("the server is stopping"));
  }
  common_->listener_generations[flow->slot] = flow->generation;
  common_->listeners.push_back(listener);
  return listener;
}

std::expected<void, OpenError> Server::open_stream(std::span<const std::uint32_t> running,
                                                   ListenerChange& change) {
  auto opened =
      StreamSocket::listen(change.listener.address, static_cast<std::uint32_t>(running.size()),
                           common_->options.shard.streams);
  if (!opened) return std::unexpected(opened.error());
  change.listener.address = opened->front().bound_address();
  change.streams.resize(shards());
  for (std::size_t i = 0; i < running.size(); ++i)
    change.streams[running[i]].emplace(std::move((*opened)[i]));
  return {};
}

std::expected<void, OpenError> Server::open_datagram(std::span<const std::uint32_t> running,
                                                     ListenerChange& change) {
  auto opened = UdpSocket::open(change.listener.address, static_cast<std::uint32_t>(running.size()),
                                udp_options(common_->options), notices_);
  if (!opened) return std::unexpected(opened.error());
  change.listener.address = opened->front().bound_address();
  change.sockets.resize(shards());
  std::vector<int> by_shard(shards(), -1);
  for (std::size_t i = 0; i < running.size(); ++i) {
    by_shard[running[i]] = (*opened)[i].fd();
    change.sockets[running[i]].emplace(std::move((*opened)[i]));
  }
  const std::uint32_t slot = change.listener.flow.slot;
  if (kernel_steering_ && !kernel_steering_->add(slot, by_shard)) {
    notices_.push_back("the kernel does not steer what comes to a listener: it is handed over");
  }
  return {};
}

bool Server::close(Flow listener) {
  std::vector<Listener>& listeners = common_->listeners;
  const auto found = std::ranges::find(listeners, listener, &Listener::flow);
  if (found == listeners.end()) return false;
  if (!change_listeners({.listener = *found, .sockets = {}, .streams = {}, .tls = {}}))
    return false;
  if (kernel_steering_) kernel_steering_->forget(listener.slot);
  listeners.erase(found);
  return true;
}

std::expected<void, OpenError> Server::renew(Flow listener, const ListenerTls& tls) {
  const auto found = std::ranges::find(common_->listeners, listener, &Listener::flow);
  if (found == common_->listeners.end() || !has_tls(found->address.transport))
    return std::unexpected(refused("there is no such listener for TLS"));
  if (auto checked = check_listener_tls(found->address, tls); !checked) return checked;
  if (!change_listeners({.listener = *found,
                         .kind = ListenerChange::Kind::renew,
                         .sockets = {},
                         .streams = {},
                         .tls = tls}))
    return std::unexpected(refused("the server is stopping"));
  return {};
}

std::vector<ConnectionInfo> Server::connections(std::uint32_t of_each_shard) {
  ListenerChange change{
      .listener = {}, .kind = ListenerChange::Kind::look, .sockets = {}, .streams = {}};
  change.most_connections = of_each_shard;
  change.connections.resize(shards());
  if (!change_listeners(std::move(change))) return {};
  std::vector<ConnectionInfo> all;
  for (const auto& of_shard : common_->change.connections)
    all.insert(all.end(), of_shard.begin(), of_shard.end());
  return all;
}

// The first slot that nobody has, under a generation that nobody has had.
std::optional<Flow> Server::free_flow() const {
  for (std::uint32_t slot = 0; slot < UdpPorts::max_listeners; ++slot) {
    const auto has_slot = [&](const Listener& listener) { return listener.flow.slot == slot; };
    if (std::ranges::any_of(common_->listeners, has_slot)) continue;
    return Flow::of_listener(slot, common_->listener_generations[slot] + 1);
  }
  return std::nullopt;
}

// False when the server stops meanwhile.
bool Server::change_listeners(ListenerChange&& change) {
  Roster& roster = common_->roster;
  if (!wait_until_all_obey(roster.change())) return false;  // nobody reads the last one any more
  change.change = roster.change() + 1;
  common_->change = std::move(change);
  return wait_until_all_obey(tell_shards());
}

}  // namespace sipring
