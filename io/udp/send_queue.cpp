// SPDX-License-Identifier: MIT
#include <sipring/io/udp/send_queue.h>

#include <sipring/pools/assert.h>

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sipring {
namespace {

// An index below 256. Not a secret: peers that collide share less, and keep their order.
std::uint32_t mix(const NetworkAddress& address) {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, address.ip.octets.data(), 8);
  std::memcpy(&low, address.ip.octets.data() + 8, 8);
  constexpr std::uint64_t odd = 0x9e37'79b9'7f4a'7c15;
  return static_cast<std::uint32_t>((((high * odd) ^ low) + address.port) * odd >> 56);
}

void set_segment(msghdr& message, char* control, std::uint32_t size) {
  message.msg_control = control;
  message.msg_controllen = CMSG_SPACE(sizeof(std::uint16_t));
  cmsghdr* segment = CMSG_FIRSTHDR(&message);
  segment->cmsg_level = SOL_UDP;
  segment->cmsg_type = UDP_SEGMENT;
  segment->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
  const auto octets = static_cast<std::uint16_t>(size);
  std::memcpy(CMSG_DATA(segment), &octets, sizeof octets);
}

// An ICMP error about an earlier datagram is reported to the next call, whatever that call is
// about.
bool may_be_about_another(int error_number) {
  return error_number == ECONNREFUSED || error_number == EHOSTUNREACH ||
         error_number == ENETUNREACH || error_number == EMSGSIZE || error_number == EPROTO ||
         error_number == EOPNOTSUPP || error_number == ENOPROTOOPT || error_number == EACCES;
}

}  // namespace

SendQueue::SendQueue(SendRoom& room, const Way& way, System system)
    : room_(room), way_(way), system_(system), segments_(room.segments_) {}

SendQueue::~SendQueue() {
  while (first_run_ != none) pop(1, nullptr);
}

// A run gathers datagrams of one size to one peer, whatever came between them. It takes none whose
// order a later run holds: that one would be overtaken.
bool SendQueue::push(Transmit&& transmit) {
  const std::uint32_t size = transmit.bytes->size();
  if (room_.is_full() || size > max_payload || (blocked_ && room_.is_scarce())) return false;
  const std::uint32_t entry =
      room_.entries_.acquire(std::move(transmit.bytes), transmit.transaction, none).slot;
  ++waiting_;
  const std::uint32_t peer = mix(transmit.destination) + way_.number;
  Handle<Run>& recent = room_.recent_[(peer + size) % SendRoom::recent_runs];
  std::uint64_t& latest = room_.latest_[(peer + transmit.lane) % SendRoom::lanes];
  Run* run = room_.runs_.find(recent);
  if (run != nullptr && latest <= run->number && extends(*run, transmit.destination, size)) {
    room_.entries_.at(run->last).next = entry;
    run->last = entry;
    ++run->count;
    run->octets += size;
  } else {
    recent = begin_run(transmit.destination, entry, size);
    run = room_.runs_.find(recent);
  }
  latest = run->number;
  return true;
}

// Behind a blocked socket the first run may be half gone; it does not matter, its rest still has
// one size.
bool SendQueue::extends(const Run& run, const NetworkAddress& peer, std::uint32_t size) const {
  return segments_ && run.queue == way_.number && size == run.segment && size <= max_segment &&
         run.count < max_segments && run.octets + size <= max_run && run.peer == peer;
}

// There are as many runs as entries, so there is one.
Handle<SendQueue::Run> SendQueue::begin_run(const NetworkAddress& peer, std::uint32_t entry,
                                            std::uint32_t size) {
  const Handle<Run> run = room_.runs_.acquire(peer, ++room_.runs_begun_, entry, entry, 1U, size,
                                              size, way_.number, none);
  SIPRING_VERIFY(run);
  (first_run_ == none ? first_run_ : room_.runs_.at(last_run_).next) = run.slot;
  last_run_ = run.slot;
  return run;
}

SendQueue::State SendQueue::flush(IoCounters& counters) {
  blocked_ = false;
  while (first_run_ != none) {
    const std::uint32_t built = build();
    const int result = system_(way_.fd, room_.messages_.data(), built, MSG_DONTWAIT);
    const int error_number = errno;
    ++counters.system_calls;
    ++counters.send_batches;
    if (result > 0) {
      // sendmmsg keeps to itself why it stopped early; an ICMP error is gone from the socket then,
      // but not from its queue.
      error_seen_ |= static_cast<std::uint32_t>(result) < built;
      sent(static_cast<std::uint32_t>(result), counters);
    } else if (!refused(error_number, counters)) {
      blocked_ = true;
      return State::blocked;
    }
  }
  return State::idle;
}

std::uint32_t SendQueue::build() {
  std::uint32_t messages = 0;
  std::uint32_t octets = 0;
  for (std::uint32_t slot = first_run_; slot != none; slot = room_.runs_.at(slot).next) {
    if (!build_run(room_.runs_.at(slot), messages, octets)) break;
  }
  SIPRING_ASSERT(messages != 0);
  return messages;
}

// False when the batch is full.
bool SendQueue::build_run(const Run& run, std::uint32_t& messages, std::uint32_t& octets) {
  const std::uint32_t per_message = segments_ ? run.count : 1;
  std::uint32_t entry = run.first;
  for (std::uint32_t left = run.count; left != 0; left -= per_message) {
    if (messages == SendRoom::batch || octets + per_message > SendRoom::batch_octets) return false;
    iovec* first = &room_.octets_[octets];
    for (std::uint32_t i = 0; i < per_message; ++i) {
      const Entry& next = room_.entries_.at(entry);
      room_.octets_[octets++] = {next.bytes->data(), next.bytes->size()};
      entry = next.next;
    }
    room_.messages_[messages].msg_hdr.msg_iov = first;
    build_message(run, messages++, per_message);
  }
  return true;
}

void SendQueue::build_message(const Run& run, std::uint32_t message, std::uint32_t covers) {
  SendRoom::Header& header = room_.headers_[message];
  msghdr& kernel = room_.messages_[message].msg_hdr;
  header.covers = covers;
  kernel.msg_name = way_.is_connected ? nullptr : &header.peer;
  kernel.msg_namelen = way_.is_connected ? 0 : to_socket_address(run.peer, header.peer);
  kernel.msg_iovlen = covers;
  kernel.msg_control = nullptr;
  kernel.msg_controllen = 0;
  if (covers > 1) set_segment(kernel, header.control.data(), run.segment);
}

void SendQueue::sent(std::uint32_t messages, IoCounters& counters) {
  retried_ = false;
  for (std::uint32_t i = 0; i < messages; ++i) {
    if (room_.headers_[i].covers > 1) ++counters.segment_runs;
    pop(room_.headers_[i].covers, &counters);
  }
}

// The message at the front was refused. False when it is to wait for the socket.
bool SendQueue::refused(int error_number, IoCounters& counters) {
  if (error_number == EINTR) return true;
  if (error_number == EAGAIN) {
    ++counters.send_blocked;
    return false;
  }
  const bool is_run = room_.headers_[0].covers > 1;
  if (is_run && (error_number == EINVAL || error_number == EIO || error_number == EMSGSIZE)) {
    ++counters.segments_refused;
    segments_ = false;
    return true;
  }
  if (may_be_about_another(error_number) && !std::exchange(retried_, true)) {
    error_seen_ = true;
    return true;
  }
  retried_ = false;
  counters[send_failure_of(error_number)] += room_.headers_[0].covers;
  pop(room_.headers_[0].covers, nullptr);
  return true;
}

// The first entries of the first run have gone, or failed when there is nothing to count them in.
void SendQueue::pop(std::uint32_t entries, IoCounters* sent_counters) {
  Run& run = room_.runs_.at(first_run_);
  for (; entries != 0; --entries) {
    const std::uint32_t slot = run.first;
    const Entry& entry = room_.entries_.at(slot);
    if (sent_counters != nullptr) {
      ++sent_counters->datagrams_sent;
      sent_counters->bytes_sent += entry.bytes->size();
    } else {
      room_.failed_.add(entry.transaction);
    }
    run.first = entry.next;
    room_.entries_.release(room_.entries_.handle_of(slot));
    --run.count;
    --waiting_;
  }
  if (run.count != 0) return;
  const std::uint32_t gone = first_run_;
  first_run_ = run.next;
  if (first_run_ == none) last_run_ = none;
  room_.runs_.release(room_.runs_.handle_of(gone));
}

bool SendQueue::take_error_seen() {
  return std::exchange(error_seen_, false);
}

}  // namespace sipring
