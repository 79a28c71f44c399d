// SPDX-License-Identifier: MIT
#include <sipring/io/stream/stream_buffers.h>

#include <sipring/core/message/parser.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace sipring {
namespace {

constexpr std::size_t page = 4096;

}  // namespace

StreamBuffers::StreamBuffers(Uring& uring, std::uint32_t count, std::pmr::memory_resource& memory)
    : uring_(uring),
      resource_(memory),
      count_(std::bit_ceil(std::clamp(count, 1U, 32'768U))),
      memory_(count_ * stride) {
  static_assert(stride - size >= readable_padding);
  ring_memory_ = memory.allocate(count_ * sizeof(io_uring_buf), page);
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(ring_memory_);
  registration.ring_entries = count_;
  registration.bgid = group;
  if (io_uring_register_buf_ring(uring.get(), &registration, 0) != 0) return;
  ring_ = static_cast<io_uring_buf_ring*>(ring_memory_);
  io_uring_buf_ring_init(ring_);
  for (std::uint32_t id = 0; id < count_; ++id) give_back(static_cast<std::uint16_t>(id));
  publish();
}

StreamBuffers::~StreamBuffers() {
  if (ring_ != nullptr) (void)io_uring_unregister_buf_ring(uring_.get(), group);
  resource_.deallocate(ring_memory_, count_ * sizeof(io_uring_buf), page);
}

void StreamBuffers::give_back(std::uint16_t id) {
  io_uring_buf_ring_add(ring_, start(id), size, id, static_cast<int>(count_ - 1),
                        static_cast<int>(added_++));
}

void StreamBuffers::publish() {
  if (added_ != 0) io_uring_buf_ring_advance(ring_, static_cast<int>(std::exchange(added_, 0)));
}

}  // namespace sipring
