// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/timer_wheel.h>

#include <sipring/pools/assert.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace sipring {
namespace {

constexpr int tick_shift = 22;
constexpr std::uint64_t bias = std::uint64_t{1} << 41;  // makes the tick of Instant::min() zero
// Where a wheel that has not been told the time starts: this far before the earliest timer.
constexpr std::uint64_t start_reach = std::uint64_t{1} << 18;

static_assert(TimerWheel::granularity.count() == std::int64_t{1} << tick_shift);

std::uint64_t floor_tick(Instant instant) {
  return static_cast<std::uint64_t>(instant.time_since_epoch().count() >> tick_shift) + bias;
}

}  // namespace

TimerWheel::TimerWheel(std::uint32_t timers, std::pmr::memory_resource& memory)
    : memory_(memory),
      node_count_(heads + timers),
      nodes_(static_cast<Node*>(memory.allocate(bytes(timers), 64))) {
  SIPRING_ASSERT(timers < not_armed - heads);
  for (std::uint32_t head = 0; head < heads; ++head) nodes_[head] = {head, head, 0};
}

TimerWheel::~TimerWheel() {
  memory_.deallocate(nodes_, bytes(node_count_ - heads), 64);
}

std::span<std::byte> TimerWheel::coming_memory() {
  constexpr std::size_t ahead = 4'096 * sizeof(Node);
  return frontier_.next({reinterpret_cast<std::byte*>(nodes_), node_count_ * sizeof(Node)},
                        touched_ * sizeof(Node), ahead);
}

void TimerWheel::arm(std::uint32_t id, Instant deadline) {
  const std::uint32_t node = heads + id;
  SIPRING_VERIFY(node < node_count_);
  touch(node);
  if (nodes_[node].next != not_armed) unlink(node);
  const Tick tick = tick_after(deadline);
  if (!started_ && (size_ == 0 || tick < position_)) [[unlikely]] {
    move_back(tick - std::min(tick, start_reach));
  }
  nodes_[node].tick = std::max(tick, position_);
  link(node);
  ++size_;
}

void TimerWheel::arm_in_order(std::uint32_t queue, std::uint32_t id, Instant deadline) {
  const std::uint32_t node = heads + id;
  const std::uint32_t head = slot_heads + queue;
  SIPRING_VERIFY(node < node_count_ && queue < queues);
  touch(node);
  if (nodes_[node].next != not_armed) unlink(node);
  const Tick tick = std::max(tick_after(deadline), nodes_[head].tick);
  nodes_[head].tick = nodes_[node].tick = tick;
  queued_due_ = std::min(queued_due_, tick);
  occupied_queues_ |= 1U << queue;
  append(head, node);
  ++size_;
}

std::optional<TimerWheel::Queued> TimerWheel::first_of(std::uint32_t queue) const {
  const std::uint32_t node = nodes_[slot_heads + queue].next;
  if (node < heads) return std::nullopt;
  return Queued{node - heads, instant_of(nodes_[node].tick)};
}

void TimerWheel::stop(std::uint32_t id) {
  if (armed(id)) unlink(heads + id);
}

bool TimerWheel::armed(std::uint32_t id) const {
  const std::uint32_t node = heads + id;
  SIPRING_VERIFY(node < node_count_);
  return node < touched_ && nodes_[node].next != not_armed;
}

Instant TimerWheel::next_deadline() const {
  if (size_ == 0) return never;
  if (occupied_levels_ == 0) return instant_of(queued_due_);
  return instant_of(std::min(queued_due_, nodes_[first_head()].tick));
}

// The node of a timer that is due, unlinked, or no_node.
std::uint32_t TimerWheel::pop(Instant now) {
  const Tick due = floor_tick(now);
  if (!started_) [[unlikely]] {
    if (due < position_) move_back(due);
    started_ = true;
  }
  if (queued_due_ <= due) {
    const std::uint32_t node = pop_queued(due);
    if (node != no_node) return node;
  }
  while (occupied_levels_ != 0) {
    const std::uint32_t head = first_head();
    const std::uint32_t level = head / slots;
    if (level != 0) {
      const int shift = static_cast<int>(level) * digit_bits;
      const Tick slot_start = (((position_ >> shift) & ~Tick{slots - 1}) | head % slots) << shift;
      if (slot_start > due) break;
      enter(level, head, due);
      continue;
    }
    const std::uint32_t node = nodes_[head].next;
    if (nodes_[node].tick > due) break;
    position_ = nodes_[node].tick;
    unlink(node);
    return node;
  }
  position_ = std::max(position_, due);
  return no_node;
}

std::uint32_t TimerWheel::pop_queued(Tick due) {
  Tick first = no_tick;
  for (std::uint32_t left = occupied_queues_; left != 0; left &= left - 1) {
    const auto queue = static_cast<std::uint32_t>(std::countr_zero(left));
    const std::uint32_t node = nodes_[slot_heads + queue].next;
    if (nodes_[node].tick <= due) {
      unlink(node);
      return node;
    }
    first = std::min(first, nodes_[node].tick);
  }
  queued_due_ = first;
  return no_node;
}

// Moves the position into a slot that starts not after `due`, and the slot's timers down.
void TimerWheel::enter(std::uint32_t level, std::uint32_t head, Tick due) {
  // Beyond the slot's start where no timer is in between: saves steps through the levels below.
  const int shift = static_cast<int>(level) * digit_bits;
  const Tick slot_start = (((position_ >> shift) & ~Tick{slots - 1}) | head % slots) << shift;
  position_ = std::max(slot_start, std::min(due, nodes_[head].tick));
  std::uint32_t node = nodes_[head].next;
  nodes_[head].next = nodes_[head].previous = head;
  occupied_[level] &= occupied_[level] - 1;  // it is the first one
  if (occupied_[level] == 0) occupied_levels_ &= ~(1U << level);
  while (node != head) {
    const std::uint32_t next = nodes_[node].next;
    link(node);
    node = next;
  }
}

// Places every timer of a slot anew. Only a wheel that has not started may go back.
void TimerWheel::move_back(Tick position) {
  position_ = position;
  occupied_levels_ = 0;
  occupied_ = {};
  std::uint32_t first = no_node, last = no_node;  // the rings, one behind the other
  for (std::uint32_t head = 0; head < slot_heads; ++head) {
    const Node ring = std::exchange(nodes_[head], {head, head, 0});
    if (ring.next == head) continue;
    (last == no_node ? first : nodes_[last].next) = ring.next;
    last = ring.previous;
  }
  for (std::uint32_t node = first; node != no_node;) {
    const std::uint32_t next = node == last ? no_node : nodes_[node].next;
    link(node);
    node = next;
  }
}

// Levels and slots are in order of time: the first of the first.
std::uint32_t TimerWheel::first_head() const {
  const auto level = static_cast<std::uint32_t>(std::countr_zero(occupied_levels_));
  return level * slots + static_cast<std::uint32_t>(std::countr_zero(occupied_[level]));
}

void TimerWheel::touch(std::uint32_t node) {
  while (touched_ <= node) nodes_[touched_++].next = not_armed;
}

void TimerWheel::link(std::uint32_t node) {
  const Tick tick = nodes_[node].tick;
  const int highest_bit = 63 - std::countl_zero((tick ^ position_) | 1);
  const auto level = static_cast<std::uint32_t>(highest_bit / digit_bits);
  const auto slot = static_cast<std::uint32_t>(tick >> (level * digit_bits)) & (slots - 1);
  const std::uint32_t at = level * slots + slot;
  Node& head = nodes_[at];
  const bool was_empty = (occupied_[level] >> slot & 1) == 0;
  head.tick = was_empty ? tick : std::min(head.tick, tick);
  occupied_[level] |= std::uint64_t{1} << slot;
  occupied_levels_ |= 1U << level;
  append(at, node);
}

void TimerWheel::append(std::uint32_t head, std::uint32_t node) {
  const std::uint32_t last = std::exchange(nodes_[head].previous, node);
  nodes_[node].next = head;
  nodes_[node].previous = last;
  nodes_[last].next = node;
}

void TimerWheel::unlink(std::uint32_t node) {
  const std::uint32_t next = nodes_[node].next;
  const std::uint32_t previous = nodes_[node].previous;
  nodes_[next].previous = previous;
  nodes_[previous].next = next;
  nodes_[node].next = not_armed;
  --size_;
  if (next != previous || next >= heads) return;
  // Both neighbours are the head: the slot or queue is empty.
  if (next >= slot_heads) {
    occupied_queues_ &= ~(1U << (next - slot_heads));
    return;
  }
  const std::uint32_t level = next / slots;
  occupied_[level] &= ~(std::uint64_t{1} << (next % slots));
  if (occupied_[level] == 0) occupied_levels_ &= ~(1U << level);
}

TimerWheel::Tick TimerWheel::tick_after(Instant deadline) {
  const bool between = (deadline.time_since_epoch().count() & (granularity.count() - 1)) != 0;
  return std::min(floor_tick(deadline) + (between ? 1 : 0), last_tick);
}

Instant TimerWheel::instant_of(Tick tick) {
  return Instant(Duration(static_cast<std::int64_t>((tick - bias) << tick_shift)));
}

}  // namespace sipring
