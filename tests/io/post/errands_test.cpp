// Errands of many threads for one shard.
// SPDX-License-Identifier: MIT
#include <sipring/io/post/errands.h>
#include <sipring/io/transaction_user.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "tests/io/errand_fixture.h"

namespace sipring {
namespace {

class ErrandsTest : public test::ErrandFixture {
 protected:
  std::vector<int> seen;
  Errand note(int number) {
    return Errand([this, number](TransactionUser&, Engine&, Instant) { seen.push_back(number); });
  }
};

TEST_F(ErrandsTest, run_in_their_order_and_no_more_of_them_than_there_is_room_for) {
  Errands errands(4);
  for (int round = 0; round < 5; ++round) {
    seen.clear();
    for (int i = 0; i < 4; ++i) {
      Errand errand = note(i);
      EXPECT_TRUE(errands.push(errand));
    }
    Errand one_more = note(4);
    EXPECT_EQ(errands.push(one_more).error(), PostError::no_room);
    EXPECT_TRUE(one_more) << "it stays with who has it";
    while (auto errand = errands.pop()) run(*errand);
    EXPECT_EQ(seen, (std::vector{0, 1, 2, 3}));
  }
}

TEST_F(ErrandsTest, ring_once_for_all_that_wait) {
  Errands errands(8);
  Errand first = note(1), second = note(2), third = note(3);
  EXPECT_FALSE(errands.is_rung());
  EXPECT_TRUE(errands.push(first).value());
  EXPECT_FALSE(errands.push(second).value());
  EXPECT_TRUE(errands.is_rung());
  errands.answer_bell();
  EXPECT_FALSE(errands.is_rung());
  EXPECT_TRUE(errands.pop());
  EXPECT_TRUE(errands.push(third).value()) << "after the bell was answered";
}

TEST_F(ErrandsTest, are_refused_when_the_shard_has_ended_and_destroyed_with_it) {
  const auto counted = std::make_shared<int>(0);
  {
    Errands errands(2);
    Errand waits([counted](TransactionUser&, Engine&, Instant) { ++*counted; });
    EXPECT_TRUE(errands.push(waits));
    errands.close();
    Errand late = note(1);
    EXPECT_EQ(errands.push(late).error(), PostError::stopped);
    EXPECT_EQ(counted.use_count(), 2);
  }
  EXPECT_EQ(counted.use_count(), 1);
  EXPECT_EQ(*counted, 0) << "it has not run";
}

// The bell as a shard hears it: what is rung for is there when the bell has been answered.
TEST_F(ErrandsTest, of_many_threads_are_all_run_each_threads_in_its_order) {
  constexpr std::uint32_t posters = 4, each = 20'000;
  Errands errands(64);
  std::atomic<std::uint32_t> wakes = 0;
  std::vector<std::uint32_t> last(posters, 0);
  std::uint32_t ran = 0;
  std::vector<std::thread> threads;
  for (std::uint32_t poster = 0; poster < posters; ++poster) {
    threads.emplace_back([&, poster] {
      for (std::uint32_t i = 1; i <= each; ++i) {
        Errand errand([&last, &ran, poster, i](TransactionUser&, Engine&, Instant) {
          EXPECT_EQ(last[poster] + 1, i);
          last[poster] = i;
          ++ran;
        });
        for (;;) {
          const auto rung = errands.push(errand);
          if (rung && *rung) {
            wakes.fetch_add(1);
            wakes.notify_one();
          }
          if (rung) break;
          std::this_thread::yield();
        }
      }
    });
  }
  const auto all_have_run = [&] { return ran == posters * each; };
  for (std::uint32_t heard = 0; !all_have_run();) {
    wakes.wait(heard);  // sleeps until somebody rings: a lost wake would last for ever
    heard = wakes.load();
    errands.answer_bell();
    while (auto errand = errands.pop()) run(*errand);
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::uint32_t number : last) EXPECT_EQ(number, each);
}

}  // namespace
}  // namespace sipring
