// A call between two engines without a network: time is a number that we move on, datagrams are
// handed over by hand, and the first INVITE is lost, so timer A sends it again after 500 ms.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>

#include <algorithm>
#include <deque>
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

  // What is on its way, with the padding that a receiver may read.
  struct Packet {
    bool to_bob;
    std::string text;
  };
  std::deque<Packet> wire;

  // Bob answers; Alice notes the status. A message is delivered when all its sender's outputs are
  // taken.
  const auto take_outputs = [&](Engine& engine) {
    while (std::optional<Output> output = engine.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        const std::string_view text = transmit->bytes->view();
        const bool is_lost = text.starts_with("INVITE") && lost++ == 0;
        std::cout << std::chrono::duration<double>(now.time_since_epoch()).count() << " s  "
                  << text.substr(0, text.find('\r')) << (is_lost ? "  (lost)" : "") << '\n';
        if (!is_lost) wire.push_back({&engine == &alice, std::string(text)});
      } else if (const auto* request = std::get_if<RequestReceived>(&*output)) {
        const HeaderLine contact[] = {{"Contact", "<sip:bob@192.0.2.2>"}};
        (void)engine.respond(now, request->transaction, {.status = 180, .headers = contact});
        (void)engine.respond(now, request->transaction, {.status = 200, .headers = contact});
      } else if (const auto* response = std::get_if<ResponseReceived>(&*output)) {
        final_status = response->message->status();
      }
    }
  };
  const auto deliver = [&] {
    for (; !wire.empty(); wire.pop_front()) {
      std::string& text = wire.front().text;
      const std::size_t size = text.size();
      text.append(readable_padding, ' ');
      Engine& to = wire.front().to_bob ? bob : alice;
      to.receive(now, {{text.data(), size}, wire.front().to_bob ? at_alice : at_bob});
      take_outputs(to);
    }
  };

  const HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                {"To", "<sip:bob@example.com>"},
                                {"Call-ID", "simulated"},
                                {"CSeq", "1 INVITE"},
                                {"Contact", "<sip:alice@192.0.2.1>"}};
  (void)alice.send(now, {.method = "INVITE",
                         .request_uri = "sip:bob@192.0.2.2",
                         .headers = headers,
                         .destination = at_bob,
                         .sent_by = "192.0.2.1"});
  take_outputs(alice);
  deliver();
  while (final_status == 0 && alice.next_deadline() != never) {
    now = std::max(now, alice.next_deadline());
    alice.advance(now);
    take_outputs(alice);
    deliver();
  }
  return lost == 2 && final_status == 200 ? 0 : 1;
}
