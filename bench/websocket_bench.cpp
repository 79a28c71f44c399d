// What WebSocket framing adds to a SIP message: the head, the mask, the UTF-8 of text, and the head
// of the answer.
// SPDX-License-Identifier: MIT
#include <sipring/core/stream/websocket.h>

#include <benchmark/benchmark.h>

#include <array>
#include <cstring>
#include <string>

namespace sipring {
namespace {

constexpr MaskKey key{0x12, 0x34, 0x56, 0x78};

std::string client_frame(std::size_t size, Opcode opcode) {
  std::string octets(size + FrameHead::max_size, '\0');
  octets.resize(write_frame(octets, opcode, std::string(size, 'a'), key));
  return octets;
}

// Masking twice gives the same octets back, so one buffer serves for all iterations: with the key
// of the frame the payload is as it was after each second one. What is in it does not matter here.
void receive(benchmark::State& state, Opcode opcode) {
  const auto size = static_cast<std::size_t>(state.range(0));
  std::string octets = client_frame(size, opcode);
  WebSocket websocket(WebSocketRole::server);
  for (auto _ : state) {
    const WebSocket::Frame frame = websocket.next(octets);
    benchmark::DoNotOptimize(frame.payload.data());
    if (frame.kind != WebSocket::Kind::message) state.SkipWithError("no message");
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
void receive_binary(benchmark::State& state) {
  receive(state, Opcode::binary);
}
BENCHMARK(receive_binary)->Name("websocket/receive_binary")->Arg(600)->Arg(3'000);

// ASCII masked with an ASCII key stays ASCII.
void receive_text(benchmark::State& state) {
  receive(state, Opcode::text);
}
BENCHMARK(receive_text)->Name("websocket/receive_text")->Arg(600)->Arg(3'000);

void write_head(benchmark::State& state) {
  std::array<char, FrameHead::max_size> room{};
  FrameHead head{
      .opcode = Opcode::text, .is_final = true, .mask = std::nullopt, .payload_size = 600};
  for (auto _ : state) {
    benchmark::DoNotOptimize(head);
    benchmark::DoNotOptimize(write_frame_head(room.data() + room.size(), head));
  }
}
BENCHMARK(write_head)->Name("websocket/write_head");

}  // namespace
}  // namespace sipring
