// SPDX-License-Identifier: MIT
#include <sipring/io/errand.h>
#include <sipring/io/transaction_user.h>

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "tests/io/errand_fixture.h"

namespace sipring {
namespace {

using ErrandTest = test::ErrandFixture;

TEST_F(ErrandTest, calls_its_function_with_user_engine_and_time) {
  bool ran = false;
  Errand errand([&](TransactionUser& user, Engine& engine, Instant now) {
    EXPECT_EQ(&user, &user_);
    EXPECT_EQ(&engine, &engine_);
    EXPECT_EQ(now, Instant(std::chrono::seconds(7)));
    ran = true;
  });
  EXPECT_TRUE(errand);
  run(errand);
  EXPECT_TRUE(ran);
}

TEST_F(ErrandTest, moves_what_it_owns_and_destroys_it_once) {
  const auto counted = std::make_shared<int>(0);
  Errand first([counted](TransactionUser&, Engine&, Instant) { ++*counted; });
  EXPECT_EQ(counted.use_count(), 2);
  Errand second(std::move(first));
  EXPECT_FALSE(first);
  EXPECT_EQ(counted.use_count(), 2);
  Errand third;
  third = std::move(second);
  EXPECT_FALSE(second);
  run(third);
  EXPECT_EQ(*counted, 1);
  third = Errand();
  EXPECT_EQ(counted.use_count(), 1);
  EXPECT_FALSE(third);
}

TEST_F(ErrandTest, may_own_what_cannot_be_copied) {
  auto number = std::make_unique<int>(5);
  int seen = 0;
  Errand errand([number = std::move(number), &seen](TransactionUser&, Engine&, Instant) mutable {
    seen = *std::exchange(number, nullptr);
  });
  run(errand);
  EXPECT_EQ(seen, 5);
}

}  // namespace
}  // namespace sipring
