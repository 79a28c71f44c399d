// SPDX-License-Identifier: MIT
#include <check/capture/hep3.h>
#include <check/capture/tcp_stream.h>
#include <check/open_body.h>
#include <check/sip_start.h>

#include <algorithm>
#include <utility>

namespace sipring::app {
namespace {

// Offsets start here, so that what is sent again from before the first segment has one, too.
constexpr std::uint64_t first_offset = std::uint64_t{1} << 32;
constexpr std::int32_t widest_window = 1 << 30;  // octets (RFC 7323 section 2.3)
constexpr std::int32_t sent_again = 1 << 20;     // so far back may be what a packet says again

bool is_text(char octet) {
  return octet >= ' ' && octet < 0x7f;
}

}  // namespace

TcpStreamTally& TcpStreamTally::operator+=(const TcpStreamTally& other) {
  gaps += other.gaps;
  octets_skipped += other.octets_skipped;
  keep_alives += other.keep_alives;
  not_sip += other.not_sip;
  hep3 += other.hep3;
  return *this;
}

void TcpStream::add(const TcpSegment& segment, const Take& take) {
  if (is_anew(segment)) restart(take);
  if (!is_open_) begin(segment);
  has_ended_ = has_ended_ || segment.ends;
  if (segment.payload.empty()) return;
  has_octets_ = true;
  if (state_ == State::other) {
    ++count_of_other();
    return;
  }
  const auto offset =
      static_cast<std::uint64_t>(static_cast<std::int64_t>(next_offset_) + distance_to(segment));
  if (offset + segment.payload.size() <= next_offset_) return;  // sent again
  hold(offset, segment.payload);
  append_held(take);
  while (held_octets_ > most_held) {
    skip_gap();
    append_held(take);
  }
}

// Without a SYN the connection was there before the capture.
void TcpStream::begin(const TcpSegment& segment) {
  is_open_ = true;
  state_ = segment.starts ? State::undecided : State::searching;
  next_ = segment.sequence;
  next_offset_ = first_offset;
}

// A SYN always; and where the capture lacks it, a message that does not fit what was there: behind
// the end, or farther away than any window.
bool TcpStream::is_anew(const TcpSegment& segment) const {
  if (segment.starts) return true;
  if (!is_open_ || !is_start_line(segment.payload)) return false;
  const std::int32_t distance = distance_to(segment);
  return distance < -sent_again || distance > widest_window || (has_ended_ && distance > 0);
}

std::int32_t TcpStream::distance_to(const TcpSegment& segment) const {
  return static_cast<std::int32_t>(segment.sequence - next_);
}

void TcpStream::hold(std::uint64_t offset, std::string_view octets) {
  std::string& held = held_[offset];
  if (octets.size() <= held.size()) return;
  held_octets_ += octets.size() - held.size();
  held = octets;
}

// Takes every held segment that follows at once; what has been taken before is left out.
void TcpStream::append_held(const Take& take) {
  while (!held_.empty() && held_.begin()->first <= next_offset_) {
    const auto first = held_.extract(held_.begin());
    const std::string_view octets = first.mapped();
    held_octets_ -= octets.size();
    const std::uint64_t known = next_offset_ - first.key();
    if (known >= octets.size()) continue;
    const std::string_view fresh = octets.substr(static_cast<std::size_t>(known));
    next_ += static_cast<std::uint32_t>(fresh.size());
    next_offset_ += fresh.size();
    append(fresh, take);
  }
}

// Half a message before the gap is of no use, and what follows must begin one.
void TcpStream::skip_gap() {
  ++tally_.gaps;
  next_ += static_cast<std::uint32_t>(held_.begin()->first - next_offset_);
  next_offset_ = held_.begin()->first;
  skip_received();
  discard_ = 0;
  turn_to(State::searching);
}

void TcpStream::append(std::string_view octets, const Take& take) {
  if (state_ == State::other) return void(++count_of_other());
  const auto discarded = static_cast<std::size_t>(std::min<std::uint64_t>(discard_, octets.size()));
  discard_ -= discarded;
  octets.remove_prefix(discarded);
  const bool is_between = state_ != State::searching && received_.empty();
  if (is_between && is_keep_alive(octets)) return void(++tally_.keep_alives);
  if (!has_been_sip_) ++pending_.not_sip;
  // Messages begin where segments do.
  if (state_ == State::searching && is_start_line(octets)) skip_received();
  received_ += octets;
  if (state_ == State::undecided) decide();
  if (state_ == State::searching) search();
  if (state_ == State::sip) cut(take);
}

// By the first line, as soon as it is clear.
void TcpStream::decide() {
  received_.erase(0, keep_alive_size(received_));
  if (received_.empty()) return;
  is_hep3_ = received_.starts_with(hep3_magic);
  if (is_hep3_ || !is_text(received_.front())) return turn_to(State::other);
  if (begins_like_sip(received_)) return turn_to(State::sip);
  const bool has_line =
      received_.size() > most_start_line || received_.find_first_of("\r\n") != received_.npos;
  if (has_line) turn_to(on_port_ && !begins_like_http(received_) ? State::sip : State::other);
}

// What has no start line is dropped, but for the last line, which may become one.
void TcpStream::search() {
  const std::size_t start = find_start_line(received_);
  const std::size_t last_line = received_.rfind('\n') + 1;  // 0: there is none
  const bool is_found = start != received_.npos;
  const bool is_long = received_.size() - last_line > most_start_line;
  const std::size_t skipped = is_found ? start : is_long ? received_.size() : last_line;
  pending_.octets_skipped += skipped;
  received_.erase(0, skipped);
  if (is_found) turn_to(State::sip);
}

void TcpStream::cut(const Take& take) {
  std::size_t done = 0;
  while (state_ == State::sip) {
    const std::size_t size = cut_one(std::string_view(received_).substr(done), take);
    if (size == 0) break;
    done += size;
  }
  received_.erase(0, done);
}

// The size of what is done with; 0: more must come.
std::size_t TcpStream::cut_one(std::string_view rest, const Take& take) {
  if (!in_message_)
    if (const std::size_t between = keep_alive_size(rest); between != 0) return between;
  if (!in_message_ && may_become_keep_alive(rest)) return 0;
  const StreamFramer::Frame frame = framer_.next(rest);
  in_message_ = frame.kind == StreamFramer::Kind::incomplete && !rest.empty();
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(frame.size, rest.size()));
  switch (frame.kind) {
    case StreamFramer::Kind::incomplete: return 0;
    case StreamFramer::Kind::broken: return cut_broken(frame, rest, take);
    case StreamFramer::Kind::line_end:
    case StreamFramer::Kind::keep_alive: return size;
    case StreamFramer::Kind::too_large: discard_ = frame.size - size; [[fallthrough]];
    case StreamFramer::Kind::message: take(rest.substr(0, size)); return size;
  }
  return 0;
}

// Up to the next start line; where there is none yet, one is looked for in what comes. What has no
// Content-Length may be a head alone.
std::size_t TcpStream::cut_broken(const StreamFramer::Frame& frame, std::string_view rest,
                                  const Take& take) {
  framer_ = StreamFramer();
  if (ends_with_its_head(frame, rest)) {
    take(rest.substr(0, static_cast<std::size_t>(frame.size)));
    return static_cast<std::size_t>(frame.size);
  }
  const std::size_t first_line = std::min(rest.find('\n'), rest.size() - 1) + 1;
  const std::size_t next = find_start_line(rest.substr(first_line));
  const std::size_t size = next == rest.npos ? rest.size() : first_line + next;
  take(rest.substr(0, size));
  if (next == rest.npos) turn_to(State::searching);
  return size;
}

void TcpStream::end(const Take& take) {
  while (!held_.empty()) {
    skip_gap();
    append_held(take);
  }
  skip_received();
  (has_been_sip_ ? pending_.not_sip : pending_.octets_skipped) = 0;
  tally_ += std::exchange(pending_, {});
}

void TcpStream::restart(const Take& take) {
  if (has_octets_) end(take);
  TcpStream anew(on_port_);
  anew.tally_ = tally_;
  *this = std::move(anew);
}

void TcpStream::skip_received() {
  pending_.octets_skipped += received_.size();
  received_.clear();
}

void TcpStream::turn_to(State state) {
  state_ = state;
  framer_ = StreamFramer();
  in_message_ = false;
  if (state == State::sip) has_been_sip_ = true;
  if (state != State::other) return;
  count_of_other() += pending_.not_sip + held_.size();
  pending_ = {};
  received_.clear();
  held_.clear();
  held_octets_ = 0;
}

}  // namespace sipring::app
