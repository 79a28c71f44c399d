// Calls somebody, puts the call on hold, resumes it and hangs up: caller sip:bob@127.0.0.1:5070, or
// whatever URI; where a name leads to several servers, the next one is tried when one fails. With
// an argument of 0 it ends as soon as it runs.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>
#include <sipring/io/user_agent.h>

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

using namespace sipring;

namespace {

std::atomic<int> status = 1;

std::string media(int version, const std::string& direction) {
  return "v=0\r\no=- 1 " + std::to_string(version) + " IN IP4 127.0.0.1\r\ns=-\r\n" +
         "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=" + direction + "\r\n";
}

class Caller : public CallHandler {
 public:
  explicit Caller(std::string callee) : callee_(std::move(callee)) {}
  void on_start(UserAgent& agent) override {
    const std::string offer = media(1, "sendrecv");
    const auto call = agent.call({.to = callee_, .from = "<sip:alice@127.0.0.1>", .offer = offer});
    if (call) return;
    std::cout << "no call: " << to_string(call.error()) << '\n';
    ::kill(::getpid(), SIGTERM);
  }
  // Once more after each change.
  void on_established(UserAgent& agent, const Established& event) override {
    switch (++descriptions_) {
      case 1: return (void)agent.offer(event.call, media(2, "sendonly"));
      case 2: return (void)agent.offer(event.call, media(3, "sendrecv"));
      default: status = 0; return (void)agent.end(event.call);
    }
  }
  void on_ended(UserAgent&, const Ended& event) override {
    std::cout << "ended by " << to_string(event.by) << ' ' << event.status << '\n';
    ::kill(::getpid(), SIGTERM);
  }

 private:
  std::string callee_;
  int descriptions_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  sigset_t signals;  // before the shards' threads are there
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (argc != 2) return 2;
  const std::string callee = argv[1];
  if (callee == "0") return 0;
  ServerOptions options;
  options.shards = 1;
  options.listeners = {{*parse_ip_address("127.0.0.1"), 0, Transport::udp}};
  options.names.emplace();  // as the system resolves them
  auto server = Server::start(options, [&](ShardContext& context) {
    return std::make_unique<UserAgent>(context, CallSettings{}, CallLimits{},
                                       std::make_unique<Caller>(callee));
  });
  int signal = 0;
  if (server) sigwait(&signals, &signal);
  return status;
}
