// An embedder who wants our event loop: a server answers an OPTIONS over loopback. Prints the
// status and the method.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>
#include <sipring/io/server.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

namespace {

class Answering : public sipring::TransactionUser {
 public:
  void on_output(sipring::Engine& engine, sipring::Instant now,
                 const sipring::Output& output) override {
    if (const auto* request = std::get_if<sipring::RequestReceived>(&output)) {
      if (!engine.respond(now, request->transaction, {.status = 200})) std::puts("not answered");
    }
  }
};

std::string options() {
  return "OPTIONS sip:carol@example.com SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK776asdhds\r\n"
         "Max-Forwards: 70\r\n"
         "From: <sip:alice@example.com>;tag=1928301774\r\n"
         "To: <sip:carol@example.com>\r\n"
         "Call-ID: a84b4c76e66710@192.0.2.1\r\n"
         "CSeq: 63104 OPTIONS\r\n"
         "Content-Length: 0\r\n\r\n";
}

// Sends a request to 127.0.0.1 and waits up to five seconds for what comes back.
std::string ask(std::uint16_t port, const std::string& request) {
  const int client = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(port);
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::sendto(client, request.data(), request.size(), 0, reinterpret_cast<sockaddr*>(&server),
           sizeof(server));
  std::string response(2048, '\0');
  pollfd ready{.fd = client, .events = POLLIN, .revents = 0};
  const ssize_t size =
      ::poll(&ready, 1, 5'000) == 1 ? ::recv(client, response.data(), response.size(), 0) : 0;
  ::close(client);
  response.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return response;
}

}  // namespace

int main() {
  sipring::ServerOptions settings;
  settings.listeners = {{.ip = *sipring::parse_ip_address("127.0.0.1")}};
  settings.shards = 1;
  auto server = sipring::Server::start(
      settings, [](sipring::ShardContext&) { return std::make_unique<Answering>(); });
  if (!server) {
    std::puts(server.error().text.c_str());
    return 1;
  }
  const std::string response = ask((*server)->listeners()[0].address.port, options());
  const bool answers_options = response.find("CSeq: 63104 OPTIONS\r\n") != std::string::npos;
  std::printf("%s %s\n", response.substr(response.size() < 11 ? response.size() : 8, 3).c_str(),
              answers_options ? "OPTIONS" : "?");
  return 0;
}
