// SPDX-License-Identifier: MIT
#include <load/report.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace sipring::app::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

LoadResult run_of(std::uint64_t started) {
  LoadResult result;
  result.seconds = 10;
  result.busy = 0.4;
  result.tally.started = result.tally.succeeded = started;
  return result;
}

TEST(LoadReport, a_generator_that_had_time_is_no_limit) {
  LoadResult result = run_of(1'000);
  result.tally.late = 10;
  EXPECT_THAT(own_limits(result), IsEmpty());
}

TEST(LoadReport, a_generator_that_was_held_up_says_so) {
  LoadResult result = run_of(1'000);
  result.tally.late = 11;
  result.busy = 0.93;
  EXPECT_THAT(own_limits(result), ElementsAre(HasSubstr("1.1 % began more than 10 ms late"),
                                              HasSubstr("on its CPU 93 % of the time")));
  EXPECT_THAT(load_table(result, Scenario::call),
              HasSubstr("11 began more than 10 ms late; its busiest thread was on a CPU 93 %"));
  const auto json = nlohmann::json::parse(load_json(result, Scenario::call));
  EXPECT_EQ(json["late"], 11);
  EXPECT_EQ(json["busy"], 0.93);
  EXPECT_EQ(json["own_limits"].size(), 2u);
}

TEST(LoadReport, tells_of_phones_where_there_are_some) {
  LoadResult result = run_of(10);
  PhoneTally& phones = result.tally.phones;
  phones.phones = 3;
  phones.registered = 2;
  phones.refused = 1;
  phones.arrived = 9;
  phones.matched = 8;
  phones.elsewhere = 4;
  phones.arrival.record(std::chrono::milliseconds(5));
  const std::string table = load_table(result, Scenario::registered);
  EXPECT_THAT(table, HasSubstr("2 of 3 phones registered"));
  EXPECT_THAT(table, HasSubstr("9 calls arrived, 8 of them from here"));
  EXPECT_THAT(table, HasSubstr("by another connection"));
  EXPECT_THAT(table, HasSubstr("due to arrival"));
  EXPECT_THAT(table, Not(HasSubstr("cancelled")));
  const auto json = nlohmann::json::parse(load_json(result, Scenario::called));
  EXPECT_EQ(json["phones"]["other_connection"], 4);
  EXPECT_EQ(json["phones"]["arrival"]["count"], 1);
  EXPECT_THAT(load_table(result, Scenario::call), Not(HasSubstr("phones")));
  EXPECT_FALSE(nlohmann::json::parse(load_json(result, Scenario::call)).contains("phones"));
}

}  // namespace
}  // namespace sipring::app::test
