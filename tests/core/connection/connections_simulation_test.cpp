// Connections under invented time: peers whose streams arrive in pieces of any size, that die in
// the middle of a message, that never read, that refuse. Every message carries its owner's mark and
// a number. What must hold at every step: no octet of one peer reaches another, nothing is lost or
// doubled while a connection lives; and at rest all pools are empty.
// SPDX-License-Identifier: MIT
#include <sipring/core/connection/connections.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory_resource>
#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "tests/core/connection/connections_fixture.h"
#include "tests/support/seeds.h"

namespace sipring {
namespace {

using test::address_of;
using test::milliseconds;
using test::seconds;

// What a canary breaks on purpose, to prove that the simulation sees it.
enum class Fault { none, swaps_flows, forgets_a_write, counts_twice };

struct Verdict {
  std::string broken;  // empty: all held
  std::uint64_t delivered = 0;
  std::uint64_t written = 0;
  std::uint64_t undelivered = 0;
  std::uint64_t closed = 0;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, Fault fault)
      : random_(seed), fault_(fault), connections_(settings(), {{seed, 2, 3, 4}}, heap()) {}

  Verdict run(std::uint32_t steps) {
    for (std::uint32_t step = 0; step < steps && verdict_.broken.empty(); ++step) {
      act();
      write_some();
      pass(milliseconds(draw(200)));
    }
    wind_up();
    return verdict_;
  }

 private:
  static std::pmr::memory_resource& heap() { return *std::pmr::new_delete_resource(); }
  Connections::Settings settings() {
    ConnectionLimits limits;
    limits.connections = 24;
    limits.sends = static_cast<std::uint32_t>(32 + draw(64));
    limits.queue_bytes = 20'000;
    limits.partial_bytes = 512 * 1024;
    limits.sources = 16;
    limits.source.offences_per_minute = 0;
    limits.source.new_per_second = 0;
    return {.shard = 1, .limits = limits, .sha1 = test::sha1};
  }
  std::uint64_t draw(std::uint64_t below) { return below == 0 ? 0 : random_() % below; }
  bool one_in(std::uint64_t n) { return draw(n) == 0; }

  // The other end of a connection.
  struct Peer {
    NetworkAddress address;
    Flow flow;
    bool is_accepted = true;
    bool is_open = false;
    bool never_reads = false;
    std::string stream;                  // what it has said and we have not heard
    std::uint32_t said = 0;              // messages
    std::uint32_t heard_by_us = 0;       // of them
    std::string read;                    // what we have written and it has not understood
    std::vector<std::uint32_t> expects;  // our messages, in order
    std::size_t in_kernel = 0;
  };

  void act() {
    switch (draw(8)) {
      case 0: return accept();
      case 1: return send_out();
      case 2: return open_or_refuse();
      case 3: return answer();
      case 4: return one_in(6) ? die() : say();
      case 5: return one_in(10) ? close_ours() : say();
      default: return say();
    }
  }

  void accept() {
    Peer peer;
    peer.address = address_of("192.0.2.1", static_cast<std::uint16_t>(10'000 + draw(50'000)));
    const auto flow = connections_.accept(
        now_, {.peer = peer.address, .listener = Flow::of_listener(1), .upgrade = nullptr});
    take_outputs();
    if (!flow) return;
    peer.flow = *flow;
    peer.is_open = true;
    peer.never_reads = one_in(8);
    peers_.push_back(peer);
  }

  // A request to one of a few addresses, which finds or opens a connection.
  void send_out() {
    const NetworkAddress to = address_of("198.51.100.1", static_cast<std::uint16_t>(draw(5) + 1));
    submit(to, Flow{});
  }
  void answer() {
    if (Peer* peer = any_peer()) submit(peer->address, peer->flow);
  }
  void submit(const NetworkAddress& to, Flow flow) {
    const std::uint32_t number = ++sent_;
    const std::string text = "N" + std::to_string(number) + " " + test::to_mark(to) +
                             std::string(draw(1'500), 'x') + "\n";
    Transmit message{.bytes = buffers_.copy(text),
                     .destination = to,
                     .flow = flow,
                     .lane = 0,
                     .transaction = {number, 1}};
    if (!message.bytes) return;
    if (connections_.send(now_, std::move(message))) pending_.insert(number);
    take_outputs();
  }

  void say() {
    Peer* peer = any_peer();
    if (peer == nullptr || !peer->is_open) return;
    const std::uint64_t messages = draw(4);
    for (std::uint64_t i = 0; i < messages; ++i)
      peer->stream += test::message_of(
          test::to_mark(peer->address) + "-" + std::to_string(++peer->said), draw(900));
    while (!peer->stream.empty() && !one_in(4)) {
      const std::size_t size = std::min<std::size_t>(peer->stream.size(), 1 + draw(700));
      std::vector<char> octets(peer->stream.begin(),
                               peer->stream.begin() + static_cast<std::ptrdiff_t>(size));
      octets.resize(size + readable_padding);
      peer->stream.erase(0, size);
      const Flow flow = fault_ == Fault::swaps_flows && one_in(20) ? any_peer()->flow : peer->flow;
      connections_.receive(now_, flow, std::span(octets).first(size));
      take_outputs();
      peer = peer_of(flow);
      if (peer == nullptr || !peer->is_open) return;
    }
  }

  void open_or_refuse() {
    if (dialling_.empty()) return;
    const std::size_t index = draw(dialling_.size());
    const OpenConnection open = dialling_[index];
    dialling_.erase(dialling_.begin() + static_cast<std::ptrdiff_t>(index));
    if (one_in(3)) {
      connections_.failed(now_, open.flow, CloseReason::refused);
    } else {
      Peer peer;
      peer.address = open.peer;
      peer.flow = open.flow;
      peer.is_accepted = false;
      peer.is_open = true;
      peer.never_reads = one_in(8);
      peers_.push_back(peer);
      connections_.opened(now_, open.flow);
    }
    take_outputs();
  }

  void die() {
    Peer* peer = any_peer();
    if (peer == nullptr) return;
    peer->is_open = false;
    if (one_in(2)) {
      connections_.failed(now_, peer->flow, CloseReason::reset);
    } else {
      connections_.closed(now_, peer->flow);
    }
    take_outputs();
  }
  void close_ours() {
    if (Peer* peer = any_peer()) connections_.close(now_, peer->flow);
    take_outputs();
  }

  // The kernel takes what there is to write, and tells later how much of it has gone.
  void write_some() {
    while (const auto flow = connections_.next_write()) {
      std::array<std::string_view, 8> pieces;
      const std::size_t count = connections_.gather(now_, *flow, pieces);
      Peer* peer = peer_of(*flow);
      if (peer == nullptr) return fail("something is written to nobody");
      std::string octets;
      for (std::size_t i = 0; i < count; ++i) octets += pieces[i];
      if (octets.empty()) return fail("nothing is written");
      peer->in_kernel = octets.size();
      outgoing_[key_of(*flow)] = std::move(octets);
    }
    for (Peer& peer : peers_) {
      if (peer.in_kernel == 0 || peer.never_reads || one_in(3)) continue;
      const std::string octets = std::move(outgoing_[key_of(peer.flow)]);
      outgoing_.erase(key_of(peer.flow));
      const std::size_t taken = one_in(3) ? 1 + draw(octets.size()) : octets.size();
      peer.in_kernel = 0;
      peer.read += octets.substr(0, fault_ == Fault::forgets_a_write && one_in(50) ? 0 : taken);
      const Flow flow = peer.flow;
      const NetworkAddress address = peer.address;
      understand(peer);
      connections_.sent(now_, flow, taken);
      take_outputs();
      (void)address;
      return;  // the peers may have changed
    }
  }

  // What a peer reads are whole messages for it, each once, in the order in which we sent them.
  void understand(Peer& peer) {
    for (std::size_t end = peer.read.find('\n'); end != std::string::npos;
         end = peer.read.find('\n')) {
      const std::string line = peer.read.substr(0, end);
      peer.read.erase(0, end + 1);
      const auto number = static_cast<std::uint32_t>(std::stoul("0" + line.substr(1)));
      if (line[0] != 'N' || line.find(test::to_mark(peer.address)) == line.npos)
        return fail("octets of one peer reached another: " + line.substr(0, 40));
      if (!peer.expects.empty() && number <= peer.expects.back())
        return fail("a message is out of order or doubled");
      peer.expects.push_back(number);
      if (pending_.erase(number) != 1) return fail("a message was written that was told lost");
      ++verdict_.written;
    }
  }

  void take_outputs() {
    while (auto output = connections_.next_output()) {
      if (const auto* open = std::get_if<OpenConnection>(&*output)) dialling_.push_back(*open);
      if (const auto* end = std::get_if<EndConnection>(&*output)) ending_.push_back(end->flow);
      if (const auto* lost = std::get_if<Undelivered>(&*output)) take(*lost);
      if (const auto* received = std::get_if<Received>(&*output)) take(*received);
    }
  }
  void take(const Undelivered& lost) {
    ++verdict_.undelivered;
    // A message that had left in part is told as well, so one that was understood may not be.
    if (pending_.erase(lost.transaction.slot) != 1)
      fail("a message was told lost twice, or arrived");
  }
  void take(const Received& received) {
    Peer* peer = peer_of(received.flow);
    if (peer == nullptr) return fail("a message of nobody");
    ++peer->heard_by_us;
    if (fault_ == Fault::counts_twice && one_in(100)) ++peer->heard_by_us;
    const std::string mark =
        test::to_mark(peer->address) + "-" + std::to_string(peer->heard_by_us) + "\r\n";
    if (received.source != peer->address || received.bytes.find(mark) == received.bytes.npos)
      return fail("lost, doubled or another's: wanted " + mark);
    ++verdict_.delivered;
  }

  void pass(Duration time) {
    const Instant end = now_ + time;
    end_some();
    while (connections_.next_deadline() <= end) {
      now_ = std::max(now_, connections_.next_deadline());
      connections_.advance(now_);
      take_outputs();
    }
    now_ = end;
  }

  // io gives descriptors up, a little later.
  void end_some() {
    for (const Flow flow : std::exchange(ending_, {})) {
      std::erase_if(peers_, [&](const Peer& peer) { return peer.flow == flow; });
      std::erase_if(dialling_, [&](const OpenConnection& open) { return open.flow == flow; });
      outgoing_.erase(key_of(flow));
      connections_.ended(now_, flow);
      ++verdict_.closed;
      take_outputs();
    }
  }

  void wind_up() {
    if (!verdict_.broken.empty()) return;
    for (int i = 0; i < 100 && connections_.size() != 0; ++i) {
      std::vector<Flow> flows;
      connections_.each([&](const Connection& connection) { flows.push_back(connection.flow); });
      for (const Flow flow : flows) connections_.close(now_, flow), take_outputs();
      write_some();
      pass(seconds(3));
    }
    if (connections_.size() != 0) fail("connections are left");
    if (connections_.waiting_sends() != 0) fail("messages are left");
    if (connections_.partials() != 0) fail("partial messages are left");
    if (!pending_.empty()) fail("a message was neither written nor told");
    if (buffers_.size() != 0) fail("buffers are left");
  }

  Peer* any_peer() { return peers_.empty() ? nullptr : &peers_[draw(peers_.size())]; }
  Peer* peer_of(Flow flow) {
    const auto found = std::find_if(peers_.begin(), peers_.end(),
                                    [&](const Peer& peer) { return peer.flow == flow; });
    return found == peers_.end() ? nullptr : &*found;
  }
  static std::uint64_t key_of(Flow flow) {
    return std::uint64_t{flow.slot} << 32 | flow.generation;
  }
  void fail(std::string what) {
    if (verdict_.broken.empty()) verdict_.broken = std::move(what);
  }

  std::mt19937_64 random_;
  Fault fault_;
  Verdict verdict_;
  Instant now_{seconds(1'000)};
  BufferPool buffers_{4 * 1024 * 1024, heap()};
  Connections connections_;
  std::vector<Peer> peers_;
  std::vector<OpenConnection> dialling_;
  std::vector<Flow> ending_;
  std::map<std::uint64_t, std::string> outgoing_;
  std::set<std::uint32_t> pending_;
  std::uint32_t sent_ = 0;
};

TEST(ConnectionsSimulation, nothing_is_lost_doubled_or_crossed_and_all_pools_are_empty_at_rest) {
  Verdict all;
  const test::Seeds seeds(3'000);
  for (std::uint64_t seed = seeds.from; seed <= seeds.to; ++seed) {
    const Verdict verdict = Simulation(seed, Fault::none).run(seeds.steps);
    ASSERT_EQ(verdict.broken, "") << "seed " << seed;
    all.delivered += verdict.delivered;
    all.written += verdict.written;
    all.undelivered += verdict.undelivered;
    all.closed += verdict.closed;
  }
  if (!seeds.are_usual) return;
  EXPECT_GT(all.delivered, 10'000U) << "too little happens";
  EXPECT_GT(all.written, 1'000U);
  EXPECT_GT(all.undelivered, 100U);
  EXPECT_GT(all.closed, 1'000U);
}

TEST(ConnectionsSimulation, canaries_fail) {
  for (const Fault fault : {Fault::swaps_flows, Fault::forgets_a_write, Fault::counts_twice}) {
    std::uint32_t seen = 0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed)
      seen += Simulation(seed, fault).run(3'000).broken.empty() ? 0 : 1;
    EXPECT_EQ(seen, 5U) << "fault " << static_cast<int>(fault);
  }
}

}  // namespace
}  // namespace sipring
