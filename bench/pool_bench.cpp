// What remembering costs: a slot, a buffer, a table entry, a hash, a place in a queue.
// SPDX-License-Identifier: MIT
#include <sipring/pools/buffer.h>
#include <sipring/pools/detail/ring.h>
#include <sipring/pools/hash.h>
#include <sipring/pools/pool.h>
#include <sipring/pools/table.h>

#include <benchmark/benchmark.h>

#include <memory_resource>
#include <random>
#include <string>
#include <vector>

namespace sipring {
namespace {

std::pmr::memory_resource& heap() {
  return *std::pmr::new_delete_resource();
}

struct Object {
  std::uint64_t words[24];  // about a transaction
};

void pool_acquire_and_release(benchmark::State& state) {
  Pool<Object> pool(1'024, heap());
  for (auto _ : state) {
    const Handle<Object> handle = pool.acquire();
    benchmark::DoNotOptimize(pool.find(handle));
    pool.release(handle);
  }
}
BENCHMARK(pool_acquire_and_release)->Name("pool/acquire_and_release");

void pool_find(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  Pool<Object> pool(count, heap());
  std::vector<Handle<Object>> handles(count);
  for (Handle<Object>& handle : handles) handle = pool.acquire();
  std::mt19937 random(1);
  for (auto _ : state) benchmark::DoNotOptimize(pool.find(handles[random() % count])->words[0]);
}
BENCHMARK(pool_find)->Name("pool/find")->Arg(1'000)->Arg(1'000'000);

void buffer_acquire_and_release(benchmark::State& state) {
  BufferPool pool(std::size_t{1} << 24, heap());
  const auto size = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(pool.acquire(size).get());
}
BENCHMARK(buffer_acquire_and_release)
    ->Name("buffer/acquire_and_release")
    ->Arg(200)
    ->Arg(736)
    ->Arg(65'535);

// Each iteration gives the oldest of 10,000 buffers back and takes a new one.
void buffer_rotate(benchmark::State& state) {
  BufferPool pool(std::size_t{1} << 24, heap());
  std::vector<Ref<Buffer>> held(10'000);
  for (Ref<Buffer>& buffer : held) buffer = pool.acquire(736);
  std::size_t i = 0;
  for (auto _ : state) {
    held[i].reset();
    held[i] = pool.acquire(736);
    if (++i == held.size()) i = 0;
  }
}
BENCHMARK(buffer_rotate)->Name("buffer/rotate_10000");

void table_insert_find_erase(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  Table table(count, heap());
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> hashes(count);
  for (std::uint32_t slot = 0; slot < count; ++slot) {
    hashes[slot] = random();
    if (slot + 1 < count) (void)table.insert(hashes[slot], slot);
  }
  std::uint32_t vacant = count - 1;
  for (auto _ : state) {
    hashes[vacant] = random();
    (void)table.insert(hashes[vacant], vacant);
    const auto slot = static_cast<std::uint32_t>(random() % count);
    benchmark::DoNotOptimize(table.find(hashes[slot], [&](std::uint32_t s) { return s == slot; }));
    table.erase(hashes[slot], slot);
    vacant = slot;
  }
}
BENCHMARK(table_insert_find_erase)
    ->Name("table/insert_find_erase")
    ->Arg(1'000)
    ->Arg(65'536)
    ->Arg(1'000'000);

// A branch of 60 octets with its sent-by, as the transaction table's key.
void hash_key(benchmark::State& state) {
  const std::string branch(static_cast<std::size_t>(state.range(0)), 'b');
  const HashSeed seed{1, 2};
  for (auto _ : state) {
    Hasher hasher(seed);
    hasher.add(std::string_view(branch));
    benchmark::DoNotOptimize(hasher.finish());
  }
}
BENCHMARK(hash_key)->Name("hash/add")->Arg(7)->Arg(20)->Arg(60)->Arg(64);

void hash_key_lower(benchmark::State& state) {
  const std::string host(static_cast<std::size_t>(state.range(0)), 'H');
  const HashSeed seed{1, 2};
  for (auto _ : state) {
    Hasher hasher(seed);
    hasher.add_lower(host);
    benchmark::DoNotOptimize(hasher.finish());
  }
}
BENCHMARK(hash_key_lower)->Name("hash/add_lower")->Arg(20)->Arg(60);

void ring_push_and_pop(benchmark::State& state) {
  Ring<Object*> ring(256, heap());
  Object object{};
  for (auto _ : state) {
    (void)ring.push(&object);
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(ring.pop());
  }
}
BENCHMARK(ring_push_and_pop)->Name("ring/push_and_pop");

}  // namespace
}  // namespace sipring
