// Phones that call each other in virtual time, over a network that a test may bend: what was said
// stands in a ladder, "alice INVITE", "bob 180", one line a message.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/calls.h>
#include <sipring/core/dialog/dialog.h>
#include <sipring/core/engine.h>

#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/support/engine_fixture.h"
#include "tests/support/sip_text.h"

namespace sipring::test {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// A session description with one audio stream; `version` and `direction` tell them apart.
inline std::string description(std::string_view who, int version = 1,
                               std::string_view direction = "sendrecv") {
  return "v=0\r\no=" + std::string(who) + " 1 " + std::to_string(version) +
         " IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio "
         "4000 RTP/AVP 8\r\na=" +
         std::string(direction) + "\r\n";
}

class World;

// A user agent. What its user does of its own is a hook; where there is none, nothing is done.
class Phone {
 public:
  Phone(World& world, std::string name, std::uint8_t number, CallSettings settings,
        const CallLimits& limits = {.calls = 16, .forks = 16});

  Moment moment();
  Handle<Call> call(const Phone& whom, std::string_view offer, Invitation more = {});
  Handle<Call> call_address(const NetworkAddress& whom, std::string_view offer,
                            Invitation more = {});

  void receive(const std::string& bytes, const NetworkAddress& source);
  void advance();
  void take_outputs();
  [[nodiscard]] Instant next_deadline() const {
    return std::min(engine.next_deadline(), calls.next_deadline());
  }

  // Each event as a word or a few: "incoming", "ringing 180", "established", "ended remote 200".
  std::vector<std::string> take_events() { return std::exchange(events, {}); }

  World& world;
  std::string name;
  NetworkAddress address;
  std::string contact;
  Engine engine;
  Calls calls;
  Handle<Call> last;  // the call of the last event
  std::vector<std::string> events;
  std::string local, remote;  // of the last Established
  std::string offered;        // of the last Offered
  std::string invited_from;   // the From of the last IncomingCall
  Handle<Transaction> requested;
  int ends = 0;

  std::function<void(const IncomingCall&)> on_incoming;
  std::function<void(const Offered&)> on_offered;
  std::function<void(const Ringing&)> on_ringing;
  std::function<void(const Redirected&)> on_redirected;
  std::function<void(const Ended&)> on_ended;

 private:
  static CallSettings with_endpoint(CallSettings settings, const std::string& sent_by,
                                    const std::string& contact);
  static Settings engine_settings();
  void note(const CallOutput& output);
};

class World {
 public:
  struct Packet {
    Instant at;
    NetworkAddress from, to;
    std::string bytes;
  };

  Phone& add(std::string name, CallSettings settings = {}) {
    const auto number = static_cast<std::uint8_t>(phones.size() + 1);
    phones.push_back(std::make_unique<Phone>(*this, std::move(name), number, std::move(settings)));
    return *phones.back();
  }

  // By both of its contacts.
  Phone& add_at(LocalEndpoint endpoint) {
    const auto number = static_cast<std::uint8_t>(phones.size() + 1);
    CallSettings settings;
    settings.endpoints = {std::move(endpoint)};
    phones.push_back(std::make_unique<Phone>(*this, "alice", number, std::move(settings)));
    return *phones.back();
  }

  // Everything due within so long, and what comes of it.
  void run(Duration duration) {
    const Instant until = now + duration;
    for (;;) {
      Instant next = never;
      for (const auto& phone : phones) next = std::min(next, phone->next_deadline());
      for (const Packet& packet : packets) next = std::min(next, packet.at);
      if (next > until) break;
      now = std::max(now, next);
      deliver_due();
      for (const auto& phone : phones) {
        if (phone->next_deadline() <= now) phone->advance();
      }
    }
    now = until;
  }

  void send(const NetworkAddress& from, const NetworkAddress& to, std::string_view bytes) {
    const std::string text(bytes);
    if (ladder.size() < 10'000) ladder.push_back(name_of(from) + " " + what_of(text));
    texts.push_back(text);
    if (lose && lose(from, text)) {
      if (ladder.size() < 10'000) ladder.back() += " (lost)";
      return;
    }
    packets.push_back({now + delay, from, to, text});
    if (doubles && doubles()) packets.push_back({now + 2 * delay, from, to, text});
  }

  // From an address without a phone: what a test writes itself.
  void inject(const NetworkAddress& from, const Phone& to, const std::string& text) {
    packets.push_back({now, from, to.address, text});
    run(Duration{});
  }

  std::vector<std::string> take_ladder() { return std::exchange(ladder, {}); }
  // The last message that begins so, as it was sent; empty: none.
  [[nodiscard]] std::string last_text(std::string_view start) const {
    for (auto text = texts.rbegin(); text != texts.rend(); ++text)
      if (text->starts_with(start)) return *text;
    return {};
  }
  [[nodiscard]] std::size_t count(std::string_view start) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        texts, [&](const std::string& text) { return text.starts_with(start); }));
  }
  [[nodiscard]] bool is_at_rest() const {
    return packets.empty() && std::ranges::all_of(phones, [](const auto& phone) {
             return phone->calls.is_at_rest() && phone->engine.transactions_alive() == 0 &&
                    phone->engine.buffers().size() == 0;
           });
  }
  [[nodiscard]] std::string name_of(const NetworkAddress& address) const {
    for (const auto& phone : phones)
      if (phone->address == address) return phone->name;
    for (const auto& [other, its_name] : others)
      if (other == address) return its_name;
    return "other";
  }

  Instant now{std::chrono::hours(1)};
  Duration delay = milliseconds(10);
  std::vector<std::unique_ptr<Phone>> phones;
  std::vector<Packet> packets;
  std::vector<std::string> ladder, texts;
  std::function<bool(const NetworkAddress& from, const std::string& text)> lose;
  std::function<bool()> doubles;
  // What is no phone, by name; what is sent there goes to `elsewhere`.
  std::vector<std::pair<NetworkAddress, std::string>> others;
  std::function<void(const Packet&)> elsewhere;

 private:
  static std::string what_of(const std::string& text) {
    const std::string line = first_line(text);
    if (!line.starts_with("SIP/2.0")) return line.substr(0, line.find(' '));
    return line.substr(8, 3) + " " + method_of(text);
  }
  static std::string method_of(const std::string& text) {
    const std::string cseq = header_of(text, "CSeq");
    return cseq.substr(cseq.find(' ') + 1);
  }

  void deliver_due() {
    for (std::size_t i = 0; i < packets.size();) {
      if (packets[i].at > now) {
        ++i;
        continue;
      }
      const Packet packet = std::move(packets[i]);
      packets.erase(packets.begin() + static_cast<std::ptrdiff_t>(i));
      bool is_phone = false;
      for (const auto& phone : phones) {
        if (phone->address != packet.to) continue;
        is_phone = true;
        phone->receive(packet.bytes, packet.from);
      }
      if (!is_phone && elsewhere) elsewhere(packet);
    }
  }
};

inline Settings Phone::engine_settings() {
  Settings settings;
  settings.limits.transactions = 256;
  settings.limits.sends_in_flight = 16;
  settings.finds_merged = false;
  return settings;
}

inline CallSettings Phone::with_endpoint(CallSettings settings, const std::string& sent_by,
                                         const std::string& contact) {
  if (settings.endpoints.empty()) settings.endpoints = {{sent_by, contact}};
  return settings;
}

inline Phone::Phone(World& its_world, std::string its_name, std::uint8_t number,
                    CallSettings settings, const CallLimits& limits)
    : world(its_world),
      name(std::move(its_name)),
      address(test::address("192.0.2." + std::to_string(number), 5060)),
      contact("<sip:" + name + "@192.0.2." + std::to_string(number) + ">"),
      engine(engine_settings(), Entropy{{1u + number, 2, 3, 4}}, *std::pmr::new_delete_resource()),
      calls(with_endpoint(std::move(settings), "192.0.2." + std::to_string(number), contact),
            limits, Entropy{{10u + number, 20, 30, 40}}, *std::pmr::new_delete_resource()) {}

inline Moment Phone::moment() {
  return {engine, world.now};
}

inline Handle<Call> Phone::call_address(const NetworkAddress& whom, std::string_view offer,
                                        Invitation more) {
  const std::string to = "<sip:someone@" + std::string(to_text(whom).view()) + ">";
  more.to = to;
  more.from = contact;
  more.destination = whom;
  more.offer = offer;
  const auto call = calls.invite(moment(), more);
  EXPECT_TRUE(call) << to_string(call.error());
  take_outputs();
  return call.value_or(Handle<Call>{});
}

inline Handle<Call> Phone::call(const Phone& whom, std::string_view offer, Invitation more) {
  return call_address(whom.address, offer, more);
}

inline void Phone::receive(const std::string& bytes, const NetworkAddress& source) {
  const PaddedText text(bytes);
  engine.receive(world.now, {text.view(), source, Flow::of_listener(0)});
  take_outputs();
}

inline void Phone::advance() {
  engine.advance(world.now);
  take_outputs();
  calls.advance(moment());
  take_outputs();
}

inline void Phone::take_outputs() {
  const auto take_calls = [&] {
    while (const auto output = calls.next_output()) note(*output);
  };
  take_calls();
  while (const auto output = engine.next_output()) {
    if (const auto* transmit = std::get_if<Transmit>(&*output)) {
      world.send(address, transmit->destination, transmit->bytes->view());
      continue;
    }
    if (calls.handle(moment(), *output) == Fate::passed) {
      if (const auto* request = std::get_if<RequestReceived>(&*output))
        (void)engine.respond(world.now, request->transaction, {.status = 501});
    }
    take_calls();
  }
}

inline void Phone::note(const CallOutput& output) {
  if (const auto* incoming = std::get_if<IncomingCall>(&output)) {
    last = incoming->call;
    invited_from = incoming->invite->first(HeaderId::from).value_or("");
    events.push_back("incoming");
    if (on_incoming) on_incoming(*incoming);
  } else if (const auto* ringing = std::get_if<Ringing>(&output)) {
    last = ringing->call;
    events.push_back("ringing " + std::to_string(ringing->status) +
                     (ringing->early.empty() ? "" : " early"));
    if (on_ringing) on_ringing(*ringing);
  } else if (const auto* redirected = std::get_if<Redirected>(&output)) {
    events.push_back("redirected " + std::to_string(redirected->status) + " " +
                     std::string(redirected->target));
    if (on_redirected) on_redirected(*redirected);
  } else if (const auto* established = std::get_if<Established>(&output)) {
    last = established->call;
    local = established->local, remote = established->remote;
    events.push_back("established");
  } else if (const auto* offer = std::get_if<Offered>(&output)) {
    last = offer->call;
    offered = offer->offer;
    events.push_back(offered.empty() ? "asked" : "offered");
    if (on_offered) on_offered(*offer);
  } else if (const auto* failed = std::get_if<OfferFailed>(&output)) {
    events.push_back("offer failed " + std::to_string(failed->status));
  } else if (const auto* request = std::get_if<Requested>(&output)) {
    requested = request->transaction;
    events.push_back("requested " + std::string(request->request->method_name()));
  } else if (const auto* replied = std::get_if<Replied>(&output)) {
    events.push_back("replied " + std::to_string(replied->status));
  } else if (const auto* ended = std::get_if<Ended>(&output)) {
    ++ends;
    events.push_back("ended " + std::string(to_string(ended->by)) +
                     (ended->status ? " " + std::to_string(ended->status) : ""));
    EXPECT_FALSE(calls.state(ended->call)) << "its handle is stale";
    if (on_ended) on_ended(*ended);
  }
}

}  // namespace sipring::test
