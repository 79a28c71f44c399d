// Answers OPTIONS with 200 and everything else with 501, on every core, until it is interrupted.
// With an argument of 0 it ends as soon as it runs.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <string_view>

namespace {

class OptionsResponder : public sipring::TransactionUser {
 public:
  void on_output(sipring::Engine& engine, sipring::Instant now,
                 const sipring::Output& output) override {
    const auto* request = std::get_if<sipring::RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;  // an ACK takes no answer
    const sipring::HeaderLine headers[] = {{"Allow", "OPTIONS"}, {"Accept", "application/sdp"}};
    const bool known = request->message->method() == sipring::Method::options;
    const sipring::Response response{.status = static_cast<std::uint16_t>(known ? 200 : 501),
                                     .headers = headers};
    if (const auto sent = engine.respond(now, request->transaction, response); !sent) {
      std::cerr << to_string(sent.error()) << '\n';
    }
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
  sipring::ServerOptions options;
  const auto loopback = sipring::parse_ip_address("127.0.0.1");
  options.listeners = {{*loopback, static_cast<std::uint16_t>(only_start ? 0 : 5060)}};
  auto server = sipring::Server::start(
      options, [](sipring::ShardContext&) { return std::make_unique<OptionsResponder>(); });
  if (!server) {
    std::cerr << server.error().text << '\n';
    return 1;
  }
  const auto address = (*server)->listeners().front().address;
  std::cout << "listening on udp:" << to_text(address).view() << '\n';
  int signal = 0;
  if (!only_start) sigwait(&signals, &signal);
}
