// Each test has a thread of its own to place.
// SPDX-License-Identifier: MIT
#include <sipring/io/detail/placement.h>

#include <gtest/gtest.h>

#include <linux/mempolicy.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

namespace sipring {
namespace {

TEST(Placement, counts_round_from_the_first_cpu_or_through_those_that_are_named) {
  const std::vector<int> usable{2, 3, 5};
  ShardOptions options;
  options.first_cpu = 1;
  EXPECT_EQ(cpu_of(0, options, usable), 3);
  EXPECT_EQ(cpu_of(2, options, usable), 2);
  options.cpus = {7, 4};
  EXPECT_EQ(cpu_of(0, options, usable), 7);
  EXPECT_EQ(cpu_of(3, options, usable), 4);
  options.cpus.clear();
  options.pin = false;
  EXPECT_EQ(cpu_of(0, options, usable), std::nullopt);
}

TEST(Placement, pins_the_thread_to_one_cpu) {
  std::thread([] {
    const int cpu = usable_cpus().back();
    EXPECT_TRUE(pin_thread(0, cpu).has_value());
    EXPECT_EQ(usable_cpus(), std::vector{cpu});
    EXPECT_EQ(::sched_getcpu(), cpu);
    const auto refused = pin_thread(3, CPU_SETSIZE - 1);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, OpenErrorCode::cpu);
    EXPECT_NE(refused.error().text.find("shard 3"), std::string::npos);
  }).join();
}

TEST(Placement, changes_the_nice_level_of_the_thread_alone) {
  const int before = ::getpriority(PRIO_PROCESS, 0);
  std::thread([before] {
    EXPECT_TRUE(set_nice_level(0, before + 2).has_value());
    EXPECT_EQ(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())), before + 2);
  }).join();
  EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), before);
}

TEST(Placement, binds_the_threads_memory_to_its_node_or_says_why_not) {
  std::thread([] {
    const auto notice = bind_memory(0);
    int policy = 0;
    if (::syscall(SYS_get_mempolicy, &policy, nullptr, 0, nullptr, 0) != 0) {
      EXPECT_TRUE(notice.has_value());  // a kernel without NUMA
      return;
    }
    EXPECT_EQ(policy, notice ? MPOL_DEFAULT : MPOL_BIND);
  }).join();
}

}  // namespace
}  // namespace sipring
