// Messages into calls that stand in some state: whatever comes, of each call one Ended comes, and
// nothing is left when all have hung up. The first octet says how the call stands; behind it are
// messages, each up to a NUL, in which %T is the tag that we have given, %I the Call-ID, %B the
// branch and %C the number of our last request.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/calls.h>

#include <array>
#include <chrono>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;
using namespace std::string_literals;

constexpr std::string_view description =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0\r\n";
const NetworkAddress far{{{192, 0, 2, 99}, IpAddress::Family::v4}, 5060, Transport::udp};

std::string between(const std::string& text, std::string_view start, std::string_view end) {
  const std::size_t at = text.find(start);
  if (at == text.npos) return {};
  return text.substr(at + start.size(),
                     text.find_first_of(end, at + start.size()) - at - start.size());
}

std::string replaced(std::string text, std::string_view what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

class Side {
 public:
  void receive(const std::string& text) {
    octets_.assign(text).append(readable_padding, '\0');
    engine_.receive(now_,
                    {std::string_view(octets_).substr(0, text.size()), far, Flow::of_listener(0)});
    take_outputs();
  }
  void invite(bool has_offer) {
    const auto call = calls_.invite(moment(), {.to = "<sip:far@192.0.2.99>",
                                               .from = "<sip:us@192.0.2.1>",
                                               .destination = far,
                                               .flow = Flow::of_listener(0),
                                               .offer = has_offer ? description : ""});
    if (call) ++begun_;
    take_outputs();
  }
  void offer_all() {
    each_call([this](Handle<Call> call) { (void)calls_.offer(moment(), call, description); });
  }
  void end_all() {
    each_call([this](Handle<Call> call) { (void)calls_.end(moment(), call); });
  }
  void pass(Duration time) {
    const Instant until = now_ + time;
    for (;;) {
      const Instant next = std::min(engine_.next_deadline(), calls_.next_deadline());
      if (next > until) break;
      now_ = std::max(now_, next);
      engine_.advance(now_);
      take_outputs();
      calls_.advance(moment());
      take_outputs();
    }
    now_ = until;
  }
  // With what the placeholders stand for by now.
  std::string filled(std::string text) const {
    text = replaced(std::move(text), "%T", tag_);
    text = replaced(std::move(text), "%I", call_id_);
    text = replaced(std::move(text), "%B", branch_);
    return replaced(std::move(text), "%C", cseq_);
  }
  void expect_rest() const {
    fuzz::must(calls_.is_at_rest(), "no call, fork, timer or refusal is left");
    fuzz::must(engine_.transactions_alive() == 0, "no transaction is left");
    fuzz::must(begun_ == ended_, "of each call one Ended comes");
  }
  bool accepts = true;

 private:
  static Settings settings() {
    Settings settings;
    settings.limits.transactions = 64;
    settings.limits.sends_in_flight = 16;
    settings.finds_merged = false;
    return settings;
  }
  Moment moment() { return {engine_, now_}; }

  template <class Do>
  void each_call(Do act) {
    std::uint32_t slot = 0;
    while (const Handle<Call> call = calls_.next_call(slot)) {
      act(call);
      take_outputs();
    }
  }
  void take_outputs() {
    take();
    while (const auto output = engine_.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        look_at(std::string(transmit->bytes->view()));
      } else if (calls_.handle(moment(), *output) == Fate::passed) {
        const auto* request = std::get_if<RequestReceived>(&*output);
        if (request && request->transaction) {
          (void)engine_.respond(now_, request->transaction, {.status = 501});
        }
      }
      take();
    }
  }
  void look_at(const std::string& sent) {
    const bool is_response = sent.starts_with("SIP/2.0");
    const std::string tag = between(sent, is_response ? "\r\nTo: " : "\r\nFrom: ", "\r");
    if (tag.find(";tag=") != tag.npos) tag_ = tag.substr(tag.find(";tag=") + 5);
    call_id_ = between(sent, "\r\nCall-ID: ", "\r");
    if (is_response) return;
    branch_ = between(sent, "branch=", ";\r");
    cseq_ = between(sent, "\r\nCSeq: ", " ");
  }
  void take() {
    while (const auto output = calls_.next_output()) {
      if (const auto* incoming = std::get_if<IncomingCall>(&*output)) {
        ++begun_;
        (void)calls_.ring(moment(), incoming->call, 183, {.body = description});
        if (accepts) (void)calls_.accept(moment(), incoming->call, {.body = description});
      } else if (const auto* offered = std::get_if<Offered>(&*output)) {
        (void)calls_.answer(moment(), offered->call, description);
      } else if (const auto* redirected = std::get_if<Redirected>(&*output)) {
        (void)calls_.follow(moment(), redirected->call, far);
      } else if (const auto* requested = std::get_if<Requested>(&*output)) {
        (void)engine_.respond(now_, requested->transaction, {.status = 200});
      } else if (std::holds_alternative<Ended>(*output)) {
        ++ended_;
      }
    }
  }

  Engine engine_{settings(), Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource()};
  Calls calls_{{.endpoints = {{"192.0.2.1:5060", "<sip:192.0.2.1:5060>"}},
                .session_expires = 1'800,
                .tells_redirections = true},
               {.calls = 4, .forks = 4},
               Entropy{{5, 6, 7, 8}},
               *std::pmr::new_delete_resource()};
  Instant now_{std::chrono::hours(1)};
  std::string octets_, tag_, call_id_, branch_, cseq_;
  int begun_ = 0, ended_ = 0;
};

std::string request(std::string_view method, int cseq, bool in_dialog, std::string_view body) {
  return std::string(method) +
         " sip:192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKf" +
         std::to_string(cseq) + std::string(method) +
         "\r\nMax-Forwards: 70\r\nFrom: <sip:far@192.0.2.99>;tag=f\r\nTo: <sip:us@192.0.2.1>" +
         (in_dialog ? ";tag=%T" : "") + "\r\nCall-ID: far1\r\nCSeq: " + std::to_string(cseq) + " " +
         std::string(method) + "\r\nContact: <sip:far@192.0.2.99>\r\nSupported: 100rel, timer\r\n" +
         (body.empty() ? ""s : "Content-Type: application/sdp\r\n"s) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

const std::string ok =
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=%B\r\n"
    "From: <sip:us@192.0.2.1>;tag=%T\r\nTo: <sip:far@192.0.2.99>;tag=f\r\nCall-ID: %I\r\n"
    "CSeq: %C INVITE\r\nContact: <sip:far@192.0.2.99>\r\nContent-Type: application/sdp\r\n"
    "Content-Length: " +
    std::to_string(description.size()) + "\r\n\r\n" + std::string(description);

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view rest = fuzz::text_of(data + 1, size - 1);
  Side side;
  side.accepts = data[0] % 8 != 1;
  switch (data[0] % 8) {
    case 0:  // they have called, and it is answered
    case 1:  // and it rings
      side.receive(request("INVITE", 1, false, description));
      break;
    case 2:  // and it is acknowledged
    case 3:  // and we offer something else
      side.receive(request("INVITE", 1, false, ""));
      side.receive(side.filled(request("ACK", 1, true, description)));
      if (data[0] % 8 == 3) side.offer_all();
      break;
    case 4: side.invite(true); break;
    case 5: side.invite(false); break;
    case 6:  // and it is answered
    case 7:
      side.invite(true);
      side.receive(side.filled(ok));
      if (data[0] % 8 == 7) side.offer_all();
      break;
  }
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    side.receive(side.filled(std::string(rest.substr(0, end))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    side.pass(std::chrono::milliseconds(100));
  }
  side.end_all();
  side.pass(std::chrono::minutes(5));
  side.expect_rest();
  return 0;
}
