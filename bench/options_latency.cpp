// How long a UDP server takes for an OPTIONS, beside a raw echo for whoever runs both:
//
//   options_latency echo
//       prints a port, and sends back what comes there until it is killed
//   options_latency ask PORT --rate N | --window N [--seconds N] [--peers N] [--first N]
//       [--every N] [--expect TEXT]
//       asks the server on 127.0.0.1 and prints a line of JSON for every so many seconds, one for
//       the first so many requests, and one for all
//
// With a rate the loop is open: a request is due by the clock, whatever has become of those before
// it, and its time counts from then, so that a server that stops is not spared the wait of those
// that would have come. With a window it is closed: a new one goes when one has been answered. The
// echo is on CPU 0, where a server pins its first shard, and the asking on CPU 1, where it spins: a
// client that sleeps would be measured too.
//
// SPDX-License-Identifier: MIT
#include "flood.h"

#include <sipring/core/histogram.h>

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <optional>

namespace sipring::bench {
namespace {

[[noreturn]] void usage() {
  std::fputs(
      "usage: options_latency echo\n"
      "       options_latency ask PORT --rate N | --window N [--seconds N] [--peers N] [--first N] "
      "[--every N] [--expect TEXT]\n",
      stderr);
  std::exit(2);
}

struct Options {
  std::uint16_t port = 0;
  std::uint32_t rate = 0;    // a second; 0: the loop is closed
  std::uint32_t window = 0;  // in flight
  std::uint32_t seconds = 10;
  std::uint32_t peers = 16;
  std::uint32_t first = 100'000;
  std::uint32_t every = 10;
  std::string_view expect = "SIP/2.0 200";
};

std::uint32_t number(std::string_view text, std::uint32_t most) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0 || value > most)
    usage();
  return value;
}

Options read_options(int count, char** arguments) {
  if (count < 3 || count % 2 == 0) usage();
  Options options;
  options.port = static_cast<std::uint16_t>(number(arguments[2], 65'535));
  for (int i = 3; i < count; i += 2) {
    const std::string_view name = arguments[i];
    const char* const value = arguments[i + 1];
    if (name == "--rate")
      options.rate = number(value, 10'000'000);
    else if (name == "--window")
      options.window = number(value, 100'000);
    else if (name == "--seconds")
      options.seconds = number(value, 100'000);
    else if (name == "--peers")
      options.peers = number(value, 1'000);
    else if (name == "--first")
      options.first = number(value, 100'000'000);
    else if (name == "--every")
      options.every = number(value, 100'000);
    else if (name == "--expect")
      options.expect = value;
    else
      usage();
  }
  if ((options.rate == 0) == (options.window == 0)) usage();
  return options;
}

struct Tally {
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;  // as expected
  std::uint64_t refused = 0;   // otherwise
  Duration latest{};           // by how much a request left after it was due
  Histogram times;             // of those that were answered as expected

  void print(const char* what, double from, double until) const {
    const auto us = [&](double percent) {
      return std::chrono::duration<double, std::micro>(times.percentile(percent)).count();
    };
    std::printf(
        "{\"what\": \"%s\", \"from\": %.3f, \"until\": %.3f, \"sent\": %llu, \"answered\": %llu, "
        "\"refused\": %llu, \"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f, \"latest\": %.1f}\n",
        what, from, until, static_cast<unsigned long long>(sent),
        static_cast<unsigned long long>(answered), static_cast<unsigned long long>(refused), us(50),
        us(99), us(99.9), std::chrono::duration<double, std::micro>(latest).count());
    std::fflush(stdout);
  }
};

class Asker {
 public:
  explicit Asker(const Options& options)
      : options_(options), requests_(64 * writer_.size()), first_number_(writer_.next_number()) {
    NetworkAddress target;
    target.ip.octets[0] = 127;
    target.ip.octets[3] = 1;
    target.port = options.port;
    for (std::uint32_t i = 0; i < options.peers; ++i) sockets_.push_back(connect_peer(target));
    for (int i = 0; i < batch; ++i) {
      octets_[i] = {received_[i], sizeof received_[i]};
      messages_[i] = {};
      messages_[i].msg_hdr.msg_iov = &octets_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  // True: all that was asked has been answered as expected, but for one in a thousand.
  bool run() {
    start_ = read_clock();
    const Instant end = start_ + std::chrono::seconds(options_.seconds);
    const Duration span = std::chrono::seconds(options_.every);
    Instant span_end = start_ + span;
    if (options_.window != 0) send(options_.window, start_);
    while (now_ < end) {
      now_ = read_clock();
      if (options_.rate != 0) send_due();
      receive_all();
      if (now_ < span_end) continue;
      end_span(span_end - span, span_end);
      span_end += span;
    }
    finished_ = true;
    settle();
    first_.print("first", 0, seconds_at(first_ended_ == Instant{} ? end : first_ended_));
    all_.print("all", 0, seconds_at(end));
    return all_.answered * 1'000 >= all_.sent * 999;
  }

 private:
  static constexpr int batch = 64;
  static constexpr std::size_t remembered = std::size_t{1} << 22;  // whose answers are awaited

  [[nodiscard]] double seconds_at(Instant instant) const {
    return std::chrono::duration<double>(instant - start_).count();
  }
  [[nodiscard]] Instant due(std::uint64_t index) const {
    return start_ + std::chrono::nanoseconds(index * 1'000'000'000 / options_.rate);
  }

  // What is due, a peer's at a time.
  void send_due() {
    std::uint32_t count = 0;
    while (count < batch && due(all_.sent + count) <= now_) ++count;
    if (count == 0) return;
    span_.latest = std::max(span_.latest, now_ - due(all_.sent));
    send(count, now_);
  }

  void send(std::uint32_t count, Instant now) {
    for (std::uint32_t left = count; left != 0;) {
      const std::uint32_t run = std::min(left, std::uint32_t{batch});
      for (std::uint32_t i = 0; i < run; ++i) {
        begun_[(all_.sent + i) % remembered] = options_.rate == 0 ? now : due(all_.sent + i);
        writer_.write(requests_.data() + i * writer_.size());
      }
      send_segments(sockets_[next_peer_], requests_, run * writer_.size(), writer_.size());
      next_peer_ = (next_peer_ + 1) % sockets_.size();
      all_.sent += run;
      span_.sent += run;
      left -= run;
    }
  }

  void receive_all() {
    for (const int socket : sockets_) {
      const int count = ::recvmmsg(socket, messages_, batch, MSG_DONTWAIT, nullptr);
      if (count <= 0) continue;
      const Instant now = read_clock();
      for (int i = 0; i < count; ++i) take({received_[i], messages_[i].msg_len}, now);
      if (options_.window != 0 && !finished_) send(static_cast<std::uint32_t>(count), now);
    }
  }

  void take(std::string_view answer, Instant now) {
    const std::optional<std::uint64_t> index = index_of(answer);
    if (!index || !answer.starts_with(options_.expect)) {
      ++span_.refused;
      ++all_.refused;
      return;
    }
    const Duration time = now - begun_[*index % remembered];
    record(span_, time);
    record(all_, time);
    if (*index >= options_.first) return;
    record(first_, time);
    first_ended_ = now;
  }
  static void record(Tally& tally, Duration time) {
    ++tally.answered;
    tally.times.record(time);
  }

  // By the digits of the branch.
  [[nodiscard]] std::optional<std::uint64_t> index_of(std::string_view answer) const {
    const std::size_t at = answer.find("---");
    if (at == std::string_view::npos || answer.size() < at + 3 + digits) return std::nullopt;
    std::uint64_t number = 0;
    const char* const begin = answer.data() + at + 3;
    if (std::from_chars(begin, begin + digits, number, 16).ec != std::errc()) return std::nullopt;
    constexpr std::uint64_t all_digits = (std::uint64_t{1} << (4 * digits)) - 1;
    const std::uint64_t index = (number - first_number_) & all_digits;
    if (index >= all_.sent || index + remembered < all_.sent) return std::nullopt;
    return index;
  }

  void end_span(Instant from, Instant until) {
    all_.latest = std::max(all_.latest, span_.latest);
    span_.print("span", seconds_at(from), seconds_at(until));
    span_ = {};
  }

  // What is in flight is waited for.
  void settle() {
    Instant heard = read_clock();
    std::uint64_t before = all_.answered;
    while (read_clock() - heard < std::chrono::milliseconds(300)) {
      receive_all();
      if (all_.answered != before) heard = read_clock();
      before = all_.answered;
    }
    all_.latest = std::max(all_.latest, span_.latest);
    first_.sent = std::min<std::uint64_t>(options_.first, all_.sent);
  }

  Options options_;
  OptionsWriter writer_;
  std::vector<int> sockets_;
  std::vector<char> requests_;
  std::uint64_t first_number_;
  std::vector<Instant> begun_ = std::vector<Instant>(remembered);
  std::size_t next_peer_ = 0;
  bool finished_ = false;
  Instant start_{};
  Instant now_ = Instant::min();
  Instant first_ended_{};
  Tally span_;
  Tally first_;
  Tally all_;
  char received_[batch][2048];
  iovec octets_[batch];
  mmsghdr messages_[batch];
};

int echo() {
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  (void)pin_to_cpu(0);
  NetworkAddress bound;
  const int socket = open_echo_socket(bound);
  std::printf("%u\n", unsigned{bound.port});
  std::fflush(stdout);
  const std::atomic<bool> never_stop = false;
  raw_echo(socket, never_stop);
  return 1;
}

int ask(const Options& options) {
  (void)pin_to_cpu(1);
  static std::optional<Asker> asker;  // too large for a stack
  asker.emplace(options);
  return asker->run() ? 0 : 1;
}

}  // namespace
}  // namespace sipring::bench

int main(int count, char** arguments) {
  using namespace sipring::bench;
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what == "echo" && count == 2) return echo();
  if (what == "ask") return ask(read_options(count, arguments));
  usage();
}
