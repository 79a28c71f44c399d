// A memory resource that knows which of its pages are there: on small ones, each of which the
// kernel brings when it is first touched.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory_resource>
#include <new>
#include <span>
#include <vector>

namespace sipring::test {

class ResidentMemory : public std::pmr::memory_resource {
 public:
  static constexpr std::size_t page = 4096;

  [[nodiscard]] std::size_t pages() const {
    std::size_t pages = 0;
    for (const auto& [start, bytes] : slabs_) pages += bytes / page;
    return pages;
  }
  [[nodiscard]] std::size_t resident_pages() const {
    std::size_t resident = 0;
    for (const auto& [start, bytes] : slabs_) {
      std::vector<unsigned char> pages(bytes / page);
      if (::mincore(start, bytes, pages.data()) != 0) throw std::bad_alloc();
      resident += static_cast<std::size_t>(
          std::ranges::count_if(pages, [](unsigned char word) { return (word & 1) != 0; }));
    }
    return resident;
  }

 private:
  static std::size_t whole_pages(std::size_t bytes) { return (bytes + page - 1) / page * page; }

  void* do_allocate(std::size_t bytes, std::size_t) override {
    bytes = whole_pages(bytes);
    void* const start =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) throw std::bad_alloc();
    (void)::madvise(start, bytes, MADV_NOHUGEPAGE);
    slabs_[start] = bytes;
    return start;
  }
  void do_deallocate(void* start, std::size_t bytes, std::size_t) override {
    slabs_.erase(start);
    ::munmap(start, whole_pages(bytes));
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::map<void*, std::size_t> slabs_;
};

// Brings the pages of a piece, as a loop does.
inline void touch(std::span<std::byte> piece) {
  for (std::size_t at = 0; at < piece.size(); at += ResidentMemory::page) {
    *const_cast<volatile std::byte*>(&piece[at]) = {};
  }
  if (!piece.empty()) *const_cast<volatile std::byte*>(&piece.back()) = {};
}

}  // namespace sipring::test
