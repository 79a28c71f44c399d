// What the transaction layer is measured with: requests whose branch and Call-ID change each time,
// and a user that answers at once.
//
// One OPTIONS answered with 200, and one call: INVITE 100 180 200 ACK BYE 200, seven messages.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/message/header_block.h>
#include <sipring/core/message/parser.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sipring::bench {

inline std::string wire(std::string_view text) {
  std::string octets;
  for (const char c : text) {
    if (c == '\n') octets += '\r';
    octets += c;
  }
  return octets;
}

class Template {
 public:
  Template(std::string_view method, std::string_view to_tag)
      : text_(wire(std::string(method) +
                   " sip:bob@192.0.2.9:5060 SIP/2.0\n"
                   "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK0000000000000000;rport\n"
                   "Max-Forwards: 70\n"
                   "From: Alice <sip:alice@192.0.2.1:5062>;tag=456248\n"
                   "To: Bob <sip:bob@192.0.2.9:5060>" +
                   std::string(to_tag) +
                   "\nCall-ID: 0000000000000000@192.0.2.1\n"
                   "CSeq: 1 " +
                   std::string(method) +
                   "\nContact: <sip:alice@192.0.2.1:5062>\n"
                   "User-Agent: bench\nContent-Length: 0\n\n")) {
    size_ = text_.size();
    text_.resize(size_ + readable_padding);
    branch_ = text_.find("z9hG4bK") + 7;
    call_id_ = text_.find("Call-ID: ") + 9;
  }

  std::string_view next(std::uint64_t number) {
    for (const std::size_t at : {branch_, call_id_}) {
      for (std::size_t i = 0; i < 16; ++i) {
        text_[at + i] = "0123456789abcdef"[(number >> (4 * i)) & 15];
      }
    }
    return {text_.data(), size_};
  }

 private:
  std::string text_;
  std::size_t size_ = 0, branch_ = 0, call_id_ = 0;
};

inline const NetworkAddress peer{{{192, 0, 2, 1}, IpAddress::Family::v4}, 5062, Transport::udp};

inline constexpr HeaderLine capabilities[] = {
    {"Contact", "<sip:192.0.2.9:5060>"},
    {"Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, REGISTER, UPDATE"},
    {"Accept", "application/sdp"},
    {"Supported", ""}};

// Answers whatever is passed up with these statuses; throws what is sent away.
template <std::size_t count>
void take_outputs(Engine& engine, Instant now, const std::uint16_t (&statuses)[count]) {
  static const HeaderBlock block(capabilities);
  while (std::optional<Output> output = engine.next_output()) {
    const auto* request = std::get_if<RequestReceived>(&*output);
    if (request == nullptr || !request->transaction) continue;
    for (const std::uint16_t status : statuses) {
      (void)engine.respond(now, request->transaction, {.status = status, .block = &block});
    }
  }
}

// The messages come `pace` apart: with one every 64*T1 / N, N transactions are outstanding, each
// keeping its response until timer J.
class Load {
 public:
  Load(Engine& engine, Duration pace) : engine_(engine), pace_(pace) {}

  void options() {
    advance();
    receive(options_);
    take_outputs(engine_, now_, {200});
  }

  void call() {
    advance();
    receive(invite_);
    take_outputs(engine_, now_, {100, 180, 200});
    receive(ack_);
    take_outputs(engine_, now_, {200});
    receive(bye_);
    take_outputs(engine_, now_, {200});
  }

 private:
  void advance() {
    now_ += pace_;
    engine_.advance(now_);
  }
  void receive(Template& request) { engine_.receive(now_, {request.next(++number_), peer, {}}); }

  Engine& engine_;
  Duration pace_;
  Instant now_{};
  std::uint64_t number_ = 0;
  Template options_{"OPTIONS", ""}, invite_{"INVITE", ""};
  Template ack_{"ACK", ";tag=1"}, bye_{"BYE", ";tag=1"};
};

}  // namespace sipring::bench
