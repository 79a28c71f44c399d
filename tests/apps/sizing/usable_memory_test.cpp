// SPDX-License-Identifier: MIT
#include <sizing/usable_memory.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace sipring::app::test {
namespace {

namespace fs = std::filesystem;

// A machine of 2,000,000 kB, as /proc and /sys tell of it.
class UsableMemory : public ::testing::Test {
 protected:
  static constexpr std::uint64_t of_machine = 2'000'000ULL * 1'024;

  UsableMemory() {
    std::string name = (fs::temp_directory_path() / "sipring-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) root = name;
    write("proc/meminfo", "MemTotal:        2000000 kB\nMemFree:  5 kB\n");
  }
  ~UsableMemory() override { fs::remove_all(root); }
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path) << text;
  }
  fs::path root;
};

TEST_F(UsableMemory, is_the_machine_s_where_no_group_limits_it) {
  EXPECT_EQ(usable_memory(root), of_machine);
  write("proc/self/cgroup", "0::/user.slice\n");
  write("sys/fs/cgroup/user.slice/memory.max", "max\n");
  EXPECT_EQ(usable_memory(root), of_machine);
}

TEST_F(UsableMemory, is_the_least_of_all_groups_around_the_process) {
  write("proc/self/cgroup", "0::/pods/one/sip\n");
  write("sys/fs/cgroup/pods/memory.max", "900000000\n");
  write("sys/fs/cgroup/pods/one/memory.max", "500000000\n");
  write("sys/fs/cgroup/pods/one/sip/memory.max", "800000000\n");
  EXPECT_EQ(usable_memory(root), 500'000'000u);
}

TEST_F(UsableMemory, is_limited_by_the_group_of_a_container_whose_path_is_the_host_s) {
  write("proc/self/cgroup", "0::/docker/0123\n");
  write("sys/fs/cgroup/memory.max", "300000000\n");
  EXPECT_EQ(usable_memory(root), 300'000'000u);
}

TEST_F(UsableMemory, is_limited_by_groups_of_version_1) {
  write("proc/self/cgroup", "12:cpu,cpuacct:/a\n5:memory:/a\n1:name=systemd:/b\n");
  write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "700000000\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(usable_memory(root), 700'000'000u);
}

TEST_F(UsableMemory, is_no_more_than_there_is_whatever_a_group_allows) {
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "99000000000\n");
  EXPECT_EQ(usable_memory(root), of_machine);
}

TEST_F(UsableMemory, is_a_gibibyte_where_nothing_can_be_read) {
  fs::remove_all(root / "proc");
  EXPECT_EQ(usable_memory(root), std::uint64_t{1} << 30);
}

}  // namespace
}  // namespace sipring::app::test
