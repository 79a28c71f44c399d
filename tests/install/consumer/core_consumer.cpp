// An embedder with a loop of its own: an engine without sockets answers an OPTIONS. Prints the
// status and the method.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>
#include <sipring/core/message/parser.h>

#include <cstdio>
#include <memory_resource>
#include <string>

namespace {

std::string options() {
  return "OPTIONS sip:carol@example.com SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776asdhds\r\n"
         "Max-Forwards: 70\r\n"
         "From: <sip:alice@example.com>;tag=1928301774\r\n"
         "To: <sip:carol@example.com>\r\n"
         "Call-ID: a84b4c76e66710@192.0.2.1\r\n"
         "CSeq: 63104 OPTIONS\r\n"
         "Content-Length: 0\r\n\r\n";
}

// Answers every request and shows the status of what is sent.
void take_outputs(sipring::Engine& engine, sipring::Instant now) {
  while (std::optional<sipring::Output> output = engine.next_output()) {
    if (const auto* request = std::get_if<sipring::RequestReceived>(&*output)) {
      const std::string method(request->message->method_name());
      if (!engine.respond(now, request->transaction, {.status = 200})) std::puts("not answered");
      take_outputs(engine, now);
      std::puts(method.c_str());
    } else if (const auto* transmit = std::get_if<sipring::Transmit>(&*output)) {
      std::printf("%s ", std::string(transmit->bytes->view().substr(8, 3)).c_str());
    }
  }
}

}  // namespace

int main() {
  const sipring::Settings settings{.limits = {.transactions = 16}};
  sipring::Engine engine(settings, sipring::Entropy{{1, 2, 3, 4}},
                         *std::pmr::get_default_resource());
  std::string bytes = options();
  const std::size_t size = bytes.size();
  bytes.resize(size + sipring::readable_padding);
  const sipring::Instant now{};
  engine.receive(now, {.bytes = {bytes.data(), size}, .source = {.port = 5060}});
  take_outputs(engine, now);
  return 0;
}
