// The transaction layer without I/O: octets in, outputs out, in virtual time.
//
// transaction/options/N: one request answered with 200, N transactions outstanding all the while
// (each keeps its response until Timer J). transaction/call: INVITE 100 180 200 ACK BYE 200, seven
// messages.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>
#include <sipring/core/message/header_block.h>
#include <sipring/core/message/parser.h>

#include <benchmark/benchmark.h>

#include <charconv>
#include <memory_resource>
#include <string>
#include <string_view>

namespace {

using namespace sipring;

std::string wire(std::string_view text) {
  std::string octets;
  for (const char c : text) {
    if (c == '\n') octets += '\r';
    octets += c;
  }
  return octets;
}

// A request whose branch and Call-ID change each time.
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

const NetworkAddress peer{{{192, 0, 2, 1}, IpAddress::Family::v4}, 5062, Transport::udp};

constexpr HeaderLine contact[] = {{"Contact", "<sip:192.0.2.9:5060>"}};
constexpr HeaderLine capabilities[] = {
    {"Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, REGISTER, UPDATE"},
    {"Accept", "application/sdp"},
    {"Supported", ""}};

Settings settings_for(std::uint32_t outstanding) {
  Settings settings;
  settings.limits.transactions = outstanding + 1024;
  return settings;
}

// Answers whatever is passed up with these statuses; throws what is sent away.
template <std::size_t count>
void drain(Engine& engine, Instant now, const std::uint16_t (&statuses)[count]) {
  static const HeaderBlock block(capabilities);
  while (std::optional<Output> output = engine.next_output()) {
    const auto* request = std::get_if<RequestReceived>(&*output);
    if (request == nullptr || !request->transaction) continue;
    for (const std::uint16_t status : statuses) {
      (void)engine.respond(now, request->transaction,
                           {.status = status, .headers = contact, .block = &block});
    }
  }
}

// Timer J lasts 32 s: with one request every 32 s / N, N transactions are outstanding.
void options(benchmark::State& state) {
  const auto outstanding = static_cast<std::uint32_t>(state.range(0));
  Engine engine(settings_for(outstanding), Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource());
  Template request("OPTIONS", "");
  Instant now{};
  std::uint64_t number = 0;
  const Duration pace = std::chrono::nanoseconds(std::chrono::seconds(32)) / outstanding;
  const auto one = [&] {
    now += pace;
    engine.advance(now);
    engine.receive(now, {request.next(++number), peer, {}});
    drain(engine, now, {200});
  };
  for (std::uint32_t i = 0; i < outstanding * 2; ++i) one();
  for (auto _ : state) one();
  state.counters["outstanding"] = engine.transactions_alive();
  if (engine.transactions_alive() < outstanding * 9 / 10)
    state.SkipWithError("too few outstanding");
}
BENCHMARK(options)->Name("transaction/options")->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

void call(benchmark::State& state) {
  Engine engine(settings_for(100'000), Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource());
  Template invite("INVITE", ""), ack("ACK", ";tag=1"), bye("BYE", ";tag=1");
  Instant now{};
  std::uint64_t number = 0;
  for (auto _ : state) {
    now += std::chrono::milliseconds(1);
    engine.advance(now);
    engine.receive(now, {invite.next(++number), peer, {}});
    drain(engine, now, {100, 180, 200});
    engine.receive(now, {ack.next(++number), peer, {}});
    drain(engine, now, {200});
    engine.receive(now, {bye.next(++number), peer, {}});
    drain(engine, now, {200});
  }
  state.SetItemsProcessed(state.iterations() * 7);
}
BENCHMARK(call)->Name("transaction/call");

}  // namespace
