// Floods a SIP server with OPTIONS beside a raw UDP echo: same client, same messages, one CPU for
// the servers and one for the client, slices that alternate within one run. The server is any
// command that listens where {} stands in its arguments:
//
//   options_flood [--rounds N] [--settle N] [--peers N] [--window N] [--json FILE]
//       [--label NAME] [--least-percent N] [--most-user-ns N] -- sipring answer --listen udp:{}
//
// Figures: the median of the rounds' ratios of answers per second (server to echo), of those that
// begin when so many seconds have passed (--settle) and of as many first ones; and the server's
// user-mode CPU time for each message that it received or sent, from getrusage of the ended child,
// less what it had used when it first answered. Worse than the last two flags: status
// 1. The kernel samples that by timer tick where it is built with
// CONFIG_TICK_CPU_ACCOUNTING; over some seconds of load the sampling error is below a tenth.
//
// SPDX-License-Identifier: MIT
#include "flood.h"

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <optional>
#include <span>

namespace sipring::bench {
namespace {

struct Options {
  unsigned rounds = 12;
  std::uint32_t settle = 0;  // seconds
  FloodOptions flood;
  std::string json;
  std::string label = "answer/options";
  std::uint32_t least_percent = 0;             // of the echo's rate
  std::uint32_t most_user_ns = 1'000'000'000;  // for each message
  std::vector<std::string> command;
};

[[noreturn]] void usage() {
  std::fprintf(
      stderr,
      "usage: options_flood [--rounds N] [--settle N] [--peers N] [--window N] [--json FILE] "
      "[--label NAME] [--least-percent N] [--most-user-ns N] -- SERVER ARGUMENT ... ({} is "
      "HOST:PORT)\n");
  std::exit(2);
}

std::uint32_t number(std::string_view text, std::uint32_t most) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0 || value > most)
    usage();
  return value;
}

Options read_options(int count, char** arguments) {
  Options options;
  int i = 1;
  for (; i < count && std::string_view(arguments[i]) != "--"; i += 2) {
    const std::string_view name = arguments[i];
    if (i + 1 >= count) usage();
    const char* value = arguments[i + 1];
    if (name == "--rounds")
      options.rounds = number(value, 1'000);
    else if (name == "--settle")
      options.settle = number(value, 1'000);
    else if (name == "--peers")
      options.flood.peers = number(value, 1'000);
    else if (name == "--window")
      options.flood.window = number(value, 10'000);
    else if (name == "--json")
      options.json = value;
    else if (name == "--label")
      options.label = value;
    else if (name == "--least-percent")
      options.least_percent = number(value, 1'000);
    else if (name == "--most-user-ns")
      options.most_user_ns = number(value, 1'000'000);
    else
      usage();
  }
  for (++i; i < count; ++i) options.command.emplace_back(arguments[i]);
  if (options.command.empty()) usage();
  return options;
}

// Children run on CPU 0 and end with us, however we end.
template <class Body>
pid_t start_child(Body&& body) {
  const pid_t child = ::fork();
  check(child >= 0, "fork");
  if (child != 0) return child;
  (void)::prctl(PR_SET_PDEATHSIG, SIGTERM);
  (void)pin_to_cpu(0);
  body();
  std::exit(1);
}

pid_t start_server(const Options& options, const std::string& where) {
  return start_child([&] {
    std::vector<std::string> texts = options.command;
    std::vector<char*> arguments;
    for (std::string& text : texts) {
      if (const std::size_t at = text.find("{}"); at != std::string::npos)
        text.replace(at, 2, where);
      arguments.push_back(text.data());
    }
    arguments.push_back(nullptr);
    // What it prints is not our result.
    check(std::freopen("/dev/null", "w", stdout) != nullptr, "/dev/null");
    ::execvp(arguments.front(), arguments.data());
    std::perror(arguments.front());
  });
}

// True when the server answers within ten seconds. Asks again every 50 ms.
bool answers(const NetworkAddress& target) {
  const OptionsTemplate text;
  SocketAddress address;
  const socklen_t length = to_socket_address(target, address);
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool answered = false;
  for (int i = 0; i < 200 && !answered; ++i) {
    (void)::sendto(fd, text.text.data(), text.text.size(), 0, &address.any, length);
    pollfd waiting{fd, POLLIN, 0};
    answered = ::poll(&waiting, 1, 50) == 1;
  }
  ::close(fd);
  return answered;
}

// User-mode CPU time of a running process so far, in seconds (proc(5), field 14 of stat).
double user_seconds(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::size_t at = name_end;
  for (int field = 2; field < 14; ++field) at = text.find(' ', at + 1);
  return std::strtod(text.c_str() + at, nullptr) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

struct Round {
  Instant begun;
  FloodResult echo;
  FloodResult server;
  [[nodiscard]] double ratio() const { return server.per_second() / echo.per_second(); }
};

FloodResult slice(FloodOptions options, const NetworkAddress& target, std::string_view expected) {
  options.target = target;
  options.expected = expected;
  return Flood(options).run();
}

using Rounds = std::span<const Round>;

template <class Value>
double median(Rounds rounds, Value&& value) {
  std::vector<double> values;
  for (const Round& round : rounds) values.push_back(value(round));
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double ratio_of(Rounds rounds) {
  return median(rounds, [](const Round& round) { return round.ratio(); });
}

void write_json(const Options& options, double ratio, double at_first, double user_ns,
                double rate) {
  if (options.json.empty()) return;
  std::ofstream file(options.json);
  const auto figure = [&](const char* name, double value, const char* unit, const char* end) {
    file << "  {\"name\": \"" << options.label << "/" << name << "\", \"value\": " << value
         << ", \"unit\": \"" << unit << "\"}" << end << "\n";
  };
  file << "{\"figures\": [\n";
  figure("ratio-to-echo", ratio, "ratio", ",");
  figure("first/ratio-to-echo", at_first, "ratio", ",");
  figure("user-ns-per-message", std::round(user_ns), "ns", ",");
  figure("messages-per-second", std::round(rate), "1/s", "");
  file << "]}\n";
  check(file.good(), options.json.c_str());
}

int run(const Options& options) {
  NetworkAddress echo_address;
  const int echo_socket = open_echo_socket(echo_address);
  const std::atomic<bool> never_stop = false;
  const pid_t echo = start_child([&] { raw_echo(echo_socket, never_stop); });
  ::close(echo_socket);

  NetworkAddress target;
  ::close(open_echo_socket(target));  // a port that was free a moment ago
  const pid_t server = start_server(options, "127.0.0.1:" + std::to_string(target.port));
  (void)pin_to_cpu(1);
  const bool ready = answers(target);
  const double user_before = user_seconds(server);
  std::vector<Round> rounds;
  std::uint64_t messages = 0;
  for (unsigned i = 0; ready && i < options.rounds; ++i) {
    rounds.push_back({read_clock(), slice(options.flood, echo_address, "OPTIONS"),
                      slice(options.flood, target, "SIP/2.0 200")});
    messages += rounds.back().server.in_all;
  }
  ::kill(echo, SIGKILL);
  ::kill(server, SIGTERM);
  (void)::waitpid(echo, nullptr, 0);
  rusage usage{};
  int status = 0;
  (void)::wait4(server, &status, 0, &usage);
  if (!ready) {
    std::fprintf(stderr, "options_flood: %s gave no answer on 127.0.0.1:%u\n",
                 options.command.front().c_str(), unsigned{target.port});
    return 1;
  }

  std::uint64_t wrong = 0;
  std::uint64_t stalls = 0;
  for (const Round& round : rounds) {
    wrong += round.server.wrong + round.echo.wrong;
    stalls += round.server.stalls + round.echo.stalls;
  }
  const double user = static_cast<double>(usage.ru_utime.tv_sec) +
                      static_cast<double>(usage.ru_utime.tv_usec) * 1e-6 - user_before;
  const double user_ns =  // an OPTIONS received and an answer sent
      user * 1e9 / static_cast<double>(2 * std::max<std::uint64_t>(1, messages));
  const auto settled_at = rounds.front().begun + std::chrono::seconds(options.settle);
  const auto settled =
      std::ranges::find_if(rounds, [&](const Round& round) { return round.begun >= settled_at; });
  if (settled == rounds.end()) {
    std::fprintf(stderr, "options_flood: %zu rounds are over before %u s are\n", rounds.size(),
                 options.settle);
    return 1;
  }
  const Rounds steady(settled, rounds.end());
  const Rounds first = Rounds(rounds).first(
      std::min<std::size_t>(steady.size(), std::max<std::ptrdiff_t>(1, settled - rounds.begin())));
  const double ratio = ratio_of(steady);
  const double at_first = ratio_of(first);
  const double rate = median(steady, [](const Round& round) { return round.server.per_second(); });
  const double echo_rate =
      median(steady, [](const Round& round) { return round.echo.per_second(); });
  std::printf(
      "OPTIONS of %zu octets, %u peers, %u in flight, %zu rounds; server on CPU 0, client on CPU "
      "1\n",
      OptionsTemplate().text.size(), options.flood.peers, options.flood.window, rounds.size());
  if (options.settle != 0)
    std::printf("  first %zu rounds %9.3f of the echo's rate; below, those after %u s\n",
                first.size(), at_first, options.settle);
  std::printf("  raw echo         %9.0f answers/s\n", echo_rate);
  std::printf("  server           %9.0f answers/s\n", rate);
  std::printf("  ratio to echo    %9.3f\n", ratio);
  std::printf("  user mode        %9.0f ns per message received or sent\n", user_ns);
  if (stalls != 0)
    std::printf("  stalls           %9llu\n", static_cast<unsigned long long>(stalls));
  write_json(options, ratio, at_first, user_ns, rate);
  if (wrong != 0) {
    std::fprintf(stderr, "options_flood: %llu answers were not as expected\n",
                 static_cast<unsigned long long>(wrong));
    return 1;
  }
  const bool good = ratio * 100 >= options.least_percent && user_ns <= options.most_user_ns;
  if (!good) std::fputs("options_flood: a bar was missed\n", stderr);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace sipring::bench

int main(int count, char** arguments) {
  return sipring::bench::run(sipring::bench::read_options(count, arguments));
}
