// Load for measuring a server over loopback: a closed loop that keeps a window of requests in
// flight and never sleeps, and the raw echo that is the limit of what any UDP server on this
// machine can answer. Used by engine_bench and options_flood.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/io/clock.h>
#include <sipring/io/socket_address.h>

#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::bench {

inline void check(bool fact, const char* what) {
  if (fact) return;
  std::perror(what);
  std::exit(1);
}

// False on a machine with fewer CPUs.
inline bool pin_to_cpu(unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

inline void widen_receive_buffer(int fd) {
  const int bytes = 4 << 20;
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0) {
    (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  }
}

// An ordinary OPTIONS of some 600 octets. `digits` places of its branch and Call-ID make each one
// new.
inline constexpr std::size_t digits = 12;
struct OptionsTemplate {
  std::string text =
      "OPTIONS sip:service@127.0.0.1:5060 SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 127.0.0.1:5070;rport;branch=z9hG4bK-524287-1---000000000000\r\n"
      "Max-Forwards: 70\r\n"
      "Contact: <sip:monitor@127.0.0.1:5070;transport=udp>\r\n"
      "To: <sip:service@127.0.0.1:5060>\r\n"
      "From: \"Trunk monitor\" <sip:monitor@trunk.example.com>;tag=a73kszlfl\r\n"
      "Call-ID: 000000000000-f81d4fae-7dec-11d0-a765@trunk.example.com\r\n"
      "CSeq: 4711 OPTIONS\r\n"
      "Accept: application/sdp\r\n"
      "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, MESSAGE, SUBSCRIBE, INFO\r\n"
      "Supported: replaces, timer, path\r\n"
      "User-Agent: flood of the sipring benchmarks\r\n"
      "Content-Length: 0\r\n\r\n";
  std::size_t branch = text.find("---") + 3;
  std::size_t call_id = text.find("Call-ID: ") + 9;
};

// Requests that differ in their number alone.
class OptionsWriter {
 public:
  [[nodiscard]] std::size_t size() const { return text_.text.size(); }
  [[nodiscard]] std::uint64_t next_number() const { return number_ + 1; }
  void write(char* where) {
    std::memcpy(where, text_.text.data(), text_.text.size());
    char number[digits];
    ++number_;
    std::uint64_t rest = number_;
    for (std::size_t i = digits; i-- > 0; rest >>= 4) number[i] = "0123456789abcdef"[rest & 15];
    std::memcpy(where + text_.branch, number, digits);
    std::memcpy(where + text_.call_id, number, digits);
  }

 private:
  OptionsTemplate text_;
  std::uint64_t number_ = static_cast<std::uint64_t>(read_clock().time_since_epoch().count());
};

struct FloodOptions {
  NetworkAddress target;
  std::uint32_t peers = 16;  // sockets
  std::uint32_t window = 256;
  Duration warm_up = std::chrono::milliseconds(120);
  Duration duration = std::chrono::milliseconds(350);
  std::string_view expected = "SIP/2.0 200";  // how a good answer starts
};

struct FloodResult {
  std::uint64_t answered = 0;  // while it was measured
  std::uint64_t in_all = 0;    // the warm-up included
  std::uint64_t wrong = 0;     // anything that does not start as expected
  std::uint64_t stalls = 0;    // times that nothing came for 100 ms: the window was lost
  double seconds = 0;
  [[nodiscard]] double per_second() const { return static_cast<double>(answered) / seconds; }
};

// One trip through the stack for a run of datagrams of one size.
inline void send_segments(int socket, std::vector<char>& requests, std::size_t octets,
                          std::size_t segment) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(std::uint16_t))] = {};
  iovec run{requests.data(), octets};
  msghdr message{};
  message.msg_iov = &run;
  message.msg_iovlen = 1;
  if (octets > segment) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_UDP;
    header->cmsg_type = UDP_SEGMENT;
    header->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    const auto size = static_cast<std::uint16_t>(segment);
    std::memcpy(CMSG_DATA(header), &size, sizeof size);
  }
  while (::sendmsg(socket, &message, 0) < 0 && errno == EAGAIN) {
  }
}

// A socket of a peer, with room for a burst of answers.
inline int connect_peer(const NetworkAddress& target) {
  SocketAddress address;
  const socklen_t length = to_socket_address(target, address);
  const int fd = ::socket(address.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  check(fd >= 0, "socket");
  widen_receive_buffer(fd);
  check(::connect(fd, &address.any, length) == 0, "connect");
  return fd;
}

class Flood {
 public:
  explicit Flood(const FloodOptions& options) : options_(options), requests_(64 * writer_.size()) {
    for (std::uint32_t i = 0; i < options.peers; ++i)
      sockets_.push_back(connect_peer(options.target));
    for (int i = 0; i < batch; ++i) {
      octets_[i] = {received_[i], sizeof received_[i]};
      messages_[i] = {};
      messages_[i].msg_hdr.msg_iov = &octets_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  ~Flood() {
    for (const int socket : sockets_) ::close(socket);
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  FloodResult run() {
    FloodResult result;
    fill_window();
    const Instant start = read_clock() + options_.warm_up;
    const Instant end = start + options_.duration;
    Instant began = start;
    Instant heard = read_clock();
    bool measuring = false;
    for (Instant now = heard; now < end; now = read_clock()) {
      if (!measuring && now >= start) {
        measuring = true;
        began = now;
        result.answered = 0;
      }
      const std::uint64_t answers = receive_all(result);
      if (answers != 0) heard = now;
      if (now - heard > std::chrono::milliseconds(100)) {
        ++result.stalls;
        heard = now;
        fill_window();
      }
    }
    result.seconds = std::chrono::duration<double>(read_clock() - began).count();
    settle(result);
    return result;
  }

 private:
  static constexpr int batch = 64;

  void fill_window() {
    const auto peers = static_cast<std::uint32_t>(sockets_.size());
    for (const int socket : sockets_) fire(socket, std::max(1U, options_.window / peers));
  }

  std::uint64_t receive_all(FloodResult& result) {
    std::uint64_t answers = 0;
    for (const int socket : sockets_) {
      const int count = ::recvmmsg(socket, messages_, batch, MSG_DONTWAIT, nullptr);
      if (count <= 0) continue;
      for (int i = 0; i < count; ++i) {
        const std::string_view text(received_[i], messages_[i].msg_len);
        if (!text.starts_with(options_.expected)) ++result.wrong;
      }
      answers += static_cast<std::uint64_t>(count);
      fire(socket, static_cast<std::uint32_t>(count));
    }
    result.answered += answers;
    result.in_all += answers;
    return answers;
  }

  // What is in flight is waited for, so that two slices do not mix.
  void settle(FloodResult& result) {
    Instant heard = read_clock();
    while (read_clock() - heard < std::chrono::milliseconds(20)) {
      for (const int socket : sockets_) {
        const int count = ::recvmmsg(socket, messages_, batch, MSG_DONTWAIT, nullptr);
        if (count <= 0) continue;
        result.in_all += static_cast<std::uint64_t>(count);
        heard = read_clock();
      }
    }
  }

  // One trip through the stack for up to 64 requests, or the client and not the server would be
  // measured.
  void fire(int socket, std::uint32_t count) {
    const std::size_t size = writer_.size();
    for (std::uint32_t left = count; left != 0;) {
      const std::uint32_t now = std::min(left, 64U);
      for (std::uint32_t i = 0; i < now; ++i) writer_.write(requests_.data() + i * size);
      send_segments(socket, requests_, now * size, size);  // one that is lost: the next stall
      left -= now;
    }
  }

  FloodOptions options_;
  OptionsWriter writer_;
  std::vector<int> sockets_;
  std::vector<char> requests_;
  char received_[batch][2048];
  iovec octets_[batch];
  mmsghdr messages_[batch];
};

// The limit: recvmmsg and sendmmsg, 64 datagrams each, nothing done between. Ends when `stop` is
// set and a datagram comes, or within 50 ms of it.
inline void raw_echo(int fd, const std::atomic<bool>& stop) {
  constexpr int batch = 64;
  static char room[batch][2048];
  mmsghdr messages[batch] = {};
  iovec octets[batch];
  SocketAddress sources[batch];
  while (!stop.load(std::memory_order_relaxed)) {
    for (int i = 0; i < batch; ++i) {
      octets[i] = {room[i], sizeof room[i]};
      messages[i].msg_hdr = {};
      messages[i].msg_hdr.msg_name = &sources[i];
      messages[i].msg_hdr.msg_namelen = sizeof sources[i];
      messages[i].msg_hdr.msg_iov = &octets[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int count = ::recvmmsg(fd, messages, batch, MSG_DONTWAIT, nullptr);
    if (count <= 0) {
      pollfd waiting{fd, POLLIN, 0};
      (void)::poll(&waiting, 1, 50);
      continue;
    }
    for (int i = 0; i < count; ++i) octets[i].iov_len = messages[i].msg_len;
    for (int sent = 0; sent < count;) {
      const int now = ::sendmmsg(fd, messages + sent, static_cast<unsigned>(count - sent), 0);
      sent += std::max(now, 1);
    }
  }
}

// A socket for raw_echo on 127.0.0.1, port chosen by the kernel.
inline int open_echo_socket(NetworkAddress& bound) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  check(fd >= 0, "socket");
  widen_receive_buffer(fd);
  NetworkAddress loopback;
  loopback.ip.octets[0] = 127;
  loopback.ip.octets[3] = 1;
  SocketAddress address;
  socklen_t length = to_socket_address(loopback, address);
  check(::bind(fd, &address.any, length) == 0, "bind");
  check(::getsockname(fd, &address.any, &length) == 0, "getsockname");
  bound = to_network_address(address, Transport::udp);
  return fd;
}

}  // namespace sipring::bench
