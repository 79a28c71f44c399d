// SPDX-License-Identifier: MIT
#include <sipring/io/send_queue.h>

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

SendQueue::SendQueue(int fd, const SendOptions& options, std::pmr::memory_resource& memory,
                     System system)
    : fd_(fd),
      system_(system),
      capacity_(std::max(options.capacity, 1U)),
      segments_(options.segments),
      connected_(options.connected),
      entries_(&memory),
      runs_(&memory),
      failures_(&memory) {
  entries_.reserve(capacity_);
  runs_.reserve(capacity_);
  failures_.reserve(capacity_);
}

// A run gathers datagrams of one size to one peer, whatever came between them. It takes none whose
// order a later run holds: that one would be overtaken.
bool SendQueue::push(Transmit&& transmit) {
  const std::uint32_t size = transmit.bytes->size();
  if (entries_.size() == capacity_ || size > max_payload) return false;
  const auto entry = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({std::move(transmit.bytes), transmit.transaction, none});
  ++waiting_;
  const std::uint32_t peer = mix(transmit.destination);
  std::uint32_t& recent = recent_[(peer + size) % recent_runs];
  Latest& latest = latest_[(peer + transmit.order) % orders];
  const bool overtakes = latest.round == round_ && latest.run > recent;
  if (!overtakes && extends(recent, transmit.destination, size)) {
    Run& run = runs_[recent];
    entries_[run.last].next = entry;
    run.last = entry;
    ++run.count;
    run.octets += size;
  } else {
    recent = static_cast<std::uint32_t>(runs_.size());
    runs_.push_back({transmit.destination, entry, entry, 1, size, size});
  }
  latest = {recent, round_};
  return true;
}

// Stale numbers from an earlier turn do no harm: what they point to is for another peer or size, or
// may as well be extended. Behind a blocked socket the first run may be half gone; it does not
// matter, its rest still has one size.
bool SendQueue::extends(std::uint32_t index, const NetworkAddress& peer, std::uint32_t size) const {
  if (!segments_ || index < next_run_ || index >= runs_.size()) return false;
  const Run& run = runs_[index];
  return size == run.segment && size <= max_segment && run.count < max_segments &&
         run.octets + size <= max_run && run.peer == peer;
}

SendQueue::State SendQueue::flush(IoCounters& counters) {
  blocked_ = false;
  while (next_run_ < runs_.size()) {
    const std::uint32_t built = build();
    const int result = system_(fd_, messages_.data(), built, MSG_DONTWAIT);
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
  reset();
  return State::idle;
}

std::uint32_t SendQueue::build() {
  std::uint32_t messages = 0;
  std::uint32_t octets = 0;
  for (std::uint32_t i = next_run_; i < runs_.size(); ++i) {
    if (!build_run(runs_[i], messages, octets)) break;
  }
  SIPRING_ASSERT(messages != 0);
  return messages;
}

// False when the batch is full.
bool SendQueue::build_run(const Run& run, std::uint32_t& messages, std::uint32_t& octets) {
  const std::uint32_t per_message = segments_ ? run.count : 1;
  std::uint32_t entry = run.first;
  for (std::uint32_t left = run.count; left != 0; left -= per_message) {
    if (messages == batch || octets + per_message > batch_octets) return false;
    iovec* first = &octets_[octets];
    for (std::uint32_t i = 0; i < per_message; ++i) {
      Buffer& buffer = *entries_[entry].bytes;
      octets_[octets++] = {buffer.data(), buffer.size()};
      entry = entries_[entry].next;
    }
    messages_[messages].msg_hdr.msg_iov = first;
    build_message(run, messages++, per_message);
  }
  return true;
}

void SendQueue::build_message(const Run& run, std::uint32_t message, std::uint32_t covers) {
  Header& header = headers_[message];
  msghdr& kernel = messages_[message].msg_hdr;
  header.covers = covers;
  kernel.msg_name = connected_ ? nullptr : &header.peer;
  kernel.msg_namelen = connected_ ? 0 : to_socket_address(run.peer, header.peer);
  kernel.msg_iovlen = covers;
  kernel.msg_control = nullptr;
  kernel.msg_controllen = 0;
  if (covers > 1) set_segment(kernel, header.control.data(), run.segment);
}

void SendQueue::sent(std::uint32_t messages, IoCounters& counters) {
  retried_ = false;
  for (std::uint32_t i = 0; i < messages; ++i) {
    if (headers_[i].covers > 1) ++counters.segment_runs;
    pop(headers_[i].covers, &counters);
  }
}

// The message at the front was refused. False when it is to wait for the socket.
bool SendQueue::refused(int error_number, IoCounters& counters) {
  if (error_number == EINTR) return true;
  if (error_number == EAGAIN) {
    ++counters.send_blocked;
    return false;
  }
  const bool is_run = headers_[0].covers > 1;
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
  counters[send_failure_of(error_number)] += headers_[0].covers;
  pop(headers_[0].covers, nullptr);
  return true;
}

// The first entries of the first run have gone, or failed when there is nothing to count them in.
void SendQueue::pop(std::uint32_t entries, IoCounters* sent_counters) {
  Run& run = runs_[next_run_];
  for (; entries != 0; --entries) {
    Entry& entry = entries_[run.first];
    if (sent_counters != nullptr) {
      ++sent_counters->datagrams_sent;
      sent_counters->bytes_sent += entry.bytes->size();
    } else if (entry.transaction && failures_.size() < capacity_) {
      failures_.push_back(entry.transaction);
    }
    entry.bytes.reset();
    run.first = entry.next;
    --run.count;
    --waiting_;
  }
  if (run.count == 0) ++next_run_;
}

void SendQueue::reset() {
  SIPRING_VERIFY(waiting_ == 0);
  entries_.clear();
  runs_.clear();
  next_run_ = 0;
  ++round_;
}

std::optional<Handle<Transaction>> SendQueue::next_failure() {
  if (failures_.empty()) return std::nullopt;
  const Handle<Transaction> failure = failures_.back();
  failures_.pop_back();
  return failure;
}

bool SendQueue::take_error_seen() {
  return std::exchange(error_seen_, false);
}

}  // namespace sipring
