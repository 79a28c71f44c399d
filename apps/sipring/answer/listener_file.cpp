// SPDX-License-Identifier: MIT
#include "listen_address.h"

#include <answer/listener_file.h>

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <utility>

namespace sipring::app {

std::expected<std::vector<NetworkAddress>, std::string> read_listener_file(
    const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::unexpected("cannot read " + path);
  std::vector<NetworkAddress> addresses;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    line.erase(std::min(line.find('#'), line.size()));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty()) continue;
    const auto address = parse_listen_address(line);
    if (!address) return std::unexpected(fmt::format("{}:{}: {}", path, number, address.error()));
    addresses.push_back(*address);
  }
  return addresses;
}

ListenerFile::ListenerFile(std::string path, const std::vector<NetworkAddress>& addresses,
                           const Server& server)
    : path_(std::move(path)) {
  const std::size_t others = server.listeners().size() - addresses.size();
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    open_.push_back({addresses[i], server.listeners()[others + i]});
  }
}

void ListenerFile::read_again(Server& server) {
  const auto wanted = read_listener_file(path_);
  if (!wanted) return fmt::print(stderr, "sipring: {}; listeners stay\n", wanted.error());
  close_all_but(server, *wanted);
  open_missing(server, *wanted);
}

void ListenerFile::close_all_but(Server& server, const std::vector<NetworkAddress>& wanted) {
  std::erase_if(open_, [&](const Open& open) {
    if (std::ranges::find(wanted, open.asked) != wanted.end()) return false;
    if (!server.close(open.listener.flow)) return false;
    fmt::print(stderr, "sipring: answers no more on {}\n",
               listen_address_text(open.listener.address));
    return true;
  });
}

void ListenerFile::open_missing(Server& server, const std::vector<NetworkAddress>& wanted) {
  for (const NetworkAddress& address : wanted) {
    if (std::ranges::find(open_, address, &Open::asked) != open_.end()) continue;
    const auto opened = server.listen(address);
    if (!opened) {
      fmt::print(stderr, "sipring: {}\n", opened.error().text);
      continue;
    }
    open_.push_back({address, *opened});
    fmt::print(stderr, "sipring: answers on {}\n", listen_address_text(opened->address));
  }
}

}  // namespace sipring::app
