// That the count counts.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory_resource>

#include "tests/no_allocation/allocations.h"

namespace sipring::test {
namespace {

TEST(NoAllocation, counts_malloc_and_new_and_what_engines_take_memory_from) {
  const std::size_t before = allocations();
  void* volatile by_malloc = std::malloc(1);
  std::free(by_malloc);
  int* volatile by_new = new int(1);
  delete by_new;
  auto& memory = *std::pmr::new_delete_resource();
  memory.deallocate(memory.allocate(64, 64), 64, 64);
  EXPECT_EQ(allocations(), before + 3);
}

}  // namespace
}  // namespace sipring::test
