// Whole calls between `sipring load` and `sipring answer` without I/O, in virtual time: INVITE 180
// 200 ACK BYE 200, twenty calls begun every 4 ms. Prints how long each side took for a call; what
// it costs in instructions is for callgrind to say, run on it by hand. Usage: call_instructions
// COUNT [stateless]
// SPDX-License-Identifier: MIT
#include <answer/answer_user.h>
#include <answer/stateless/stateless_user.h>
#include <load/load_user.h>

#include <sipring/io/clock.h>
#include <sipring/io/detail/memory.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory_resource>
#include <string_view>
#include <vector>

namespace {

using namespace sipring;
using namespace sipring::app;
using std::chrono::milliseconds;

constexpr Flow flow = Flow::of_listener(0);
constexpr Duration tick = milliseconds(4);
constexpr std::uint32_t calls_a_tick = 20;

NetworkAddress address(std::uint8_t last) {
  return {.ip = {.octets = {192, 0, 2, last}}, .port = 5060};
}

Endpoint endpoint(std::uint8_t last) {
  const Listener listener{flow, address(last)};
  return make_endpoints({&listener, 1}, "").front();
}

Settings settings() {
  Settings settings;
  settings.limits.transactions = 8'192;
  settings.limits.calls = 1'024;
  settings.limits.outputs = 1'024;
  settings.timers.t1 = milliseconds(5);
  return settings;
}

// An engine, its user, and what has arrived for it.
template <class User>
class Side {
 public:
  template <class... Args>
  explicit Side(const Entropy& entropy, ShardMemory& memory, Args&&... args)
      : engine_(settings(), entropy, memory), user_(std::forward<Args>(args)..., memory) {}

  // Does what is due and answers what has come. Never inlined, so that callgrind can tell the sides
  // apart: --toggle-collect='*Answering*turn*'.
  [[gnu::noinline]] void turn(Instant now, std::vector<Transmit>& from, std::vector<Transmit>& to) {
    const Instant begun = read_clock();
    for (Transmit& arrived : from) {
      engine_.receive(now, {arrived.bytes->view(), peer, flow});
      take_outputs(now, to);
    }
    if (engine_.next_deadline() <= now) engine_.advance(now), take_outputs(now, to);
    if (user_.next_deadline() <= now) user_.advance(engine_, now), take_outputs(now, to);
    busy_ += read_clock() - begun;
    from.clear();
  }
  [[nodiscard]] double microseconds() const {
    return std::chrono::duration<double, std::micro>(busy_).count();
  }
  [[nodiscard]] const User& user() const { return user_; }

  NetworkAddress peer;

 private:
  void take_outputs(Instant now, std::vector<Transmit>& to) {
    while (std::optional<Output> output = engine_.next_output()) {
      if (auto* transmit = std::get_if<Transmit>(&*output)) {
        to.push_back(std::move(*transmit));
      } else {
        user_.on_output(engine_, now, *output);
      }
    }
  }

  Engine engine_;
  User user_;
  Duration busy_{};
};

// The users' last parameters differ.
template <class User>
struct Answering : User {
  Answering(const AnswerOptions& options, ShardMemory& memory)
      : User(options, {endpoint(9)}, Entropy{{5, 6, 7, 8}}, memory) {}
};
struct Calling : LoadUser {
  Calling(const LoadOptions& options, LoadView& view, ShardMemory& memory)
      : LoadUser(options,
                 {.address = address(9),
                  .domain = "",
                  .endpoint = endpoint(1),
                  .way = {.listener = flow}},
                 SessionNames{1, 0}, memory, view) {}
};

template <class User>
int run(std::uint64_t count) {
  ShardMemory memory;
  LoadView view;
  const LoadOptions options{.arrivals = {.rate = calls_a_tick * 250.0}, .gather = tick};
  std::vector<Transmit> requests;
  std::vector<Transmit> responses;
  requests.reserve(1'024);
  responses.reserve(1'024);
  Side<Answering<User>> answer(Entropy{{1, 2, 3, 4}}, memory,
                               AnswerOptions{.timers = settings().timers});
  Side<Calling> load(Entropy{{4, 3, 2, 1}}, memory, options, view);
  load.peer = address(9);
  answer.peer = address(1);
  Instant now{};
  while (load.user().tally().succeeded < count) {
    now += tick;
    load.turn(now, responses, requests);
    answer.turn(now, requests, responses);
  }
  const auto calls = static_cast<double>(load.user().tally().succeeded);
  const std::uint64_t failed =
      load.user().tally().started - load.user().tally().succeeded - load.user().tally().outstanding;
  std::printf("caller %.2f us, callee %.2f us for a call\n", load.microseconds() / calls,
              answer.microseconds() / calls);
  requests.clear();
  responses.clear();
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const long count = argc >= 2 ? std::strtol(argv[1], nullptr, 10) : 0;
  const bool is_stateless = argc == 3 && argv[2] == std::string_view("stateless");
  if (count <= 0 || argc > (is_stateless ? 3 : 2)) {
    std::fputs("usage: call_instructions COUNT [stateless]\n", stderr);
    return 2;
  }
  const auto calls = static_cast<std::uint64_t>(count);
  return is_stateless ? run<StatelessUser>(calls) : run<AnswerUser>(calls);
}
