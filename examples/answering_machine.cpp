// Takes each call and says who it is from, until the caller hangs up; on one core, until it is
// interrupted. With an argument of 0 it ends as soon as it runs.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>
#include <sipring/io/user_agent.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

using namespace sipring;

namespace {

// The media that it would record: one audio stream, PCMU or PCMA, on a port of its own.
const std::string description =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0 8\r\na=recvonly\r\n";

class AnsweringMachine : public CallHandler {
 public:
  void on_incoming_call(UserAgent& agent, const IncomingCall& call) override {
    std::cout << "from " << call.invite->first(HeaderId::from).value_or("") << '\n';
    if (const Done taken = agent.accept(call.call, description); !taken)
      std::cerr << to_string(taken.error()) << '\n';
  }
  // Hold and resume: the same port, and what they ask for.
  void on_offered(UserAgent& agent, const Offered& offer) override {
    (void)agent.answer(offer.call, description);
  }
  void on_ended(UserAgent&, const Ended& ended) override {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(ended.lasted).count();
    std::cout << "ended by " << to_string(ended.by) << " after " << seconds << " s\n";
  }
};

}  // namespace

int main(int argc, char** argv) {
  sigset_t signals;  // before the shards' threads are there
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const bool only_start = argc > 1 && std::string_view(argv[1]) == "0";
  ServerOptions options;
  options.shards = 1;
  const auto port = static_cast<std::uint16_t>(only_start ? 0 : 5060);
  options.listeners = {{*parse_ip_address("127.0.0.1"), port}};
  auto server = Server::start(options, [](ShardContext& context) {
    return std::make_unique<UserAgent>(context, CallSettings{}, CallLimits{},
                                       std::make_unique<AnsweringMachine>());
  });
  if (!server) {
    std::cerr << server.error().text << '\n';
    return 1;
  }
  std::cout << "sip:" << to_text((*server)->listeners().front().address).view() << '\n';
  int signal = 0;
  if (!only_start) sigwait(&signals, &signal);
}
