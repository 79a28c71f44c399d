// SPDX-License-Identifier: MIT
#include <sipring/io/detail/placement.h>

#include <linux/mempolicy.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace sipring {
namespace {

std::string name_of(std::uint32_t shard) {
  return "shard " + std::to_string(shard);
}

}  // namespace

std::vector<int> usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) cpus.push_back(cpu);
  }
  return cpus;
}

std::optional<int> cpu_of(std::uint32_t shard, const ShardOptions& options,
                          std::span<const int> usable) {
  if (!options.cpus.empty()) {
    return static_cast<int>(options.cpus[shard % options.cpus.size()]);
  }
  if (!options.pin || usable.empty()) return std::nullopt;
  const std::size_t place = std::size_t{options.first_cpu} + shard;
  return usable[place % usable.size()];
}

std::expected<void, OpenError> pin_thread(std::uint32_t shard, int cpu) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(static_cast<std::size_t>(cpu), &cpus);
  if (::sched_setaffinity(0, sizeof cpus, &cpus) == 0) return {};
  return std::unexpected(OpenError{
      OpenErrorCode::cpu, errno,
      name_of(shard) + " cannot run on CPU " + std::to_string(cpu) + ": " + error_text(errno)});
}

std::expected<void, OpenError> set_nice_level(std::uint32_t shard, int level) {
  if (::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), level) == 0) return {};
  return std::unexpected(OpenError{OpenErrorCode::priority, errno,
                                   name_of(shard) + " cannot have nice level " +
                                       std::to_string(level) + ": " + error_text(errno) +
                                       "; CAP_SYS_NICE allows levels below the present one"});
}

std::optional<std::string> bind_memory(std::uint32_t shard) {
  constexpr std::size_t bits = 64;
  unsigned cpu = 0;
  unsigned node = 0;
  std::array<std::uint64_t, 16> nodes{};
  bool bound = ::getcpu(&cpu, &node) == 0 && node < nodes.size() * bits;
  if (bound) {
    nodes[node / bits] = std::uint64_t{1} << node % bits;
    // The kernel takes one bit less than it is told of.
    bound = ::syscall(SYS_set_mempolicy, MPOL_BIND, nodes.data(), nodes.size() * bits + 1) == 0;
  }
  if (bound) return std::nullopt;
  return name_of(shard) + ": its memory is not bound to NUMA node " + std::to_string(node) + ": " +
         error_text(errno);
}

}  // namespace sipring
