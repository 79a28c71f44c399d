// A memory resource whose every allocation ends at a page that cannot be read, so that one octet
// too far is a crash.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <map>
#include <memory_resource>
#include <new>

namespace sipring::test {

class GuardedMemory : public std::pmr::memory_resource {
 public:
  // What allocations have not been given back.
  [[nodiscard]] std::size_t outstanding() const { return mappings_.size(); }

 private:
  struct Mapping {
    void* start;
    std::size_t size;
  };

  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t readable = (bytes + alignment + page - 1) / page * page;
    void* start = ::mmap(nullptr, readable + page, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) throw std::bad_alloc();
    char* const guard = static_cast<char*>(start) + readable;
    if (::mprotect(guard, page, PROT_NONE) != 0) throw std::bad_alloc();
    // As close to the guard as the alignment allows: adjacent when the size is a multiple of it.
    char* const result = guard - (bytes + alignment - 1) / alignment * alignment;
    mappings_[result] = {start, readable + page};
    return result;
  }
  void do_deallocate(void* pointer, std::size_t, std::size_t) override {
    const Mapping mapping = mappings_.at(pointer);
    mappings_.erase(pointer);
    ::munmap(mapping.start, mapping.size);
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::map<void*, Mapping> mappings_;
};

}  // namespace sipring::test
