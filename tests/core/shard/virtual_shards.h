// Shards in virtual time: engines with their intakes, and letters between them. Each message that
// a user is to work for uses up time, and so nothing here burns any.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/shard/detail/intake.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/sip_text.h"

namespace sipring::test {

// Branch and tag are of the number, the Call-ID is of the call.
inline std::string request_of(std::string_view method, int number, int call,
                              std::string_view user = "user", std::string_view extra = {}) {
  const std::string id = std::to_string(number), name(method);
  return name + " sip:" + std::string(user) + "@192.0.2.1 SIP/2.0\r\n" +
         "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK" + id + "\r\nMax-Forwards: 70\r\n" +
         "From: <sip:a@192.0.2.9>;tag=" + id + "\r\nTo: <sip:user@192.0.2.1>" +
         (method == "BYE" ? ";tag=b" : "") + "\r\nCall-ID: call-" + std::to_string(call) +
         "\r\nCSeq: 1 " + name + "\r\n" + std::string(extra) + "Content-Length: 0\r\n\r\n";
}

class VirtualShard {
 public:
  VirtualShard(std::uint32_t shard, std::uint32_t shards, const TurnLimits& limits,
               std::uint32_t capacity = 1'024)
      : shard_(shard),
        engine_(settings_of(shard), Entropy{{1, 2, 3, shard}}, *std::pmr::new_delete_resource()),
        steering_(shards, {1, 2}),
        intake_({shard, shards, capacity}, limits, {steering_, leaving_, engine_},
                *std::pmr::new_delete_resource()) {}

  // As a loop's: what has come off the wire and in letters, then what has waited.
  void turn(Instant& now, const std::vector<std::string>& arrivals) {
    intake_.begin_turn(now);
    for (const std::string& text : arrivals) take(now, keep(text), shard_);
    for (std::deque<Letter> letters = std::exchange(letters_, {}); !letters.empty();) {
      take(now, letters.front(), 1 - shard_);
      letters.pop_front();
    }
    if (intake_.is_overloaded() && intake_.is_waiting()) serve_waiting(now);
    intake_.end_turn(now);
  }
  void connect(VirtualShard& other) { other_ = &other; }
  // What it is told, as by its roster.
  void order(Instant now, ShardOrder order, const Homes& homes) {
    steering_.place(homes);
    while (leaving_.step(now, {.order = order, .is_receiving = true})) {
    }
  }

  [[nodiscard]] const std::vector<std::string>& sent() const { return sent_; }
  // The last response for the request of this number; empty: none.
  [[nodiscard]] std::string answer(int number) const {
    const std::string branch = "z9hG4bK" + std::to_string(number);
    for (auto text = sent_.rbegin(); text != sent_.rend(); ++text) {
      if (text->contains(branch)) return *text;
    }
    return {};
  }
  [[nodiscard]] const Counters& counters() const { return engine_.counters(); }
  [[nodiscard]] const Steering& steering() const { return steering_; }
  [[nodiscard]] std::uint32_t handed_over() const { return handed_over_; }
  [[nodiscard]] bool is_overloaded() const { return intake_.is_overloaded(); }
  [[nodiscard]] std::uint32_t unfinished() const { return unfinished_; }
  void set_work(Duration work) { work_ = work; }
  // What comes from now on comes over a connection.
  void set_stream() {
    flow_ = Flow::of_connection(shard_, 7, 1);
    transport_ = Transport::tcp;
  }

 private:
  static Settings settings_of(std::uint32_t shard) {
    Settings settings;
    settings.limits.transactions = 4'096;
    settings.mark.shard = static_cast<std::uint8_t>(shard);
    return settings;
  }

  Letter keep(const std::string& text) {
    octets_.push_back(text + std::string(readable_padding, '\xff'));
    ++unfinished_;
    return {.octets = octets_.back().data(),
            .size = static_cast<std::uint32_t>(text.size()),
            .loan = {},
            .flow = flow_,
            .listener = Flow::of_listener(0),
            .peer = {*parse_ip_address("192.0.2.9"), 5060, transport_}};
  }
  void take(Instant& now, const Letter& letter, std::uint32_t from) {
    const Intake::Decision decision = intake_.decide(letter, from);
    if (decision.fate == Intake::Fate::elsewhere) {
      ++handed_over_;
      return other_->letters_.push_back(letter);
    }
    if (decision.fate == Intake::Fate::wait) return;
    serve(now, letter);
    give_back(from);
    if (intake_.wants_time()) intake_.look(now);
  }
  void serve_waiting(Instant& now) {
    intake_.sort();
    while (const auto due = intake_.next(now)) {
      if (due->fate == Intake::Fate::serve) serve(now, due->letter);
      if (due->fate == Intake::Fate::refuse) {
        engine_.turn_away(now, received(due->letter));
        take_outputs(now);
      }
      give_back(due->from);
    }
    engine_.turn_ended(now, intake_.take_report());
  }
  static Received received(const Letter& letter) {
    return {letter.bytes(), letter.peer, letter.flow, letter.listener};
  }
  void serve(Instant& now, const Letter& letter) {
    engine_.receive(now, received(letter));
    take_outputs(now);
  }
  void give_back(std::uint32_t from) { --(from == shard_ ? *this : *other_).unfinished_; }

  void take_outputs(Instant& now) {
    while (std::optional<Output> output = engine_.next_output()) {
      if (const auto* octets = std::get_if<Transmit>(&*output)) {
        sent_.emplace_back(octets->bytes->view());
      } else if (const auto* cancelled = std::get_if<Cancelled>(&*output)) {
        respond(now, cancelled->invite, 487);
      } else if (const auto* request = std::get_if<RequestReceived>(&*output)) {
        answer(now, *request);
      }
    }
  }
  // 180 to an INVITE for "ring", 200 to all else; "work" takes a while.
  void answer(Instant& now, const RequestReceived& request) {
    if (!request.transaction) return;
    const std::string_view target = request.message->request_uri();
    if (target.starts_with("sip:work@")) now += work_;
    const bool rings = target.starts_with("sip:ring@");
    respond(now, request.transaction, rings ? 180 : 200);
  }
  void respond(Instant now, Handle<Transaction> transaction, std::uint16_t status) {
    const std::string name = std::to_string(shard_);
    const HeaderLine headers[] = {{"X-Shard", name}};
    EXPECT_TRUE(
        engine_.respond(now, transaction, {.status = status, .headers = headers}).has_value());
  }

  std::uint32_t shard_;
  Flow flow_ = Flow::of_listener(0);
  Transport transport_ = Transport::udp;
  Engine engine_;
  Steering steering_;
  Leaving leaving_;
  Intake intake_;
  VirtualShard* other_ = nullptr;
  std::deque<std::string> octets_;
  std::deque<Letter> letters_;  // for this shard
  std::vector<std::string> sent_;
  std::uint32_t handed_over_ = 0;
  std::uint32_t unfinished_ = 0;                    // octets of ours that somebody still needs
  Duration work_ = std::chrono::milliseconds(241);  // more than the budget
};

// Two of them, connected.
class TwoVirtualShards : public testing::Test {
 protected:
  static constexpr Duration budget = std::chrono::milliseconds(240);
  TwoVirtualShards() {
    shards_[0].connect(shards_[1]);
    shards_[1].connect(shards_[0]);
  }
  // The number of a call which has its home there, `after` that one.
  int call_at(std::uint32_t shard, int after = 0) const {
    int call = after + 1;
    while (shards_[0].steering().home_of("call-" + std::to_string(call)) != shard) ++call;
    return call;
  }
  // One shard has received this; then letters go until there are none.
  void receive(std::uint32_t shard, const std::vector<std::string>& arrivals) {
    shards_[shard].turn(now_, arrivals);
    for (int i = 0; i < 4; ++i) {
      for (VirtualShard& each : shards_) each.turn(now_, {});
    }
  }

  TurnLimits limits_{.budget = budget, .patience = Duration::zero()};
  VirtualShard shards_[2] = {{0, 2, limits_}, {1, 2, limits_}};
  Instant now_{std::chrono::hours(1)};
};

}  // namespace sipring::test
