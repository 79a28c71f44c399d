// What dialogs are measured with: calls that come in, are answered, acknowledged and ended, once as
// core/call handles them and once by the transaction layer alone, which says the same and remembers
// nothing; and requests within dialogs of which there are many.
//
// A call: INVITE 180 200 ACK BYE 200, with an offer and its answer.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/calls.h>
#include <sipring/core/engine.h>
#include <sipring/core/message/header_block.h>
#include <sipring/core/message/parser.h>
#include <sipring/pools/hexadecimal.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sipring::bench {

inline constexpr std::size_t tag_size = 40;  // of core/dialog/dialog_tag.h
using Tag = std::array<char, tag_size>;

inline constexpr std::string_view description =
    "v=0\r\no=- 2305843009213693952 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n";

// A request of a call whose branch, Call-ID and To tag are filled in.
class DialogRequestText {
 public:
  DialogRequestText(std::string_view method, int cseq, bool in_dialog, std::string_view body) {
    text_ = std::string(method) +
            " sip:192.0.2.9:5060 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK0000000000000000;rport\r\n"
            "Max-Forwards: 70\r\nFrom: Alice <sip:alice@192.0.2.1:5062>;tag=456248\r\n"
            "To: Bob <sip:bob@192.0.2.9:5060>" +
            (in_dialog ? ";tag=" + std::string(tag_size, '0') : "") +
            "\r\nCall-ID: 0000000000000000@192.0.2.1\r\nCSeq: 00000000" + std::to_string(cseq) +
            " " + std::string(method) +
            "\r\nContact: <sip:alice@192.0.2.1:5062>\r\nUser-Agent: bench\r\n" +
            (body.empty() ? "" : "Content-Type: application/sdp\r\n") +
            "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    size_ = text_.size();
    text_.resize(size_ + readable_padding);
    branch_ = text_.find("z9hG4bK") + 7;
    call_id_ = text_.find("Call-ID: ") + 9;
    tag_ = in_dialog ? text_.find(";tag=", text_.find("\r\nTo:")) + 5 : 0;
    cseq_ = text_.find("CSeq: ") + 6;
  }

  std::string_view fill(std::uint64_t branch, std::uint64_t call, const Tag* tag) {
    put_hexadecimal(text_.data() + branch_, branch);
    put_hexadecimal(text_.data() + call_id_, call);
    if (tag_ != 0) std::memcpy(text_.data() + tag_, tag->data(), tag_size);
    return {text_.data(), size_};
  }
  // Eight decimal digits of the nine.
  void set_cseq(std::uint32_t number) {
    for (std::size_t i = 8; i-- > 0; number /= 10)
      text_[cseq_ + i] = static_cast<char>('0' + number % 10);
  }

 private:
  std::string text_;
  std::size_t size_ = 0, branch_ = 0, call_id_ = 0, tag_ = 0, cseq_ = 0;
};

// The transaction layer alone: what it answers is what calls answer.
class TransactionCallee {
 public:
  TransactionCallee(Engine& engine, std::uint32_t, std::pmr::memory_resource&) : engine_(engine) {}
  void on_output(Instant now, const Output& output) {
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    if (request->message->method() != Method::invite) {
      return (void)engine_.respond(now, request->transaction, {.status = 200});
    }
    const HeaderLine lines[] = {{"Contact", "<sip:192.0.2.9:5060>"},
                                {"Content-Type", "application/sdp"}};
    const std::string_view tag(tag_.data(), tag_.size());
    (void)engine_.respond(
        now, request->transaction,
        {.status = 180, .to_tag = tag, .headers = std::span(lines).first(1), .block = &block_});
    (void)engine_.respond(
        now, request->transaction,
        {.status = 200, .to_tag = tag, .headers = lines, .block = &block_, .body = description});
  }
  void advance(Instant) {}

 private:
  Engine& engine_;
  Tag tag_ = [] {
    Tag tag;
    tag.fill('7');
    return tag;
  }();
  HeaderBlock block_{std::array{
      HeaderLine{"Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, MESSAGE"},
      HeaderLine{"Supported", "100rel, timer"}}};
};

class DialogCallee {
 public:
  DialogCallee(Engine& engine, std::uint32_t calls, std::pmr::memory_resource& memory)
      : engine_(engine),
        calls_({.endpoints = {{"192.0.2.9:5060", "<sip:192.0.2.9:5060>"}}}, {.calls = calls},
               Entropy{{5, 6, 7, 8}}, memory) {}
  void on_output(Instant now, const Output& output) {
    const Moment moment{engine_, now};
    (void)calls_.handle(moment, output);
    while (const auto event = calls_.next_output()) {
      const auto* const incoming = std::get_if<IncomingCall>(&*event);
      if (incoming == nullptr) continue;
      (void)calls_.ring(moment, incoming->call);
      (void)calls_.accept(moment, incoming->call, {.body = description});
    }
  }
  void advance(Instant now) { calls_.advance({engine_, now}); }
  [[nodiscard]] const Calls& calls() const { return calls_; }

 private:
  Engine& engine_;
  Calls calls_;
};

template <class Callee>
class DialogLoad {
 public:
  // `memory`: as a shard has it.
  DialogLoad(const Settings& settings, std::uint32_t calls, Duration pace,
             std::pmr::memory_resource& memory)
      : engine_(settings, Entropy{{1, 2, 3, 4}}, memory),
        callee_(engine_, calls, memory),
        pace_(pace) {}

  // INVITE to ACK; gives the tag of its dialog.
  Tag begin(std::uint64_t call) {
    advance();
    receive(invite_, call, nullptr);
    receive(ack_, call, &tag_);
    return tag_;
  }
  void end(std::uint64_t call, const Tag& tag) { receive(bye_, call, &tag); }
  // An OPTIONS within the dialog, with a number that has not been used.
  void ask(std::uint64_t call, const Tag& tag) {
    advance();
    options_.set_cseq(++cseq_);
    receive(options_, call, &tag);
  }
  [[nodiscard]] const Engine& engine() const { return engine_; }
  [[nodiscard]] const Callee& callee() const { return callee_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  void advance() {
    now_ += pace_;
    engine_.advance(now_);
    take_outputs();
    callee_.advance(now_);
    take_outputs();
  }
  void receive(DialogRequestText& request, std::uint64_t call, const Tag* tag) {
    engine_.receive(now_, {request.fill(++branch_, call, tag), peer_, Flow::of_listener(0)});
    take_outputs();
  }
  void take_outputs() {
    while (std::optional<Output> output = engine_.next_output()) {
      const auto* const transmit = std::get_if<Transmit>(&*output);
      transmit != nullptr ? look_at(transmit->bytes->view()) : callee_.on_output(now_, *output);
    }
  }
  void look_at(std::string_view sent) {
    constexpr std::string_view status = "SIP/2.0 ";
    if (sent[status.size()] > '2') ++refused_;
    if (sent[status.size()] != '2') return;
    const std::size_t to = sent.find("\r\nTo:");
    std::memcpy(tag_.data(), sent.data() + sent.find(";tag=", to) + 5, tag_size);
  }

  Engine engine_;
  Callee callee_;
  Duration pace_;
  Instant now_{};
  NetworkAddress peer_{{{192, 0, 2, 1}, IpAddress::Family::v4}, 5062, Transport::udp};
  Tag tag_{};
  std::uint64_t branch_ = 0, refused_ = 0;
  std::uint32_t cseq_ = 10;
  DialogRequestText invite_{"INVITE", 1, false, description}, ack_{"ACK", 1, true, ""};
  DialogRequestText bye_{"BYE", 2, true, ""}, options_{"OPTIONS", 1, true, ""};
};

}  // namespace sipring::bench
