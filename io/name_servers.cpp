// SPDX-License-Identifier: MIT
#include <sipring/io/name_servers.h>

#include <sipring/core/dns/resolver_settings.h>
#include <sipring/io/clock.h>
#include <sipring/io/detail/query_socket.h>

#include <poll.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>
#include <variant>

namespace sipring {
namespace {

std::string text_of_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Whole milliseconds, so that what is due then is due.
int milliseconds_until(Instant deadline, Instant now) {
  constexpr Duration at_most = std::chrono::seconds(60);
  const Duration left =
      std::clamp(deadline == never ? at_most : deadline - now, Duration{}, at_most);
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

}  // namespace

struct NameServers::Query {
  Handle<dns::Question> question;
  NetworkAddress server;
  QuerySocket socket;
};

SystemNames system_names() {
  SystemNames names;
  dns::apply_resolv_conf(text_of_file("/etc/resolv.conf"), names.settings);
  names.hosts = text_of_file("/etc/hosts");
  return names;
}

NameServers::NameServers(const dns::ResolverSettings& settings, std::string_view hosts,
                         const Entropy& entropy, std::pmr::memory_resource& memory)
    : resolver_(settings, hosts, entropy, memory), queries_(settings.limits.questions) {}
NameServers::~NameServers() = default;

NameServers::Awaited NameServers::awaited(std::uint32_t question) const {
  const QuerySocket& socket = queries_[question]->socket;
  return {question, socket.fd(), socket.awaited()};
}

std::optional<dns::Answered> NameServers::perform(Instant now) {
  while (std::optional<dns::ResolverOutput> output = resolver_.next_output()) {
    if (auto* query = std::get_if<dns::SendQuery>(&*output)) {
      send(now, std::move(*query));
    } else if (auto* end = std::get_if<dns::EndQuery>(&*output)) {
      queries_[end->question.slot].reset();
    } else {
      return std::get<dns::Answered>(std::move(*output));
    }
  }
  return std::nullopt;
}

void NameServers::send(Instant now, dns::SendQuery&& query) {
  std::unique_ptr<Query>& place = queries_[query.question.slot];
  place.reset();
  auto socket = QuerySocket::open(query.server, std::move(query.bytes));
  if (!socket) return resolver_.failed(now, query.question);
  place = std::make_unique<Query>(query.question, query.server, *std::move(socket));
}

void NameServers::ready(Instant now, std::uint32_t slot) {
  const std::unique_ptr<Query>& query = queries_[slot];
  if (!query) return;
  const QuerySocket::Progress progress = query->socket.ready(room_);
  switch (progress.kind) {
    case QuerySocket::Progress::Kind::waiting: return;
    case QuerySocket::Progress::Kind::failed: return resolver_.failed(now, query->question);
    case QuerySocket::Progress::Kind::message:
      return resolver_.receive(now, query->question, query->server, progress.message);
  }
}

std::optional<dns::Answered> NameServers::wait() {
  std::vector<pollfd> polled;
  std::vector<std::uint32_t> slots;
  while (true) {
    if (auto answered = perform(read_clock())) return answered;
    if (resolver_.questions() == 0) return std::nullopt;
    polled.clear();
    slots.clear();
    each_awaited([&](const Awaited& awaited) {
      polled.push_back({awaited.fd, awaited.events, 0});
      slots.push_back(awaited.question);
    });
    (void)::poll(polled.data(), polled.size(),
                 milliseconds_until(resolver_.next_deadline(), read_clock()));
    const Instant now = read_clock();
    for (std::size_t i = 0; i < polled.size(); ++i)
      if (polled[i].revents != 0) ready(now, slots[i]);
    resolver_.advance(now);
  }
}

}  // namespace sipring
