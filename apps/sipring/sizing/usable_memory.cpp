// SPDX-License-Identifier: MIT
#include <sizing/usable_memory.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

namespace sipring::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t where_unknown = std::uint64_t{1} << 30;

// /proc/meminfo begins with "MemTotal:  24615148 kB".
std::uint64_t of_machine(const fs::path& root) {
  std::ifstream file(root / "proc/meminfo");
  std::string name;
  std::uint64_t kilobytes = 0;
  while (file >> name) {
    if (name == "MemTotal:" && file >> kilobytes) return kilobytes * 1'024;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return unlimited;
}

// One number, or "max".
std::uint64_t limit_in(const fs::path& file) {
  std::uint64_t bytes = 0;
  return std::ifstream(file) >> bytes && bytes != 0 ? bytes : unlimited;
}

// In a container the group's path may be that of the host, of which there is only the end: what is
// missing limits nothing.
std::uint64_t least_of(const fs::path& mount, const std::string& group, const char* file) {
  std::uint64_t least = limit_in(mount / file);
  fs::path folder = mount;
  for (const fs::path& part : fs::path(group).relative_path()) {
    folder /= part;
    least = std::min(least, limit_in(folder / file));
  }
  return least;
}

bool names_memory(std::string_view controllers) {
  return ("," + std::string(controllers) + ",").find(",memory,") != std::string::npos;
}

// Lines of /proc/self/cgroup: NUMBER:CONTROLLERS:PATH, without controllers in version 2.
std::uint64_t of_groups(const fs::path& root) {
  std::ifstream file(root / "proc/self/cgroup");
  std::uint64_t least = unlimited;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    const fs::path mounts = root / "sys/fs/cgroup";
    if (controllers.empty()) {
      least = std::min(least, least_of(mounts, group, "memory.max"));
    } else if (names_memory(controllers)) {
      least = std::min(least, least_of(mounts / "memory", group, "memory.limit_in_bytes"));
    }
  }
  return least;
}

}  // namespace

std::uint64_t usable_memory(const fs::path& root) {
  const std::uint64_t least = std::min(of_machine(root), of_groups(root));
  return least == unlimited ? where_unknown : least;
}

}  // namespace sipring::app
