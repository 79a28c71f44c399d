// The loader: three kinds of maps, the program once for each listener, all by bpf(2).
// SPDX-License-Identifier: MIT
#include <sipring/io/detail/kernel_steering.h>

#include <linux/bpf.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace sipring {
namespace {

constexpr std::uint64_t program[] = {
#include <sipring/io/bpf/steer_program.inc>
};

// As in steer.bpf.c.
constexpr std::uint32_t scratch_name = 0x51b0001, homes_name = 0x51b0002, sockets_name = 0x51b0003;
struct Scratch {
  std::uint64_t position;
  std::array<std::uint8_t, 2'048 + 256> octets;
};
struct KernelHomes {
  std::uint64_t k0, k1;
  std::array<std::uint8_t, Homes::slots> first;
};

int call(bpf_cmd command, bpf_attr& attribute) {
  return static_cast<int>(::syscall(SYS_bpf, command, &attribute, sizeof attribute));
}

std::uint64_t address_of(const void* object) {
  return reinterpret_cast<std::uintptr_t>(object);
}

void close_if_open(int fd) {
  if (fd >= 0) ::close(fd);
}

// -1 and errno when the kernel does not make it.
int make_map(bpf_map_type type, std::size_t value_bytes, std::uint32_t entries) {
  bpf_attr attribute{};
  attribute.map_type = type;
  attribute.key_size = sizeof(std::uint32_t);
  attribute.value_size = static_cast<std::uint32_t>(value_bytes);
  attribute.max_entries = entries;
  return call(BPF_MAP_CREATE, attribute);
}

bool update_map(int map, std::uint32_t key, const void* value) {
  bpf_attr attribute{};
  attribute.map_fd = static_cast<std::uint32_t>(map);
  attribute.key = address_of(&key);
  attribute.value = address_of(value);
  return call(BPF_MAP_UPDATE_ELEM, attribute) == 0;
}

// A load of a map's name, two instructions long, becomes one of the map.
void put_in_place(std::span<std::uint64_t> instructions, std::uint32_t name, int map) {
  constexpr std::uint64_t load = BPF_LD | BPF_IMM | BPF_DW;
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    std::uint64_t& word = instructions[i];
    if ((word & 0xff) != load || word >> 32 != name) continue;
    word = (word & 0x0fff) | std::uint64_t{BPF_PSEUDO_MAP_FD} << 12 |
           std::uint64_t{static_cast<std::uint32_t>(map)} << 32;
  }
}

int load_program(int scratch, int homes, int sockets) {
  std::array<std::uint64_t, std::size(program)> instructions;
  std::ranges::copy(program, instructions.begin());
  put_in_place(instructions, scratch_name, scratch);
  put_in_place(instructions, homes_name, homes);
  put_in_place(instructions, sockets_name, sockets);
  bpf_attr attribute{};
  attribute.prog_type = BPF_PROG_TYPE_SK_REUSEPORT;
  attribute.insns = address_of(instructions.data());
  attribute.insn_cnt = instructions.size();
  attribute.license = address_of("MIT");
  std::strncpy(attribute.prog_name, "sipring_steer", sizeof attribute.prog_name - 1);
  return call(BPF_PROG_LOAD, attribute);
}

// False and errno: one of the steps for a listener was refused. -1: that shard has no socket.
bool attach_listener(std::span<const int> sockets, int scratch, int homes, int sockets_map) {
  int some_socket = -1;
  for (std::uint32_t shard = 0; shard < sockets.size(); ++shard) {
    if (sockets[shard] < 0) continue;
    some_socket = sockets[shard];
    const auto fd = static_cast<std::uint64_t>(some_socket);
    if (!update_map(sockets_map, shard, &fd)) return false;
  }
  const int loaded = load_program(scratch, homes, sockets_map);
  if (loaded < 0) return false;
  const bool attached =
      ::setsockopt(some_socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &loaded, sizeof loaded) == 0;
  const int error = errno;
  ::close(loaded);
  errno = error;
  return attached;
}

OpenError refused(const char* what, int error_number) {
  std::string text = "the kernel does not steer calls to their shards: ";
  text += what;
  text += ": " + error_text(error_number);
  if (error_number == EPERM) text += "; CAP_BPF allows it";
  return {OpenErrorCode::steering, error_number, std::move(text)};
}

// What was attached before a later listener's was refused.
void detach(std::span<const UdpSocket> sockets) {
  const int ignored = 0;
  for (const UdpSocket& socket : sockets) {
    (void)::setsockopt(socket.fd(), SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &ignored, sizeof ignored);
  }
}

}  // namespace

std::expected<KernelSteering, OpenError> KernelSteering::attach(
    std::span<const std::vector<UdpSocket>> sockets, const HashSeed& seed, const Homes& homes) {
  if constexpr (std::endian::native != std::endian::little) {
    return std::unexpected(refused("the program is for little-endian machines", ENOTSUP));
  }
  KernelSteering steering;
  steering.seed_ = seed;
  steering.homes_map_ = make_map(BPF_MAP_TYPE_ARRAY, sizeof(KernelHomes), 1);
  steering.scratch_map_ = make_map(BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(Scratch), 1);
  bool done = steering.scratch_map_ >= 0 && steering.homes_map_ >= 0 && steering.place(homes);
  const char* step = "no maps";
  for (std::uint32_t slot = 0; done && slot < sockets.front().size(); ++slot) {
    step = "no program";
    std::vector<int> of_listener;
    for (const auto& of_shard : sockets) of_listener.push_back(of_shard[slot].fd());
    done = steering.add(slot, of_listener);
  }
  const int error = errno;
  if (done) return steering;
  detach(sockets.front());
  return std::unexpected(refused(step, error));
}

bool KernelSteering::add(std::uint32_t slot, std::span<const int> sockets) {
  forget(slot);
  const int map = make_map(BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, sizeof(std::uint64_t),
                           static_cast<std::uint32_t>(sockets.size()));
  if (map < 0) return false;
  if (slot >= socket_maps_.size()) socket_maps_.resize(slot + 1, -1);
  socket_maps_[slot] = map;
  return attach_listener(sockets, scratch_map_, homes_map_, map);
}

void KernelSteering::forget(std::uint32_t slot) {
  if (slot < socket_maps_.size()) close_if_open(std::exchange(socket_maps_[slot], -1));
}

KernelSteering::KernelSteering(KernelSteering&& other) noexcept
    : seed_(other.seed_),
      homes_map_(std::exchange(other.homes_map_, -1)),
      scratch_map_(std::exchange(other.scratch_map_, -1)),
      socket_maps_(std::move(other.socket_maps_)) {}

KernelSteering::~KernelSteering() {
  close_if_open(homes_map_);
  close_if_open(scratch_map_);
  for (const int map : socket_maps_) close_if_open(map);
}

bool KernelSteering::place(const Homes& homes) {
  const auto value = std::make_unique<KernelHomes>(KernelHomes{seed_.k0, seed_.k1, homes.first});
  return update_map(homes_map_, 0, value.get());
}

void KernelSteering::remove(std::uint32_t shard) {
  for (const int map : socket_maps_) {
    if (map < 0) continue;
    bpf_attr attribute{};
    attribute.map_fd = static_cast<std::uint32_t>(map);
    attribute.key = address_of(&shard);
    (void)call(BPF_MAP_DELETE_ELEM, attribute);
  }
}

}  // namespace sipring
