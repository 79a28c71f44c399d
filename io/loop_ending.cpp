// How a shard drains, leaves the others, and ends. No datagram that has reached it is lost, unless
// it takes longer than the bounds below.
// SPDX-License-Identifier: MIT
#include <sipring/io/loop.h>

#include <sipring/io/clock.h>

#include <algorithm>
#include <cstring>

namespace sipring {
namespace {

// A datagram that the kernel was about to give to a socket when that left its group is there by
// then.
constexpr Duration quiet_before_leaving = std::chrono::milliseconds(20);
constexpr Duration leaving_at_most = std::chrono::seconds(1);
constexpr Duration winding_up_at_most = std::chrono::milliseconds(500);
constexpr Duration a_moment = std::chrono::milliseconds(1);

}  // namespace

void Loop::look_at_roster() {
  const std::uint32_t change = roster_.change();
  if (change == known_change_) [[likely]]
    return;
  known_change_ = change;
  steering_.place(roster_.published());
  switch (roster_.order_to(shard_)) {
    case ShardOrder::serve: break;
    case ShardOrder::drain: start_to_drain(); break;
    case ShardOrder::leave: start_to_leave(); break;
    case ShardOrder::release: break;
  }
  roster_.acknowledge(shard_, change);
}

void Loop::start_to_drain() {
  if (draining_) return;
  draining_ = true;
  user_.on_drain(engine_, now_);
  drain();
}

// Others have the table in which this shard is not; the sockets' queues may still hold something.
void Loop::start_to_leave() {
  if (leaving_) return;
  leaving_ = true;
  quiet_since_ = now_;
  leave_at_ = now_ + leaving_at_most;
  flush();
  for (Port& port : ports_) port.socket.leave_group();
}

// At the end of each turn of a shard that drains.
void Loop::watch_drain() {
  const bool is_idle = engine_.transactions_alive() == 0 && user_.is_idle();
  roster_.report(shard_, is_idle ? ShardReport::drained : ShardReport::busy);
  if (!leaving_) return;
  if (handled_ != 0) quiet_since_ = now_;
  if (now_ >= leaving_deadline()) stopping_ = true;
}

Instant Loop::leaving_deadline() const {
  return std::min(leave_at_, quiet_since_ + quiet_before_leaving);
}

// What has begun here stays. Anything else goes to where its slot will be when this shard is gone.
std::uint32_t Loop::home_while_draining(std::string_view datagram) {
  if (!engine_.begins_anew(datagram)) return shard_;
  return steering_.next_home_of_datagram(datagram).value_or(shard_);
}

// A letter lies in a buffer of its sender's, who wants that back from us: it goes on as a copy.
// Without room for one it begins here after all.
bool Loop::pass_on(const Letter& letter) {
  if (!draining_ || silent_ || letter.kind != Letter::Kind::datagram) return false;
  const std::uint32_t home = home_while_draining({letter.bytes, letter.size});
  if (home == shard_) return false;
  const auto buffer = receive_ring_.take_spare();
  if (!buffer) return false;
  Letter copy = letter;
  copy.buffer = *buffer;
  copy.bytes =
      static_cast<char*>(std::memcpy(receive_ring_.payload(*buffer), letter.bytes, letter.size));
  if (!hand_over(home, copy)) receive_ring_.give_back(*buffer);
  return true;
}

bool Loop::has_all_buffers() const {
  return std::ranges::all_of(lent_to_, [](std::uint32_t letters) { return letters == 0; });
}

// The last of the loop: nothing more is received, but letters still are, until nobody writes any
// and ours have been handled.
void Loop::wind_up() {
  flush();
  if (!shared_) return;
  stop_receiving();
  silent_ = true;
  ring_bells();
  roster_.fall_silent();
  const Instant end = read_clock() + winding_up_at_most;
  do {
    uring_.wait({.at_most = a_moment});
    (void)uring_.complete(options_.turn,
                          [this](const io_uring_cqe& completion) { dispatch(completion); });
    now_ = read_clock();
    const bool last = leaving_ || roster_.all_are_silent();
    take_letters();
    flush();
    ring_bells();
    if (last && has_all_buffers() && !has_mail(true)) return;
  } while (now_ < end);
}

// What the kernel has received into our buffers is handled.
void Loop::stop_receiving() {
  const Op op = receive_ring_.is_provided() ? Op::receive : Op::readable;
  for (std::uint32_t i = 0; i < ports_.size(); ++i) {
    if (!ports_[i].receiving) continue;
    io_uring_sqe& submission = uring_.submission();
    io_uring_prep_cancel64(&submission, CompletionToken{op, i, 0}.pack(), 0);
    io_uring_sqe_set_data64(&submission, CompletionToken{Op::cancel, 0, 0}.pack());
  }
  const auto receives = [](const Port& port) { return port.receiving; };
  const Instant end = read_clock() + winding_up_at_most;
  while (std::ranges::any_of(ports_, receives) && read_clock() < end) {
    uring_.wait({.at_most = a_moment});
    now_ = read_clock();
    (void)uring_.complete(~0U, [this](const io_uring_cqe& completion) { dispatch(completion); });
    flush();
  }
}

}  // namespace sipring
