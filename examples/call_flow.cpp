// A call between two user agents in virtual time, and its move to another port: no network, no
// clock. Each side is an engine and its calls; a datagram is handed over when all
// outputs of its sender are taken.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/calls.h>

#include <deque>
#include <iostream>
#include <memory_resource>
#include <string>

using namespace sipring;
namespace {

std::string media(int version) {
  return "v=0\r\no=- 1 " + std::to_string(version) +
         " IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1" + "\r\nt=0 0\r\nm=audio " +
         std::to_string(4000 + version) + " RTP/AVP 8\r\n";
}

const Instant now{};  // time is a number, and here it stands still
auto& memory = *std::pmr::new_delete_resource();
std::deque<std::string> wire;  // what has been sent and not yet received

struct Side {
  explicit Side(const std::string& host)
      : address{*parse_ip_address(host), 5060, Transport::udp},
        calls({.endpoints = {{host, "<sip:" + host + ">"}}}, {}, {}, memory) {}
  void take_outputs() {
    while (const auto output = engine.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        wire.emplace_back(transmit->bytes->view());
        std::cout << wire.back().substr(0, wire.back().find('\r')) << '\n';
      } else {
        (void)calls.handle({engine, now}, *output);
      }
      while (const auto event = calls.next_output()) {
        if (const auto* incoming = std::get_if<IncomingCall>(&*event))
          (void)calls.accept({engine, now}, incoming->call, {.body = media(1)});
        if (const auto* offered = std::get_if<Offered>(&*event))
          (void)calls.answer({engine, now}, offered->call, media(1));
      }
    }
  }
  void receive(const Side& from) {
    const std::string padded = wire.front() + std::string(readable_padding, ' ');
    const std::string_view bytes(padded.data(), wire.front().size());
    wire.pop_front();
    engine.receive(now, {bytes, from.address, Flow::of_listener(0)});
    take_outputs();
  }

  NetworkAddress address;
  Engine engine{Settings{}, {}, memory};
  Calls calls;
};

}  // namespace

int main() {
  Side alice("192.0.2.1"), bob("192.0.2.2");
  const auto settle = [&] {  // Alice has spoken: they take turns until nobody has anything to say
    alice.take_outputs();
    for (bool to_bob = true; !wire.empty(); to_bob = !to_bob)
      to_bob ? bob.receive(alice) : alice.receive(bob);
  };
  const Moment moment{alice.engine, now};
  const std::string offer = media(1);
  const auto call = alice.calls.invite(moment, {.to = "<sip:bob@192.0.2.2>",
                                                .from = "<sip:alice@192.0.2.1>",
                                                .destination = bob.address,
                                                .offer = offer});
  settle();
  if (!call || !alice.calls.offer(moment, *call, media(2))) return 1;
  settle();
  (void)alice.calls.end(moment, *call);
  settle();
  return alice.calls.alive() + bob.calls.alive() == 0 ? 0 : 1;
}
