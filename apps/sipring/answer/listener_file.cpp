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

std::expected<std::vector<ListenerText>, std::string> read_listener_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::unexpected("cannot read " + path);
  std::vector<ListenerText> listeners;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    line.erase(std::min(line.find('#'), line.size()));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty()) continue;
    const auto listener = parse_listener(line);
    if (!listener) return std::unexpected(fmt::format("{}:{}: {}", path, number, listener.error()));
    listeners.push_back(*listener);
  }
  return listeners;
}

ListenerFile::ListenerFile(std::string path, const std::vector<ListenerText>& listeners,
                           const Server& server, Certificates& certificates)
    : path_(std::move(path)), certificates_(certificates) {
  const std::size_t others = server.listeners().size() - listeners.size();
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    open_.push_back({listeners[i], server.listeners()[others + i]});
  }
}

void ListenerFile::read_again(Server& server) {
  const auto wanted = read_listener_file(path_);
  if (!wanted) return fmt::print(stderr, "sipring: {}; listeners stay\n", wanted.error());
  close_all_but(server, *wanted);
  open_missing(server, *wanted);
}

void ListenerFile::close_all_but(Server& server, const std::vector<ListenerText>& wanted) {
  std::erase_if(open_, [&](const Open& open) {
    if (std::ranges::find(wanted, open.asked) != wanted.end()) return false;
    if (!server.close(open.listener.flow)) return false;
    certificates_.forget(open.listener.flow);
    fmt::print(stderr, "sipring: answers no more on {}\n",
               listen_address_text(open.listener.address));
    return true;
  });
}

void ListenerFile::open_missing(Server& server, const std::vector<ListenerText>& wanted) {
  for (const ListenerText& text : wanted)
    if (std::ranges::find(open_, text, &Open::asked) == open_.end()) open(server, text);
}

void ListenerFile::open(Server& server, const ListenerText& text) {
  ListenerTls tls;
  if (has_tls(text.address.transport)) {
    auto read = listener_tls_of(text);
    if (!read) return fmt::print(stderr, "sipring: {}\n", read.error());
    tls = std::move(*read);
  }
  const auto opened = server.listen(text.address, tls, text.is_proxied);
  if (!opened) return fmt::print(stderr, "sipring: {}\n", opened.error().text);
  open_.push_back({text, *opened});
  certificates_.add(text, *opened);
  fmt::print(stderr, "sipring: answers on {}\n", listen_address_text(opened->address));
}

}  // namespace sipring::app
