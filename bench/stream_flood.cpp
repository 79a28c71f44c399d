// The two raw ends of perf/streams.py: a closed-loop client that floods a TCP port with OPTIONS,
// and an echo to flood beside a server.
//
//   stream_flood flood PORT CONNECTIONS DEPTH SECONDS   each connection has DEPTH requests under
//   way,
//                                                       in one segment; prints how many were
//                                                       answered
//   stream_flood echo                                   prints its port and echoes until a signal
//
// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::bench {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::uint32_t number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    std::fprintf(stderr, "stream_flood: %s is no number\n", std::string(text).c_str());
    std::exit(2);
  }
  return value;
}

int tcp_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  if (fd < 0 || ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0) fail("socket");
  return fd;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void watch(int epoll, int fd, std::uint32_t slot) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = slot;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

void send_all(int fd, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(fd, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) fail("send");
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// Some 600 octets, as phones and trunks send them.
std::string options(std::uint64_t id) {
  const std::string name = std::to_string(id);
  return "OPTIONS sip:ping@127.0.0.1 SIP/2.0\r\n"
         "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK-flood-" +
         name +
         ";rport\r\n"
         "Max-Forwards: 70\r\n"
         "From: \"Probe of a trunk\" <sip:probe@sbc.example.com>;tag=f" +
         name +
         "\r\n"
         "To: <sip:ping@127.0.0.1>\r\n"
         "Call-ID: flood-" +
         name +
         "@sbc.example.com\r\n"
         "CSeq: 1 OPTIONS\r\n"
         "Contact: <sip:probe@127.0.0.1:5060;transport=tcp>\r\n"
         "Accept: application/sdp\r\n"
         "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, PRACK, UPDATE, INFO, REFER, NOTIFY\r\n"
         "Supported: timer, path, replaces\r\n"
         "User-Agent: trunk-probe/1.0\r\n"
         "Content-Length: 0\r\n\r\n";
}

// Messages without a body that have come, the last perhaps in parts.
class Counter {
 public:
  std::uint32_t take(std::string_view octets) {
    std::uint32_t ends = 0;
    for (const char octet : octets) {
      matched_ = octet == end[matched_] ? matched_ + 1 : (octet == '\r' ? 1U : 0U);
      if (matched_ < end.size()) continue;
      matched_ = 0;
      ++ends;
    }
    return ends;
  }

 private:
  static constexpr std::string_view end = "\r\n\r\n";
  std::size_t matched_ = 0;
};

struct Line {
  int fd = -1;
  std::uint32_t missing = 0;  // answers of its last segment
  Counter counter;
};

class Flood {
 public:
  Flood(std::uint16_t port, std::uint32_t connections, std::uint32_t depth)
      : epoll_(::epoll_create1(EPOLL_CLOEXEC)), depth_(depth), lines_(connections) {
    const sockaddr_in address = loopback(port);
    for (std::uint32_t slot = 0; slot < connections; ++slot) {
      lines_[slot].fd = tcp_socket();
      const auto* const target = reinterpret_cast<const sockaddr*>(&address);
      if (::connect(lines_[slot].fd, target, sizeof address) != 0) fail("connect");
      watch(epoll_, lines_[slot].fd, slot);
    }
  }
  std::uint64_t run(std::chrono::seconds time) {
    for (Line& line : lines_) ask(line);
    const Clock::time_point end = Clock::now() + time;
    while (Clock::now() < end) turn();
    return answered_;
  }

 private:
  void ask(Line& line) {
    segment_.clear();
    for (std::uint32_t i = 0; i < depth_; ++i) segment_ += options(++asked_);
    line.missing = depth_;
    send_all(line.fd, segment_);
  }
  void turn() {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), 100);
    for (int i = 0; i < count; ++i) receive(lines_[events[static_cast<std::size_t>(i)].data.u32]);
  }
  void receive(Line& line) {
    const ssize_t size = ::recv(line.fd, room_.data(), room_.size(), 0);
    if (size <= 0) fail("recv");
    const std::uint32_t come = line.counter.take({room_.data(), static_cast<std::size_t>(size)});
    answered_ += come;
    line.missing -= come;
    if (line.missing == 0) ask(line);
  }

  int epoll_;
  std::uint32_t depth_;
  std::vector<Line> lines_;
  std::string segment_;
  std::array<char, 65'536> room_;
  std::uint64_t asked_ = 0;
  std::uint64_t answered_ = 0;
};

[[noreturn]] void echo() {
  const int listener = tcp_socket();
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  auto* const bound = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener, bound, length) != 0 || ::listen(listener, 4'096) != 0 ||
      ::getsockname(listener, bound, &length) != 0)
    fail("listen");
  std::printf("%u\n", ntohs(address.sin_port));
  (void)std::fflush(stdout);
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  watch(epoll, listener, static_cast<std::uint32_t>(listener));
  std::array<char, 65'536> room;
  for (;;) {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = static_cast<int>(events[static_cast<std::size_t>(i)].data.u32);
      if (fd == listener) {
        const int peer = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (peer >= 0) watch(epoll, peer, static_cast<std::uint32_t>(peer));
        continue;
      }
      const ssize_t size = ::recv(fd, room.data(), room.size(), 0);
      if (size > 0) send_all(fd, {room.data(), static_cast<std::size_t>(size)});
      if (size <= 0) ::close(fd);
    }
  }
}

int main(std::span<char*> arguments) {
  const std::string_view what = arguments.size() > 1 ? arguments[1] : "";
  if (what == "echo") echo();
  if (what != "flood" || arguments.size() != 6) {
    std::fprintf(stderr, "usage: stream_flood flood PORT CONNECTIONS DEPTH SECONDS | echo\n");
    return 2;
  }
  Flood flood(static_cast<std::uint16_t>(number(arguments[2])), number(arguments[3]),
              number(arguments[4]));
  std::printf("%llu\n", static_cast<unsigned long long>(
                            flood.run(std::chrono::seconds(number(arguments[5])))));
  return 0;
}

}  // namespace
}  // namespace sipring::bench

int main(int count, char** arguments) {
  return sipring::bench::main({arguments, static_cast<std::size_t>(count)});
}
