// The raw ends of perf/streams.py: clients of four transports, and an echo to measure beside a
// server. TRANSPORT is tcp, tls, ws or wss.
//
//   stream_flood flood TRANSPORT PORT CONNECTIONS DEPTH SECONDS
//       each connection has DEPTH requests under way, in one segment; prints how many were answered
//   stream_flood short TRANSPORT PORT AT_ONCE SECONDS ask|open|resume
//       connections that close when one request is answered, or when the ticket of their handshake
//       has come; prints how many. It fails when a session that was to be resumed was not
//   stream_flood hold TRANSPORT PORT CONNECTIONS AT_ONCE ask|head
//       asks once on each, or sends 300 octets of a head; prints how many milliseconds that took
//       and how many were answered, and at a line of input how many the server has closed
//   stream_flood echo [CERTIFICATE KEY]
//       prints its port and echoes until a signal
//
// SPDX-License-Identifier: MIT
#include "stream_echo.h"
#include "stream_lines.h"

#include <openssl/ssl.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <memory>
#include <span>
#include <vector>

namespace sipring::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

std::uint32_t number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    std::fprintf(stderr, "stream_flood: %s is no number\n", std::string(text).c_str());
    std::exit(2);
  }
  return value;
}

Kind kind_of(std::string_view transport) {
  return {.tls = transport == "tls" || transport == "wss",
          .web = transport == "ws" || transport == "wss"};
}

SSL_CTX* client_context() {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  if (SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") != 1 ||
      SSL_CTX_set1_groups_list(context, "X25519") != 1)
    fail("SSL_CTX");
  return context;
}

class Lines {
 public:
  Lines(std::string_view transport, std::uint16_t port, std::uint32_t count)
      : kind_(kind_of(transport)),
        port_(port),
        context_(client_context()),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        lines_(count) {}

  std::uint32_t count() const { return static_cast<std::uint32_t>(lines_.size()); }
  Line& operator[](std::uint32_t slot) { return *lines_[slot]; }
  std::uint64_t& asked() { return asked_; }
  int epoll() const { return epoll_; }
  void open(std::uint32_t slot) {
    lines_[slot] = std::make_unique<Line>(port_, kind_, context_, session_, ++opened_);
    watch(epoll_, lines_[slot]->fd(), slot);
  }
  // Handles each line that something has come for: handle(slot, answers), as Line::receive says.
  void turn(auto&& handle) {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), 10);
    for (int i = 0; i < count; ++i) {
      const std::uint32_t slot = events[static_cast<std::size_t>(i)].data.u32;
      handle(slot, slot < lines_.size() ? lines_[slot]->receive() : 0);
    }
  }
  // What follows resumes a session of this one.
  void learn_ticket() {
    open(0);
    while (!lines_[0]->is_open() || !lines_[0]->has_ticket()) turn([](std::uint32_t, int) {});
    session_ = SSL_get1_session(lines_[0]->ssl());
    lines_[0].reset();
  }

 private:
  Kind kind_;
  std::uint16_t port_;
  SSL_CTX* context_;
  SSL_SESSION* session_ = nullptr;
  int epoll_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::uint64_t asked_ = 0;
  std::uint64_t opened_ = 0;
};

std::uint64_t flood(Lines& lines, std::uint32_t depth, std::chrono::seconds time) {
  std::vector<std::uint32_t> missing(lines.count());
  const auto ask = [&](std::uint32_t slot) {
    missing[slot] = depth;
    lines[slot].ask(lines.asked(), depth);
  };
  std::uint32_t open = 0;
  std::vector<bool> is_open(lines.count());
  for (std::uint32_t slot = 0; slot < lines.count(); ++slot) lines.open(slot);
  while (open < lines.count()) {
    for (std::uint32_t slot = 0; slot < lines.count(); ++slot) {
      if (is_open[slot] || !lines[slot].is_open()) continue;
      is_open[slot] = true;
      ++open;
    }
    if (open < lines.count()) lines.turn([](std::uint32_t, int) {});
  }
  std::printf("open\n");  // the time of handshakes is not to be counted
  (void)std::fflush(stdout);
  std::uint64_t answered = 0;
  for (std::uint32_t slot = 0; slot < lines.count(); ++slot) ask(slot);
  for (const auto end = Clock::now() + time; Clock::now() < end;) {
    lines.turn([&](std::uint32_t slot, int answers) {
      if (answers < 0) fail("flood");
      answered += static_cast<std::uint32_t>(answers);
      missing[slot] -= static_cast<std::uint32_t>(answers);
      if (missing[slot] == 0) ask(slot);
    });
  }
  return answered;
}

std::uint64_t short_lived(Lines& lines, std::chrono::seconds time, std::string_view what) {
  std::uint64_t done = 0;
  if (what == "resume") lines.learn_ticket();
  std::vector<bool> has_asked(lines.count());
  const bool asks = what == "ask";
  const auto begin = [&](std::uint32_t slot) {
    lines.open(slot);
    has_asked[slot] = false;
  };
  const auto go_on = [&](std::uint32_t slot) {
    if (!asks || has_asked[slot] || !lines[slot].is_open()) return;
    has_asked[slot] = true;
    lines[slot].ask(lines.asked(), 1);
  };
  for (std::uint32_t slot = 0; slot < lines.count(); ++slot) {
    begin(slot);
    go_on(slot);
  }
  for (const auto end = Clock::now() + time; Clock::now() < end;) {
    lines.turn([&](std::uint32_t slot, int answers) {
      if (answers < 0) return fail("short");
      go_on(slot);
      if (asks ? answers == 0 : !lines[slot].is_open() || !lines[slot].has_ticket()) return;
      if (what == "resume" && SSL_session_reused(lines[slot].ssl()) != 1) {
        std::fprintf(stderr, "stream_flood: a session was not resumed\n");
        std::exit(1);
      }
      ++done;
      begin(slot);
      go_on(slot);
    });
  }
  return done;
}

void hold(Lines& lines, std::uint32_t at_once, std::string_view what) {
  constexpr std::size_t part = 300;
  std::uint32_t opened = 0, done = 0, answered = 0, closed = 0;
  std::vector<bool> has_asked(lines.count());
  const auto begin = Clock::now();
  const auto go_on = [&](std::uint32_t slot) {
    if (has_asked[slot] || !lines[slot].is_open()) return;
    has_asked[slot] = true;
    if (what == "ask") return lines[slot].ask(lines.asked(), 1);
    lines[slot].begin(++lines.asked(), part);
    ++done;
  };
  const auto handle = [&](std::uint32_t slot, int answers) {
    if (answers < 0) {
      ++closed;
      ++done;
      return lines[slot].close();
    }
    if (answers > 0) {
      ++answered;
      ++done;
    }
    go_on(slot);
  };
  while (done < lines.count() && Clock::now() < begin + std::chrono::minutes(10)) {
    for (; opened < lines.count() && opened - done < at_once; ++opened) {
      lines.open(opened);
      go_on(opened);
    }
    lines.turn(handle);
  }
  const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - begin).count();
  std::printf("%lld %u\n", static_cast<long long>(took), answered);
  (void)std::fflush(stdout);
  watch(lines.epoll(), STDIN_FILENO, lines.count());
  for (bool goes_on = true; goes_on;) {
    lines.turn([&](std::uint32_t slot, int answers) {
      if (slot == lines.count())
        goes_on = false;
      else if (answers < 0)
        handle(slot, answers);
    });
  }
  std::printf("%u\n", closed);
}

int usage() {
  std::fprintf(stderr, "usage: see the head of bench/stream_flood.cpp\n");
  return 2;
}

int main(std::span<char*> words) {
  (void)std::signal(SIGPIPE, SIG_IGN);  // a peer that is gone is told by the call
  const std::string_view what = words.size() > 1 ? words[1] : "";
  if (what == "echo" && words.size() == 4) Echo(words[2], words[3]).run();
  if (what == "echo") Echo(nullptr, nullptr).run();
  if (words.size() != 7) return usage();
  Lines lines(words[2], static_cast<std::uint16_t>(number(words[3])), number(words[4]));
  const std::chrono::seconds time(number(what == "flood" ? words[6] : words[5]));
  std::uint64_t result = 0;
  if (what == "flood")
    result = flood(lines, number(words[5]), time);
  else if (what == "short")
    result = short_lived(lines, time, words[6]);
  else if (what == "hold")
    return hold(lines, number(words[5]), words[6]), 0;
  else
    return usage();
  std::printf("%llu\n", static_cast<unsigned long long>(result));
  return 0;
}

}  // namespace
}  // namespace sipring::bench

int main(int count, char** words) {
  return sipring::bench::main({words, static_cast<std::size_t>(count)});
}
