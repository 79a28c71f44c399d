// What a message for another shard's call and its answer cost more than those at home: two shards
// that are both busy, connections on each, and calls of which it is known whose they are.
//
//   crossing_flood ROUNDS SECONDS
//       prints, for each round, nanoseconds of the shards' CPU for an OPTIONS and its answer when
//       every call is at home, and when every one is the other shard's
//
// SPDX-License-Identifier: MIT
#include "stream_lines.h"

#include <sipring/io/server.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sipring::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t shards = 2;
constexpr std::uint32_t lines_of_a_shard = 32;
constexpr std::uint32_t depth = 8;
constexpr std::uint32_t calls = 2'048;

// Says whose the call is, and by whose connection its request came.
class Answerer : public TransactionUser {
 public:
  explicit Answerer(std::uint32_t shard) : shard_(std::to_string(shard)) {}
  void on_output(Engine& engine, Instant now, const Output& output) override {
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    const HeaderLine headers[] = {{"X-Home", shard_},
                                  {"X-Owner", request->received->flow.shard == 0 ? "0" : "1"}};
    (void)engine.respond(now, request->transaction, Response{.headers = headers});
  }

 private:
  std::string shard_;
};

class Asker {
 public:
  explicit Asker(std::uint16_t port) : fd_(tcp_socket()) {
    const sockaddr_in peer = loopback(port);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) fail("connect");
  }
  int fd() const { return fd_; }
  void ask(std::string_view segment) {
    missing_ = depth;
    if (!send_all(fd_, segment)) fail("send");
  }
  // True: all that were asked are answered.
  bool receive() {
    static std::array<char, 65'536> room;
    const ssize_t size = ::recv(fd_, room.data(), room.size(), MSG_DONTWAIT);
    if (size == 0) fail("the server has closed");
    if (size < 0) return false;
    missing_ -= counter_.take({room.data(), static_cast<std::size_t>(size)});
    return missing_ == 0;
  }
  // The whole answer to one request.
  std::string answer_to(std::uint64_t call) {
    if (!send_all(fd_, options({}, call))) fail("send");
    std::string text;
    std::array<char, 4'096> room;
    while (!text.ends_with("\r\n\r\n")) {
      const ssize_t size = ::recv(fd_, room.data(), room.size(), 0);
      if (size <= 0) fail("recv");
      text.append(room.data(), static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  int fd_;
  std::uint32_t missing_ = 0;
  Counter counter_;
};

std::uint32_t shard_in(const std::string& answer, std::string_view name) {
  const std::size_t at = answer.find(name);
  if (at == std::string::npos) fail("an answer without a shard");
  return static_cast<std::uint32_t>(answer[at + name.size()] - '0');
}

class Crossing {
 public:
  explicit Crossing(std::uint16_t port) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    learn_homes(port);
    while (lines_[0].size() < lines_of_a_shard || lines_[1].size() < lines_of_a_shard) {
      auto line = std::make_unique<Asker>(port);
      auto& own = lines_[shard_in(line->answer_to(1), "X-Owner: ")];
      if (own.size() < lines_of_a_shard) own.push_back(std::move(line));
    }
    for (std::uint32_t shard = 0; shard < shards; ++shard)
      for (std::uint32_t i = 0; i < lines_of_a_shard; ++i)
        watch(epoll_, lines_[shard][i]->fd(), shard * lines_of_a_shard + i);
  }

  // Nanoseconds of the shards' CPU for each request.
  double cost(bool crosses, std::chrono::seconds time) {
    std::uint64_t answered = 0;
    for (std::uint32_t slot = 0; slot < shards * lines_of_a_shard; ++slot) ask(slot, crosses);
    const double before = shards_cpu_ns();
    for (const auto end = Clock::now() + time; Clock::now() < end;)
      turn([&](std::uint32_t slot) {
        answered += depth;
        ask(slot, crosses);
      });
    const double used = shards_cpu_ns() - before;
    std::uint32_t open = shards * lines_of_a_shard;
    while (open != 0) turn([&](std::uint32_t) { --open; });
    return used / static_cast<double>(answered);
  }

 private:
  void learn_homes(std::uint16_t port) {
    Asker line(port);
    std::array<std::string, shards> segment;
    std::array<std::uint32_t, shards> held{};
    for (std::uint64_t call = 1; call <= calls; ++call) {
      const std::uint32_t home = shard_in(line.answer_to(call), "X-Home: ");
      segment[home] += options({}, call);
      if (++held[home] % depth != 0) continue;
      segments_[home].push_back(std::move(segment[home]));
      segment[home].clear();
    }
    ::close(line.fd());
  }
  void ask(std::uint32_t slot, bool crosses) {
    const std::uint32_t shard = slot / lines_of_a_shard;
    const auto& segments = segments_[crosses ? 1 - shard : shard];
    lines_[shard][slot % lines_of_a_shard]->ask(segments[next_++ % segments.size()]);
  }
  void turn(auto&& done) {
    std::array<epoll_event, 64> events;
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), 10);
    for (int i = 0; i < count; ++i) {
      const std::uint32_t slot = events[static_cast<std::size_t>(i)].data.u32;
      if (lines_[slot / lines_of_a_shard][slot % lines_of_a_shard]->receive()) done(slot);
    }
  }
  // All of the process but this thread.
  static double shards_cpu_ns() {
    timespec all{}, own{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &all);
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
    return 1e9 * static_cast<double>(all.tv_sec - own.tv_sec) +
           static_cast<double>(all.tv_nsec - own.tv_nsec);
  }

  int epoll_;
  std::array<std::vector<std::string>, shards> segments_;  // of requests, by their calls' home
  std::array<std::vector<std::unique_ptr<Asker>>, shards> lines_;  // by who owns the connection
  std::uint64_t next_ = 0;
};

int main(int rounds, int seconds) {
  ServerOptions server;
  NetworkAddress address;
  address.ip.octets = {127, 0, 0, 1};
  address.transport = Transport::tcp;
  server.listeners = {address};
  server.shards = shards;
  auto started = Server::start(
      server, [](ShardContext& context) { return std::make_unique<Answerer>(context.shard); });
  if (!started) {
    std::fprintf(stderr, "crossing_flood: %s\n", started.error().text.c_str());
    return 1;
  }
  Crossing crossing((*started)->listeners()[0].address.port);
  for (int round = 0; round < rounds; ++round) {
    const double home = crossing.cost(false, std::chrono::seconds(seconds));
    std::printf("%.1f %.1f\n", home, crossing.cost(true, std::chrono::seconds(seconds)));
    (void)std::fflush(stdout);
  }
  std::_Exit(0);  // nobody has to be hung up on
}

}  // namespace
}  // namespace sipring::bench

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: crossing_flood ROUNDS SECONDS\n");
    return 2;
  }
  return sipring::bench::main(std::atoi(words[1]), std::atoi(words[2]));
}
