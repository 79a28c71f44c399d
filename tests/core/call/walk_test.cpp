// Random walks: two or three phones do whatever their users may do, in any order, over a network
// that loses, doubles and reorders. Whatever happens: of each call one Ended, nothing left at rest,
// and both sides of a call that is quiet agree about its session.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "tests/simulation/random.h"
#include "tests/support/call_world.h"
#include "tests/support/seeds.h"

namespace sipring::test {
namespace {

using simulation::Random;

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {
    const std::size_t phones = 2 + random_.below(2);
    const CallSettings settings{.session_expires = random_.chance(500) ? 90U : 0U,
                                .reliable_provisionals = random_.chance(700),
                                .tells_redirections = random_.chance(700),
                                .answer_within = seconds(5 + random_.below(20))};
    for (std::size_t i = 0; i < phones; ++i) {
      Phone& phone = world_.add(std::string(1, static_cast<char>('a' + i)), settings);
      listen(phone);
    }
    loss_ = random_.chance(500) ? static_cast<unsigned>(random_.below(500)) : 0;
    world_.lose = [this](const NetworkAddress&, const std::string&) {
      world_.delay = milliseconds(1 + random_.below(jitter_));
      return random_.chance(loss_);
    };
    jitter_ = 1 + random_.below(700);
    const unsigned doubled = random_.chance(500) ? static_cast<unsigned>(random_.below(300)) : 0;
    world_.doubles = [this, doubled] { return random_.chance(doubled); };
  }

  void run(std::uint32_t steps) {
    for (std::uint32_t i = 0; i < steps; ++i) {
      step(*world_.phones[random_.below(world_.phones.size())]);
      world_.run(random_.up_to(random_.chance(50) ? Duration(minutes(2)) : Duration(seconds(1))));
      world_.texts.clear();
      world_.ladder.clear();
    }
    settle();
  }

  // What has happened to the calls of all phones.
  [[nodiscard]] CallCounters counters() const {
    CallCounters sum;
    for (const auto& phone : world_.phones) {
      const CallCounters& counters = phone->calls.counters();
      sum.begun += counters.begun;
      sum.established += counters.established;
      for (std::size_t by = 0; by < std::size(sum.ended); ++by) sum.ended[by] += counters.ended[by];
    }
    return sum;
  }

 private:
  using Key = std::pair<const Phone*, std::uint64_t>;
  static std::uint64_t word(Handle<Call> call) {
    return std::uint64_t{call.generation} << 32 | call.slot;
  }

  void listen(Phone& phone) {
    phone.on_incoming = [this, &phone](const IncomingCall& incoming) {
      live_.insert({&phone, word(incoming.call)});
      if (random_.chance(700)) answer(phone, incoming.call);
    };
    phone.on_offered = [this, &phone](const Offered& offered) {
      if (random_.chance(800)) reply(phone, offered.call);
    };
    phone.on_redirected = [this, &phone](const Redirected& redirected) {
      const Phone& next = *world_.phones[random_.below(world_.phones.size())];
      if (random_.chance(800)) {
        (void)phone.calls.follow(phone.moment(), redirected.call, next.address);
      }
    };
    phone.on_ended = [this, &phone](const Ended& ended) {
      EXPECT_EQ(live_.erase({&phone, word(ended.call)}), 1u) << "an end of what was not alive";
    };
  }

  std::string fresh(const Phone& phone) { return description(phone.name, ++version_); }

  void answer(Phone& phone, Handle<Call> call) {
    const std::string body = fresh(phone);
    const std::string elsewhere = "<sip:x@" + std::to_string(random_.below(5)) + ".example>";
    const HeaderLine contact[] = {{"Contact", elsewhere}};
    switch (random_.below(7)) {
      case 6: (void)phone.calls.reject(phone.moment(), call, 302, contact); break;
      case 0: (void)phone.calls.ring(phone.moment(), call, 180); break;
      case 1: (void)phone.calls.ring(phone.moment(), call, 183, {.body = body}); break;
      case 2: (void)phone.calls.reject(phone.moment(), call, 486); break;
      default: (void)phone.calls.accept(phone.moment(), call, {.body = body}); break;
    }
  }

  void reply(Phone& phone, Handle<Call> call) {
    if (random_.chance(200)) {
      (void)phone.calls.refuse(phone.moment(), call);
    } else {
      (void)phone.calls.answer(phone.moment(), call, fresh(phone));
    }
  }

  Handle<Call> draw_call(Phone& phone) {
    std::uint32_t slot = static_cast<std::uint32_t>(random_.below(16));
    if (const auto call = phone.calls.next_call(slot)) return call;
    slot = 0;
    return phone.calls.next_call(slot);
  }

  void begin(Phone& phone) {
    Phone& whom = *world_.phones[random_.below(world_.phones.size())];
    if (&whom == &phone || phone.calls.alive() > 3) return;
    Invitation more;
    if (random_.chance(100)) more.patience = seconds(random_.below(40) + 1);
    const std::string offer = random_.chance(250) ? std::string() : fresh(phone);
    const NetworkAddress where =
        random_.chance(50) ? address("192.0.2.250", 5060) : whom.address;  // nobody is there
    const std::string to = "<sip:x@" + std::string(to_text(where).view()) + ">";
    more.to = to, more.from = phone.contact, more.destination = where, more.offer = offer;
    if (const auto call = phone.calls.invite(phone.moment(), more))
      live_.insert({&phone, word(*call)});
  }

  void step(Phone& phone) {
    const Handle<Call> call = draw_call(phone);
    if (!call || random_.chance(150)) {
      begin(phone);
    } else {
      switch (random_.below(9)) {
        case 8: (void)phone.calls.end_branch(phone.moment(), call, 1); break;
        case 0: (void)phone.calls.end(phone.moment(), call); break;
        case 1: (void)phone.calls.ask_for_offer(phone.moment(), call); break;
        case 2: (void)phone.calls.request(phone.moment(), call, Method::options); break;
        case 3:
        case 4: answer(phone, call); break;
        case 5: reply(phone, call); break;
        default: (void)phone.calls.offer(phone.moment(), call, fresh(phone)); break;
      }
    }
    phone.take_outputs();
  }

  // The network is good from now on; what is open comes to its end, then all hang up.
  void settle() {
    loss_ = 0, jitter_ = 1;
    world_.run(minutes(1));
    compare();
    for (const auto& phone : world_.phones) {
      std::uint32_t slot = 0;
      while (const auto call = phone->calls.next_call(slot)) {
        (void)phone->calls.end(phone->moment(), call);
      }
      phone->take_outputs();
    }
    world_.run(minutes(4));
    EXPECT_TRUE(live_.empty()) << live_.size() << " calls have no end";
    EXPECT_TRUE(world_.is_at_rest());
  }

  // Both sides of an established call have the same descriptions.
  void compare() {
    struct Side {
      std::string local, remote;
    };
    std::map<std::string, std::vector<Side>> sides;
    for (const auto& phone : world_.phones) {
      std::uint32_t slot = 0;
      while (const auto call = phone->calls.next_call(slot)) {
        if (phone->calls.state(call) != CallState::established) continue;
        sides[std::string(phone->calls.dialog(call)->call_id())].push_back(
            {std::string(phone->calls.local_description(call)),
             std::string(phone->calls.remote_description(call))});
      }
    }
    for (const auto& [call_id, both] : sides) {
      if (both.size() != 2) continue;
      EXPECT_EQ(both[0].local, both[1].remote) << call_id;
      EXPECT_EQ(both[0].remote, both[1].local) << call_id;
    }
  }

  World world_;
  Random random_;
  unsigned loss_ = 0;
  std::size_t jitter_ = 1;
  int version_ = 0;
  std::set<Key> live_;
};

TEST(CallWalk, of_a_seed_that_has_failed_once_is_good) {
  Walk(153).run(400);  // a re-INVITE whose final response was never to come outlived its call
}

TEST(CallWalk, ends_each_call_once_and_leaves_nothing) {
  const Seeds seeds(400);
  CallCounters sum;
  for (std::uint64_t seed = seeds.from; seed <= seeds.to; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Walk walk(seed);
    walk.run(seeds.steps);
    if (::testing::Test::HasFailure()) return;
    const CallCounters counters = walk.counters();
    EXPECT_EQ(counters.begun, std::accumulate(std::begin(counters.ended), std::end(counters.ended),
                                              std::uint64_t{0}));
    sum.established += counters.established;
    for (std::size_t by = 0; by < std::size(sum.ended); ++by) sum.ended[by] += counters.ended[by];
  }
  if (!seeds.are_usual) return;
  // The walks have been where they should be.
  EXPECT_GT(sum.established, 100u);
  for (const EndedBy by : {EndedBy::local, EndedBy::remote, EndedBy::refused, EndedBy::timed_out,
                           EndedBy::lost, EndedBy::unacknowledged}) {
    EXPECT_GT(sum.ended[std::to_underlying(by)], 0u) << to_string(by);
  }
}

}  // namespace
}  // namespace sipring::test
