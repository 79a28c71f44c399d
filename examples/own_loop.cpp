// An engine in an epoll loop of one's own: answers OPTIONS with 200 and everything else with 501.
// docs/own_loop.md has the six steps. With an argument of 0 it asks itself and ends with the
// answer.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory_resource>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

using namespace sipring;

namespace {

Instant now() {
  return Instant(std::chrono::steady_clock::now().time_since_epoch());
}

sockaddr_in to_posix(const NetworkAddress& address) {
  sockaddr_in posix{};
  posix.sin_family = AF_INET;
  posix.sin_port = htons(address.port);
  std::memcpy(&posix.sin_addr, address.ip.octets.data(), sizeof posix.sin_addr);
  return posix;
}

NetworkAddress from_posix(const sockaddr_in& posix) {
  NetworkAddress address{{}, ntohs(posix.sin_port)};
  std::memcpy(address.ip.octets.data(), &posix.sin_addr, sizeof posix.sin_addr);
  return address;
}

// For epoll: milliseconds until the next timer, rounded up; -1: none runs.
int patience(const Engine& engine) {
  if (engine.next_deadline() == never) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(engine.next_deadline() - now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

}  // namespace

int main(int argc, char** argv) {
  const bool asks_itself = argc > 1 && std::string_view(argv[1]) == "0";
  Entropy entropy;
  std::random_device device;
  for (std::uint64_t& word : entropy.words) word = std::uint64_t{device()} << 32 | device();
  Engine engine({}, entropy, *std::pmr::new_delete_resource());
  const int udp = ::socket(AF_INET, SOCK_DGRAM, 0), epoll = ::epoll_create1(0);
  const auto port = static_cast<std::uint16_t>(asks_itself ? 0 : 5060);
  sockaddr_in own = to_posix({*parse_ip_address("127.0.0.1"), port}), peer;
  socklen_t size = sizeof own;
  epoll_event event{.events = EPOLLIN, .data = {}};
  if (::bind(udp, reinterpret_cast<sockaddr*>(&own), size) != 0) return 1;
  if (::getsockname(udp, reinterpret_cast<sockaddr*>(&own), &size) != 0) return 1;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, udp, &event) != 0) return 1;

  std::vector<Handle<Transaction>> failed;  // whose message could not be sent
  int status = 0;                           // of the response to our own request
  const auto send = [&](const Transmit& transmit) {
    const sockaddr_in to = to_posix(transmit.destination);
    if (::sendto(udp, transmit.bytes->data(), transmit.bytes->size(), 0,
                 reinterpret_cast<const sockaddr*>(&to), sizeof to) < 0)
      failed.push_back(transmit.transaction);
  };
  const auto answer = [&](Instant time, const RequestReceived& request) {
    const bool is_known = request.message->method() == Method::options;
    const auto code = static_cast<std::uint16_t>(is_known ? 200 : 501);
    if (request.transaction) (void)engine.respond(time, request.transaction, {.status = code});
  };
  const auto take_outputs = [&](Instant time) {
    while (const std::optional<Output> output = engine.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) send(*transmit);
      if (const auto* request = std::get_if<RequestReceived>(&*output)) answer(time, *request);
      if (const auto* response = std::get_if<ResponseReceived>(&*output))
        status = response->message->status();
    }
  };
  if (asks_itself) {
    const HeaderLine headers[] = {{"From", "<sip:a@127.0.0.1>;tag=1"},
                                  {"To", "<sip:a@127.0.0.1>"},
                                  {"Call-ID", "own-loop"},
                                  {"CSeq", "1 OPTIONS"}};
    (void)engine.send(now(), {.method = "OPTIONS",
                              .request_uri = "sip:127.0.0.1",
                              .headers = headers,
                              .destination = from_posix(own),
                              .sent_by = to_text(from_posix(own)).view()});
    take_outputs(now());
  }
  std::vector<char> room(65'535 + readable_padding);
  while (status == 0) {
    (void)::epoll_wait(epoll, &event, 1, patience(engine));  // 1. wait
    const Instant time = now();                              // 2. read the clock, once
    for (;;) {                                               // 3. what has come, one by one
      size = sizeof peer;
      const ssize_t length = ::recvfrom(udp, room.data(), 65'535, MSG_DONTWAIT,
                                        reinterpret_cast<sockaddr*>(&peer), &size);
      if (length < 0) break;
      engine.receive(time, {{room.data(), static_cast<std::size_t>(length)}, from_posix(peer)});
      take_outputs(time);  // 4. after each input, before the next one
    }
    engine.advance(time);  // 5. what is due
    take_outputs(time);
    for (const Handle<Transaction> transaction : std::exchange(failed, {})) {
      engine.transmit_failed(time, transaction);  // 6. what could not be sent
      take_outputs(time);
    }
  }
  return status == 200 ? 0 : 1;
}
