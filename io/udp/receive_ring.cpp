// SPDX-License-Identifier: MIT
#include <sipring/io/udp/receive_ring.h>

#include <sipring/pools/assert.h>

#include <netinet/udp.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace sipring {
namespace {

constexpr std::size_t page = 4096;
constexpr std::uint32_t lent_at_first = 32;

}  // namespace

ReceiveRing::ReceiveRing(Uring& uring, std::uint32_t count, bool provided,
                         std::pmr::memory_resource& memory)
    : uring_(uring),
      resource_(memory),
      count_(std::bit_ceil(std::clamp(count, 1U, 32'768U))),
      provided_(provided),
      memory_(bytes(count_)),
      idle_(&memory),
      most_lent_(std::min(count_, lent_at_first)),
      spare_(&memory),
      others_(capacity(), 0, &memory) {
  spare_.reserve(capacity());
  for (std::uint32_t id = capacity(); id > count_; --id) {
    spare_.push_back(static_cast<BufferId>(id - 1));
  }
  for (std::uint32_t id = 0; id < capacity(); ++id) *start(static_cast<BufferId>(id)) = 0;
  header_.msg_namelen = address_room;
  header_.msg_controllen = control_room;
  if (!provided) {
    for (std::uint32_t id = count_; id > 0; --id) spare_.push_back(static_cast<BufferId>(id - 1));
    return;
  }
  ring_memory_ = memory.allocate(count_ * sizeof(io_uring_buf), page);
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(ring_memory_);
  registration.ring_entries = count_;
  registration.bgid = group;
  if (io_uring_register_buf_ring(uring.get(), &registration, 0) != 0) return;
  ring_ = static_cast<io_uring_buf_ring*>(ring_memory_);
  io_uring_buf_ring_init(ring_);
  idle_.reserve(count_);
  for (std::uint32_t id = count_; id > 0; --id) idle_.push_back(static_cast<BufferId>(id - 1));
  publish();
}

ReceiveRing::~ReceiveRing() {
  if (ring_ != nullptr) (void)io_uring_unregister_buf_ring(uring_.get(), group);
  if (ring_memory_ != nullptr) {
    resource_.deallocate(ring_memory_, count_ * sizeof(io_uring_buf), page);
  }
}

std::size_t ReceiveRing::bytes(std::uint32_t count) {
  return (std::size_t{count} + spares) * stride;
}

void ReceiveRing::prepare(io_uring_sqe& submission, std::uint32_t file_index) {
  io_uring_prep_recvmsg_multishot(&submission, static_cast<int>(file_index), &header_, 0);
  submission.flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
  submission.buf_group = group;
}

ReceivedDatagram ReceiveRing::datagram(BufferId id, std::uint32_t size) const {
  const auto* header = reinterpret_cast<const io_uring_recvmsg_out*>(start(id));
  const std::uint32_t room = size < payload_offset ? 0 : size - payload_offset;
  const std::uint32_t length = std::min(header->payloadlen, room);
  return {std::string_view(payload(id), length), source(id), (header->flags & MSG_TRUNC) != 0,
          header->controllen < control_room ? 0 : segment_of(id)};
}

std::uint32_t ReceiveRing::segment_of(BufferId id) const {
  const char* const control = start(id) + sizeof(io_uring_recvmsg_out) + address_room;
  cmsghdr header{};
  std::memcpy(&header, control, sizeof header);
  if (header.cmsg_level != SOL_UDP || header.cmsg_type != UDP_GRO) return 0;
  int size = 0;
  std::memcpy(&size, control + CMSG_LEN(0), sizeof size);
  return static_cast<std::uint32_t>(std::max(size, 0));
}

SocketAddress* ReceiveRing::source(BufferId id) const {
  return reinterpret_cast<SocketAddress*>(start(id) + sizeof(io_uring_recvmsg_out));
}

std::optional<BufferId> ReceiveRing::take_spare() {
  if (spare_.empty()) return std::nullopt;
  const BufferId id = spare_.back();
  spare_.pop_back();
  return id;
}

void ReceiveRing::give_back(BufferId id) {
  SIPRING_ASSERT(id < capacity());
  if (others_[id] != 0) {
    --others_[id];
    return;
  }
  (ring_ != nullptr && id < count_ ? idle_ : spare_).push_back(id);
}

void ReceiveRing::lend(BufferId id, std::uint32_t place) {
  io_uring_buf_ring_add(ring_, start(id), payload_offset + max_datagram, id,
                        static_cast<int>(count_ - 1), static_cast<int>(place));
}

void ReceiveRing::publish() {
  std::uint32_t count = 0;
  for (; lent_ + count < most_lent_ && !idle_.empty(); ++count) {
    lend(idle_.back(), count);
    idle_.pop_back();
  }
  if (count == 0) return;
  io_uring_buf_ring_advance(ring_, static_cast<int>(count));
  lent_ += count;
}

bool ReceiveRing::lend_more() {
  if (most_lent_ == count_) return false;
  most_lent_ = std::min(2 * most_lent_, count_);
  return true;
}

}  // namespace sipring
