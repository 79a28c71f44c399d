// A call between two engines without a network: time is a number that we move on, datagrams are
// handed over by hand, and the first INVITE is lost, so timer A sends it again after 500 ms.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>

#include <algorithm>
#include <iostream>
#include <memory_resource>
#include <string>

using namespace sipring;

int main() {
  auto& memory = *std::pmr::new_delete_resource();
  Settings settings;
  settings.limits.transactions = 16;
  Engine alice(settings, Entropy{{1, 2, 3, 4}}, memory);
  Engine bob(settings, Entropy{{5, 6, 7, 8}}, memory);
  const NetworkAddress at_alice{*parse_ip_address("192.0.2.1"), 5060};
  const NetworkAddress at_bob{*parse_ip_address("192.0.2.2"), 5060};
  Instant now{};
  int lost = 0, final_status = 0;

  // Bob answers; Alice notes the status. What they send reaches the other at once.
  const auto deliver = [&](auto& self, Engine& from, Engine& to, NetworkAddress source) -> void {
    while (std::optional<Output> output = from.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        const std::string_view text = transmit->bytes->view();
        const bool is_lost = text.starts_with("INVITE") && lost++ == 0;
        std::cout << std::chrono::duration<double>(now.time_since_epoch()).count() << " s  "
                  << text.substr(0, text.find('\r')) << (is_lost ? "  (lost)" : "") << '\n';
        if (is_lost) continue;
        to.receive(now, {text, source, Flow::of_listener(0)});
        self(self, to, from, transmit->destination);
      } else if (const auto* request = std::get_if<RequestReceived>(&*output)) {
        const HeaderLine contact[] = {{"Contact", "<sip:bob@192.0.2.2>"}};
        (void)from.respond(now, request->transaction, {.status = 180, .headers = contact});
        (void)from.respond(now, request->transaction, {.status = 200, .headers = contact});
      } else if (const auto* response = std::get_if<ResponseReceived>(&*output)) {
        final_status = response->message->status();
      }
    }
  };

  const HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                {"To", "<sip:bob@example.com>"},
                                {"Call-ID", "simulated"},
                                {"CSeq", "1 INVITE"},
                                {"Contact", "<sip:alice@192.0.2.1>"}};
  (void)alice.send(now, {"INVITE", "sip:bob@192.0.2.2", headers, {}, at_bob, {0, 1}, "192.0.2.1"});
  deliver(deliver, alice, bob, at_alice);
  while (final_status == 0 && alice.next_deadline() != never) {
    now = std::max(now, alice.next_deadline());
    alice.advance(now);
    deliver(deliver, alice, bob, at_alice);
  }
  return lost == 2 && final_status == 200 ? 0 : 1;
}
