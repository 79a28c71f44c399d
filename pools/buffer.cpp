// SPDX-License-Identifier: MIT
#include <sipring/pools/buffer.h>

#include <sipring/pools/assert.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

namespace sipring {
namespace {

// Chunk offsets start past a header's worth of octets, so that offset 0 can mean "none".
constexpr std::uint32_t first_offset = 64;

// Buffers are cold when they are handed out: the next one is fetched while this one is filled.
void fetch_to_write(char* buffer, std::uint32_t size) {
  constexpr std::uint32_t most = 1'024;
  for (std::uint32_t at = 0; at < std::min(size, most); at += 64)
    __builtin_prefetch(buffer + at, 1);
}

std::uint32_t& next_free(char* buffer) {
  return *reinterpret_cast<std::uint32_t*>(buffer);
}

}  // namespace

std::uint32_t Buffer::capacity() const {
  return BufferPool::strides[pool_->chunk_of(*this).size_class] -
         static_cast<std::uint32_t>(sizeof(Buffer));
}

void Buffer::resize(std::uint32_t size) {
  SIPRING_VERIFY(size <= capacity());
  size_ = size;
}

BufferPool::BufferPool(std::size_t bytes, std::pmr::memory_resource& memory)
    : resource_(memory),
      chunk_count_((bytes + chunk_bytes - 1) / chunk_bytes),
      memory_(static_cast<char*>(memory.allocate(chunk_count_ * chunk_bytes, 4096))),
      chunks_(static_cast<Chunk*>(memory.allocate(chunk_count_ * sizeof(Chunk), alignof(Chunk)))),
      free_chunks_(chunk_count_),
      fewest_free_chunks_(chunk_count_) {
  std::uninitialized_value_construct_n(chunks_, chunk_count_);
  for (std::size_t i = 0; i < chunk_count_; ++i) empty_.push_back(chunks_[i]);
}

BufferPool::~BufferPool() {
  SIPRING_ASSERT(size_ == 0);
  resource_.deallocate(chunks_, chunk_count_ * sizeof(Chunk), alignof(Chunk));
  resource_.deallocate(memory_, chunk_count_ * chunk_bytes, 4096);
}

Ref<Buffer> BufferPool::acquire(std::size_t size) {
  if (--acquires_until_failure_ == 0) [[unlikely]]
    return {};
  if (size > max_size) return {};
  Chunk* chunk = chunk_with_room(class_of(size));
  if (chunk == nullptr) [[unlikely]]
    return {};
  ++size_;
  return Ref<Buffer>(*take(*chunk));
}

Ref<Buffer> BufferPool::copy(std::string_view text) {
  Ref<Buffer> buffer = acquire(text.size());
  if (!buffer) return {};
  if (!text.empty()) std::memcpy(buffer->data(), text.data(), text.size());
  buffer->resize(static_cast<std::uint32_t>(text.size()));
  return buffer;
}

// Chunks that have come back are taken first: those that were never used are the last ones.
std::span<std::byte> BufferPool::coming_memory() {
  constexpr std::size_t ahead = 4 * chunk_bytes;
  return frontier_.next({reinterpret_cast<std::byte*>(memory_), bytes()}, highest_bytes_in_use(),
                        ahead);
}

std::size_t BufferPool::footprint(std::size_t size) {
  const std::uint32_t buffers = buffers_in_chunk(class_of(size));
  return (chunk_bytes + buffers - 1) / buffers;
}

std::uint8_t BufferPool::class_of(std::size_t size) {
  std::uint8_t size_class = 0;
  while (strides[size_class] - sizeof(Buffer) < size) ++size_class;
  return size_class;
}

// A table: the division would be done for every buffer that comes and goes.
std::uint32_t BufferPool::buffers_in_chunk(std::uint8_t size_class) {
  static constexpr auto buffers = [] {
    std::array<std::uint32_t, size_classes> counts{};
    for (std::size_t i = 0; i < size_classes; ++i) {
      counts[i] = (chunk_bytes - first_offset - Buffer::padding) / strides[i];
    }
    return counts;
  }();
  return buffers[size_class];
}

BufferPool::Chunk* BufferPool::chunk_with_room(std::uint8_t size_class) {
  List<Chunk>& partial = partial_[size_class];
  if (!partial.empty()) return partial.first();
  Chunk* chunk = empty_.first();
  if (chunk == nullptr) return nullptr;
  empty_.remove(*chunk);
  fewest_free_chunks_ = std::min(fewest_free_chunks_, --free_chunks_);
  chunk->size_class = size_class;
  chunk->untouched = first_offset;
  chunk->first_free = 0;
  partial.push_front(*chunk);
  return chunk;
}

Buffer* BufferPool::take(Chunk& chunk) {
  char* where = start_of(chunk);
  const std::uint32_t stride = strides[chunk.size_class];
  if (chunk.first_free != 0) {
    where += chunk.first_free;
    chunk.first_free = next_free(where);
    if (chunk.first_free != 0) fetch_to_write(start_of(chunk) + chunk.first_free, stride);
  } else {
    where += chunk.untouched;
    chunk.untouched += stride;
    fetch_to_write(start_of(chunk) + chunk.untouched, stride);
  }
  if (++chunk.used == buffers_in_chunk(chunk.size_class)) partial_[chunk.size_class].remove(chunk);
  return new (where) Buffer(*this);
}

BufferPool::Chunk& BufferPool::chunk_of(const Buffer& buffer) {
  const auto offset = static_cast<std::size_t>(reinterpret_cast<const char*>(&buffer) - memory_);
  return chunks_[offset / chunk_bytes];
}

void BufferPool::release(Buffer& buffer) {
  Chunk& chunk = chunk_of(buffer);
  char* where = reinterpret_cast<char*>(&buffer);
  std::destroy_at(&buffer);
  --size_;
  if (chunk.used == buffers_in_chunk(chunk.size_class)) {
    partial_[chunk.size_class].push_front(chunk);
  }
  next_free(where) = chunk.first_free;
  chunk.first_free = static_cast<std::uint32_t>(where - start_of(chunk));
  if (--chunk.used == 0) {
    partial_[chunk.size_class].remove(chunk);
    empty_.push_front(chunk);
    ++free_chunks_;
  }
}

}  // namespace sipring
