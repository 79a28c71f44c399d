// A back-to-back user agent: each call that comes is placed once more (bridge 127.0.0.1 5070), and
// the two share their fate. With an argument of 0 it ends as soon as it runs.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/address.h>
#include <sipring/io/server.h>
#include <sipring/io/user_agent.h>

#include <bit>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

using namespace sipring;
namespace {
// Each call has the handle of the other one as its word.
constexpr auto other = [](const auto& event) {
  return std::bit_cast<Handle<Call>>(event.attached);
};

struct Bridge : CallHandler {
  explicit Bridge(const NetworkAddress& there) : there_(there) {}
  void on_incoming_call(UserAgent& agent, const IncomingCall& in) override {
    const auto from = parse_address(in.invite->first(HeaderId::from).value_or(""));
    if (!from || in.offer.empty()) return (void)agent.reject(in.call, 488);
    const std::string to = "sip:bob@" + std::string(to_text(there_).view()),
                      caller = "<" + std::string(from->uri.text) + ">";
    const auto out = agent.call({.to = to,
                                 .from = caller,
                                 .destination = there_,
                                 .flow = agent.listeners().front().flow,
                                 .offer = in.offer},
                                std::bit_cast<std::uint64_t>(in.call));
    if (!out) return (void)agent.reject(in.call, 503);
    agent.calls().attach(in.call, std::bit_cast<std::uint64_t>(*out));
  }
  void on_ringing(UserAgent& agent, const Ringing& event) override {
    (void)agent.ring(other(event), event.status);
  }
  // The answer of one is that of the other: to its INVITE, or to what it has offered since.
  void on_established(UserAgent& agent, const Established& event) override {
    const bool waits = agent.calls().state(other(event)) < CallState::established;
    (void)(waits ? agent.accept(other(event), event.remote)
                 : agent.answer(other(event), event.remote));
  }
  void on_offered(UserAgent& agent, const Offered& event) override {
    if (!agent.offer(other(event), event.offer)) (void)agent.refuse(event.call, 491);
  }
  void on_offer_failed(UserAgent& agent, const OfferFailed& event) override {
    (void)agent.refuse(other(event), event.status);
  }
  void on_ended(UserAgent& agent, const Ended& event) override {
    if (!agent.reject(other(event), event.status < 300 ? 480 : event.status))
      (void)agent.end(other(event));
  }
  NetworkAddress there_;
};

}  // namespace

int main(int argc, char** argv) {
  sigset_t signals;  // before the shards' threads are there
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (argc != 3) return argc == 2 ? 0 : 2;
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  const NetworkAddress there{parse_ip_address(argv[1]).value(), port, Transport::udp};
  ServerOptions options;
  options.shards = 1;
  options.listeners = {{*parse_ip_address("127.0.0.1"), 0, Transport::udp}};
  auto server = Server::start(options, [&](ShardContext& context) {
    return std::make_unique<UserAgent>(context, CallSettings{}, CallLimits{},
                                       std::make_unique<Bridge>(there));
  });
  if (!server) return 1;
  std::cout << to_text((*server)->listeners().front().address).view() << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
}
