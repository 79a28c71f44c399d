// Offers a SIP server many times what it can take, in an open model: requests leave when they are
// due, whatever comes back. Three phases, a JSON object a line for each second of them:
//
//   capacity   a closed loop keeps a few requests in flight: answers per second are the most there
//              is
//   overload   `--times` as many a second
//   recovery   half of the capacity, until the end
//
//   overload_flood --target HOST:PORT [--times N] [--seconds N] [--sources N] [--window N]
//
// A source is an address of 127.0.0.0/8. An answer counts as good when it comes within 500 ms (T1:
// later the client would have asked again) and is a 200.
//
// SPDX-License-Identifier: MIT
#include "flood.h"

#include <array>
#include <optional>
#include <span>

namespace sipring::bench {
namespace {

constexpr Duration in_time = std::chrono::milliseconds(500);
constexpr Duration step = std::chrono::milliseconds(1);
constexpr Duration second = std::chrono::seconds(1);

struct Options {
  NetworkAddress target;
  double times = 20;
  std::uint32_t seconds = 60;
  std::uint32_t sources = 16;
  std::uint32_t window = 16;
};

struct Tally {
  std::uint64_t sent = 0, good = 0, late = 0, refused = 0;
  std::vector<Duration> latencies;
};

// When the last requests were sent, as long as they have no good answer.
class SendTimes {
 public:
  explicit SendTimes(std::size_t count) : times_(count) {}
  void sent(std::uint64_t number, Instant now) { times_[number % times_.size()] = now; }
  void answered(std::uint64_t number) { times_[number % times_.size()] = Instant::min(); }
  [[nodiscard]] Instant of(std::uint64_t number) const { return times_[number % times_.size()]; }

 private:
  std::vector<Instant> times_;
};

class OpenFlood {
 public:
  explicit OpenFlood(const Options& options)
      : options_(options), batch_text_(batch * text_.text.size()), send_times_(1 << 22) {
    for (std::uint32_t i = 0; i < options.sources; ++i) sockets_.push_back(connect(i));
    for (std::size_t i = 0; i < batch; ++i) {
      octets_[i] = {received_[i].data(), received_[i].size()};
      messages_[i] = {};
      messages_[i].msg_hdr.msg_iov = &octets_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  ~OpenFlood() {
    for (const int socket : sockets_) ::close(socket);
  }
  OpenFlood(const OpenFlood&) = delete;
  OpenFlood& operator=(const OpenFlood&) = delete;

  // Prints a line a second; gives the moment of the last request that was not answered well.
  Instant offer(const char* phase, double per_second, std::uint32_t seconds) {
    const std::uint64_t first = number_ + 1;
    const Instant start = read_clock();
    double owed = 0;
    for (std::uint32_t i = 0; i < seconds; ++i) {
      Tally tally;
      const Instant end = start + second * (i + 1);
      for (Instant now = read_clock(); now < end; now = read_clock()) {
        const double due = per_second * std::chrono::duration<double>(now - start).count();
        const auto count = static_cast<std::uint32_t>(due - owed);
        owed += count;
        fire(count, now, tally);
        receive_until(now + step, tally);
      }
      print(phase, i + 1, tally);
    }
    Tally rest;
    receive_until(read_clock() + in_time, rest);
    Instant last_bad = Instant::min();
    for (std::uint64_t i = first; i <= number_; ++i) {
      last_bad = std::max(last_bad, send_times_.of(i));
    }
    return last_bad;
  }

 private:
  static constexpr std::size_t batch = 64;

  int connect(std::uint32_t source) const {
    SocketAddress address;
    const socklen_t length = to_socket_address(options_.target, address);
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    check(fd >= 0, "socket");
    const int bytes = 4 << 20;
    (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    NetworkAddress own;
    own.ip.octets = {127, 1, static_cast<std::uint8_t>(source / 250),
                     static_cast<std::uint8_t>(source % 250 + 1)};
    SocketAddress from;
    const socklen_t from_length = to_socket_address(own, from);
    check(::bind(fd, &from.any, from_length) == 0, "bind");
    check(::connect(fd, &address.any, length) == 0, "connect");
    return fd;
  }

  void fire(std::uint32_t count, Instant now, Tally& tally) {
    for (std::uint32_t left = count; left != 0;) {
      const auto these = std::min<std::uint32_t>(left, batch / 4);
      const std::size_t size = text_.text.size();
      for (std::uint32_t i = 0; i < these; ++i) write_request(batch_text_.data() + i * size, now);
      send_segments(sockets_[next_socket_++ % sockets_.size()], batch_text_, these * size, size);
      tally.sent += these;
      left -= these;
    }
  }

  void write_request(char* where, Instant now) {
    std::memcpy(where, text_.text.data(), text_.text.size());
    char number[digits];
    send_times_.sent(++number_, now);
    std::uint64_t rest = number_;
    for (std::size_t i = digits; i-- > 0; rest >>= 4) number[i] = "0123456789abcdef"[rest & 15];
    std::memcpy(where + text_.branch, number, digits);
    std::memcpy(where + text_.call_id, number, digits);
  }

  void receive_until(Instant end, Tally& tally) {
    for (;;) {
      for (const int socket : sockets_) receive(socket, tally);
      const Instant now = read_clock();
      if (now >= end) return;
      timespec rest{0, std::min<long>((end - now).count(), 200'000)};
      ::nanosleep(&rest, nullptr);
    }
  }

  void receive(int socket, Tally& tally) {
    for (;;) {
      const int count = ::recvmmsg(socket, messages_, batch, MSG_DONTWAIT, nullptr);
      if (count <= 0) return;
      const Instant now = read_clock();
      for (int i = 0; i < count; ++i) {
        const auto index = static_cast<std::size_t>(i);
        take({received_[index].data(), messages_[index].msg_len}, now, tally);
      }
      if (count < static_cast<int>(batch)) return;
    }
  }

  void take(std::string_view answer, Instant now, Tally& tally) {
    const std::uint64_t number = number_of(answer);
    const Instant sent = send_times_.of(number);
    const Duration latency = now - sent;
    if (!answer.starts_with("SIP/2.0 200")) {
      ++tally.refused;
    } else if (latency > in_time) {
      ++tally.late;
    } else {
      ++tally.good;
      send_times_.answered(number);
      tally.latencies.push_back(latency);
    }
  }

  static std::uint64_t number_of(std::string_view answer) {
    std::uint64_t number = 0;
    const std::size_t at = answer.find("---");
    if (at == std::string_view::npos) return 0;
    const char* const first = answer.data() + at + 3;
    (void)std::from_chars(first, first + digits, number, 16);
    return number;
  }

  static void print(const char* phase, std::uint32_t number, Tally& tally) {
    std::ranges::sort(tally.latencies);
    const auto at = [&](double share) {
      if (tally.latencies.empty()) return 0.0;
      const auto last = static_cast<double>(tally.latencies.size() - 1);
      return std::chrono::duration<double, std::milli>(
                 tally.latencies[static_cast<std::size_t>(share * last)])
          .count();
    };
    std::printf(
        "{\"phase\": \"%s\", \"second\": %u, \"sent\": %llu, \"good\": %llu, \"late\": %llu, "
        "\"refused\": %llu, \"p50_ms\": %.1f, \"p99_ms\": %.1f}\n",
        phase, number, static_cast<unsigned long long>(tally.sent),
        static_cast<unsigned long long>(tally.good), static_cast<unsigned long long>(tally.late),
        static_cast<unsigned long long>(tally.refused), at(0.5), at(0.99));
    (void)std::fflush(stdout);
  }

  Options options_;
  OptionsTemplate text_;
  std::vector<char> batch_text_;
  SendTimes send_times_;
  std::vector<int> sockets_;
  std::size_t next_socket_ = 0;
  std::uint64_t number_ = 0;
  std::array<std::array<char, 2048>, batch> received_;
  iovec octets_[batch];
  mmsghdr messages_[batch];
};

[[noreturn]] void usage() {
  std::fprintf(
      stderr,
      "usage: overload_flood --target ADDRESS:PORT [--times N] [--seconds N] [--sources N] "
      "[--window N]\n");
  std::exit(2);
}

NetworkAddress address_from(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) usage();
  NetworkAddress address;
  const auto ip = parse_ip_address(text.substr(0, colon));
  if (!ip) usage();
  address.ip = *ip;
  const std::string_view port = text.substr(colon + 1);
  (void)std::from_chars(port.data(), port.data() + port.size(), address.port);
  return address;
}

Options read_options(std::span<char*> arguments) {
  Options options;
  for (std::size_t i = 1; i + 1 < arguments.size(); i += 2) {
    const std::string_view name = arguments[i];
    const char* const value = arguments[i + 1];
    const auto number = static_cast<std::uint32_t>(std::strtoul(value, nullptr, 10));
    if (name == "--target")
      options.target = address_from(value);
    else if (name == "--times")
      options.times = std::strtod(value, nullptr);
    else if (name == "--seconds")
      options.seconds = number;
    else if (name == "--sources")
      options.sources = number;
    else if (name == "--window")
      options.window = number;
    else
      usage();
  }
  if (options.target.port == 0 || options.sources == 0 || options.window == 0) usage();
  return options;
}

// Good answers a second.
double measure_capacity(const FloodOptions& closed) {
  std::printf("{\"phase\": \"start\"}\n");
  (void)std::fflush(stdout);
  const FloodResult result = Flood(closed).run();
  const std::uint64_t good = result.in_all - result.wrong;
  const double per_second = result.per_second() * static_cast<double>(good) /
                            static_cast<double>(std::max<std::uint64_t>(result.in_all, 1));
  std::printf("{\"phase\": \"capacity\", \"per_second\": %.0f, \"good\": %llu}\n", per_second,
              static_cast<unsigned long long>(good));
  (void)std::fflush(stdout);
  return per_second;
}

int run(const Options& options) {
  FloodOptions closed{.target = options.target, .peers = 1, .window = options.window};
  closed.duration = std::chrono::seconds(5);
  const double most = measure_capacity(closed);
  OpenFlood flood(options);
  (void)flood.offer("overload", most * options.times, options.seconds);
  const Instant end = read_clock();
  const Instant last_bad = flood.offer("recovery", most / 2, 5);
  const double recovery = std::max(0.0, std::chrono::duration<double>(last_bad - end).count());
  std::printf("{\"phase\": \"end\", \"recovery_s\": %.3f}\n", last_bad < end ? 0 : recovery);
  (void)measure_capacity(closed);
  return 0;
}

}  // namespace
}  // namespace sipring::bench

int main(int count, char** arguments) {
  return sipring::bench::run(
      sipring::bench::read_options({arguments, static_cast<std::size_t>(count)}));
}
