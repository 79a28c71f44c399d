// Buffer: octets of a message that several users of one shard share (a kernel send, a
// retransmission), counted without atomics. BufferPool cuts a fixed amount of memory into chunks
// and each chunk into buffers of one size; empty chunks change size freely.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/detail/frontier.h>
#include <sipring/pools/detail/list.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <utility>

namespace sipring {

class BufferPool;

// The octets follow the object in memory. At least `Buffer::padding` octets after capacity() are
// readable, never written.
class Buffer {
 public:
  static constexpr std::size_t padding = 64;

  [[nodiscard]] char* data() { return reinterpret_cast<char*>(this + 1); }
  [[nodiscard]] const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] std::uint32_t capacity() const;
  [[nodiscard]] std::string_view view() const { return {data(), size_}; }
  void resize(std::uint32_t size);

 private:
  friend class BufferPool;
  template <class>
  friend class Ref;
  explicit Buffer(BufferPool& pool) : pool_(&pool) {}

  BufferPool* pool_;
  std::uint32_t references_ = 1;
  std::uint32_t size_ = 0;
};
static_assert(sizeof(Buffer) == 16);

// Shares an object of a shard; the last one gives it back. Not to be passed to another thread.
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(const Ref& other) : object_(other.object_) {
    if (object_) ++object_->references_;
  }
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() { reset(); }

  void reset() {
    T* object = std::exchange(object_, nullptr);
    if (object && --object->references_ == 0) object->pool_->release(*object);
  }
  [[nodiscard]] T* get() const { return object_; }
  T& operator*() const { return *object_; }
  T* operator->() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  friend class BufferPool;
  explicit Ref(T& object) : object_(&object) {}
  T* object_ = nullptr;
};

class BufferPool {
 public:
  static constexpr std::size_t chunk_bytes = 256 * 1024;
  static constexpr std::uint32_t max_size =
      66'544;  // a datagram of 65,535 octets and some header fields more

  static constexpr std::size_t size_classes = 15;

  // `bytes` is rounded up to whole chunks.
  BufferPool(std::size_t bytes, std::pmr::memory_resource& memory);
  ~BufferPool();  // every buffer has come back
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // Room for at least `size` octets, size() zero; null when the memory is used up or `size` is
  // above max_size.
  [[nodiscard]] Ref<Buffer> acquire(std::size_t size);
  // The same with these octets in it.
  [[nodiscard]] Ref<Buffer> copy(std::string_view text);

  [[nodiscard]] std::uint32_t size() const { return size_; }  // buffers alive
  [[nodiscard]] std::size_t bytes() const { return chunk_count_ * chunk_bytes; }
  [[nodiscard]] std::size_t bytes_in_use() const {
    return (chunk_count_ - free_chunks_) * chunk_bytes;
  }
  [[nodiscard]] std::size_t highest_bytes_in_use() const {
    return (chunk_count_ - fewest_free_chunks_) * chunk_bytes;
  }
  // Of the next chunks, a piece that has never been touched and is to be brought into memory now;
  // empty: they are there.
  [[nodiscard]] std::span<std::byte> coming_memory();
  // What one buffer for `size` octets takes out of the pool.
  [[nodiscard]] static std::size_t footprint(std::size_t size);

  // Tests only: the nth acquire from now (1 is the next one) fails as if the pool were full.
  void fail_nth_acquire(std::uint64_t nth) { acquires_until_failure_ = nth; }

 private:
  friend class Buffer;
  friend class Ref<Buffer>;

  static constexpr std::array<std::uint32_t, size_classes> strides{
      208, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 8192, 16384, 32768, 49152, 66560};
  struct Chunk {
    List<Chunk>::Link link;
    std::uint32_t first_free = 0;  // offset of a buffer that came back; 0: none
    std::uint32_t untouched = 0;   // offset of the first octet never handed out
    std::uint16_t used = 0;
    std::uint8_t size_class = 0;
  };

  static std::uint8_t class_of(std::size_t size);
  static std::uint32_t buffers_in_chunk(std::uint8_t size_class);
  void release(Buffer& buffer);
  Chunk* chunk_with_room(std::uint8_t size_class);
  Buffer* take(Chunk& chunk);
  Chunk& chunk_of(const Buffer& buffer);
  char* start_of(const Chunk& chunk) {
    return memory_ + static_cast<std::size_t>(&chunk - chunks_) * chunk_bytes;
  }

  std::pmr::memory_resource& resource_;
  std::size_t chunk_count_;
  char* memory_;
  Chunk* chunks_;
  List<Chunk> empty_;                                // chunks without buffers
  std::array<List<Chunk>, strides.size()> partial_;  // chunks with room, by size class
  std::size_t free_chunks_;
  std::size_t fewest_free_chunks_;
  Frontier frontier_;
  std::uint32_t size_ = 0;
  std::uint64_t acquires_until_failure_ = 0;
};

}  // namespace sipring
