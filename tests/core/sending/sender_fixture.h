// A request and its targets, in virtual time: engine, resolver and sender together, against a
// network where each target does as it is told.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header_block.h>
#include <sipring/core/sending/sender.h>

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/core/routing/located.h"
#include "tests/support/engine_client_fixture.h"

namespace sipring::test {

inline constexpr std::string_view three_servers =
    "x.example SRV 0 0 1 none\n"
    "_sip._udp.x.example SRV 1 0 5060 a.example\n_sip._udp.x.example SRV 2 0 5060 b.example\n"
    "_sip._udp.x.example SRV 3 0 5060 c.example\n"
    "a.example A 192.0.2.1\nb.example A 192.0.2.2\nc.example A 192.0.2.3";

class SenderTest : public Located {
 protected:
  static Settings engine_settings() {
    Settings settings;
    settings.limits.transactions = 64;
    settings.limits.sends_in_flight = 16;
    return settings;
  }
  // Besides UDP from an IPv4 address.
  enum class Way { none, tcp, v6 };
  static SenderSettings sender_settings(Way way) {
    SenderSettings settings;
    settings.origins.push_back({.sent_by = "192.0.2.200:5060"});
    if (way == Way::tcp) {
      settings.origins.push_back({.transport = Transport::tcp, .sent_by = "192.0.2.200:5060"});
    }
    if (way == Way::v6) {
      settings.origins.push_back(
          {.family = IpAddress::Family::v6, .sent_by = "[2001:db8::200]:5060"});
    }
    settings.sendings = 32;
    settings.kept_bytes = std::size_t{4} << 20;
    return settings;
  }

  explicit SenderTest(Way way = Way::none)
      : engine(engine_settings(), Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource()),
        sender(sender_settings(way), {engine, resolver, health}, 1,
               *std::pmr::new_delete_resource()) {}

  // By default no target says anything.
  enum class Habit { silent, answers, busy, unavailable, unavailable_for_20_s, refuses, trying };

  std::expected<Handle<Sending>, SendError> send(std::string_view uri, std::uint64_t attached = 7,
                                                 std::string_view method = "OPTIONS",
                                                 std::string_view body = "") {
    const std::string cseq = "1 " + std::string(method);
    const std::string call_id = "c" + std::to_string(attached);
    const HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                  {"To", "<sip:bob@example.com>"},
                                  {"Call-ID", call_id},
                                  {"CSeq", cseq},
                                  {"Subject", "what was given is what is sent"}};
    const auto destination = destination_of(*parse_uri(uri));
    const auto sending = sender.send(now, *destination,
                                     {.method = method,
                                      .request_uri = "sip:bob@x.example",
                                      .headers = headers,
                                      .block = &block,
                                      .body = body},
                                     attached);
    settle();
    return sending;
  }

  // Outputs of all three until there are none.
  void settle() {
    for (bool any = true; any;) {
      any = false;
      while (auto output = engine.next_output()) {
        any = true;
        take(*output);
      }
      while (auto output = resolver.next_output()) {
        any = true;
        if (auto* query = std::get_if<dns::SendQuery>(&*output)) {
          const bool is_heard =
              dns_is_there && test::read_query(query->bytes->view()).type != silent_about;
          if (is_heard)
            queries.push_back({query->question, query->server, std::string(query->bytes->view())});
        } else if (auto* told = std::get_if<dns::Answered>(&*output)) {
          sender.take(now, *told);
        }
      }
      while (!queries.empty()) {
        any = true;
        const Sent query = queries.front();
        queries.pop_front();
        resolver.receive(now, query.question, query.server, zone.answer(query.octets));
      }
      while (auto ended = sender.next_ended()) {
        any = true;
        on_no_target(*ended);
        record(
            ended->sending,
            "ended " + std::to_string(ended->status) + " " + std::string(to_string(ended->reason)),
            ended->attached);
      }
      while (!arriving.empty()) {
        any = true;
        const auto [text, source] = arriving.front();
        arriving.pop_front();
        const PaddedText padded(text);
        engine.receive(now, {padded.view(), source, Flow{}});
        while (auto output = engine.next_output()) take(*output);
      }
    }
  }

  void advance(Duration by) {
    const Instant until = now + by;
    while (std::min(engine.next_deadline(), resolver.next_deadline()) <= until) {
      now = std::max(now, std::min(engine.next_deadline(), resolver.next_deadline()));
      engine.advance(now);
      resolver.advance(now);
      settle();
    }
    now = until;
  }

  void take(Output& output) {
    if (auto* octets = std::get_if<Transmit>(&output)) return arrive(*octets);
    const Sender::Verdict verdict = sender.take(now, output);
    if (verdict.kind == Sender::Verdict::Kind::not_ours) ++not_ours;
    if (verdict.kind != Sender::Verdict::Kind::swallowed) give(output, verdict);
    if (verdict.kind != Sender::Verdict::Kind::passed) return;
    if (std::holds_alternative<Terminated>(output)) ++terminated;
    if (const auto* response = std::get_if<ResponseReceived>(&output)) {
      record(verdict.sending, std::to_string(response->message->status()), verdict.attached);
    } else if (std::holds_alternative<TimedOut>(output)) {
      record(verdict.sending, "timed out", verdict.attached);
    } else if (std::holds_alternative<TransportFailed>(output)) {
      record(verdict.sending, "transport failed", verdict.attached);
    }
  }

  // For whoever stands above the sender.
  virtual void give(Output&, const Sender::Verdict&) {}
  virtual void on_no_target(const Sender::Ended&) {}

  void record(Handle<Sending> sending, const std::string& what, std::uint64_t attached) {
    outcome = what;
    outcome_user = attached;
    ++outcomes;
    history.clear();
    for (const Attempt& attempt : sender.history(sending))
      history += text_of(attempt.target) + " " + std::string(to_string(attempt.end)) + "\n";
  }

  void arrive(const Transmit& transmit) {
    const std::string text(transmit.bytes->view());
    const std::string target = text_of(transmit.destination);
    if (text.starts_with("ACK")) return;
    if (texts[target].empty()) order += target + "\n";
    texts[target] = text;
    const auto respond = [&](std::string_view status, std::string_view more = "") {
      std::string response = EngineClientFixtureText::response_to(text, status);
      response.insert(response.find("Content-Length"), more);
      arriving.push_back({response, transmit.destination});
    };
    switch (habits[target]) {
      case Habit::silent: return;
      case Habit::answers: return respond("200 OK");
      case Habit::busy: return respond("486 Busy Here");
      case Habit::trying: return respond("100 Trying");
      case Habit::unavailable: return respond("503 Service Unavailable");
      case Habit::unavailable_for_20_s:
        return respond("503 Service Unavailable", "Retry-After: 20\r\n");
      case Habit::refuses: refused.push_back(text); return;
    }
  }
  // What ICMP or a connection tells when all outputs are taken.
  void tell_refusals() {
    while (!refused.empty()) {
      std::string text = refused.front();
      refused.pop_front();
      const std::size_t size = text.size();
      text.append(readable_padding, '\0');
      engine.transport_failed(now, std::string_view(text).substr(0, size));
      settle();
    }
  }

  struct EngineClientFixtureText : EngineClientFixture {
    using EngineClientFixture::response_to;
    void TestBody() override {}
  };
  struct Arriving {
    std::string text;
    NetworkAddress source;
  };

  static constexpr HeaderLine same_lines[] = {{"Allow", "INVITE"}};
  HeaderBlock block{same_lines};
  Engine engine;
  Sender sender;
  Zone zone{three_servers};
  std::map<std::string, Habit> habits;
  std::map<std::string, std::string> texts;  // the last request to each target
  std::string order;                         // targets as they were tried
  std::deque<Sent> queries;
  std::deque<Arriving> arriving;
  std::deque<std::string> refused;
  bool dns_is_there = true;
  unsigned silent_about = 0;  // a type
  std::string outcome, history;
  std::uint64_t outcome_user = 0;
  int outcomes = 0;
  int terminated = 0;  // that the user hears of
  int not_ours = 0;
};

inline const std::string a = "udp 192.0.2.1:5060", b = "udp 192.0.2.2:5060",
                         c = "udp 192.0.2.3:5060";

}  // namespace sipring::test
