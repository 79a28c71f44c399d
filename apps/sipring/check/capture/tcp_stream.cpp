// SPDX-License-Identifier: MIT
#include <check/capture/tcp_stream.h>

#include <algorithm>
#include <utility>

namespace sipring::app {

bool begins_like_sip(std::string_view octets) {
  const std::string_view line = octets.substr(0, octets.find_first_of("\r\n"));
  return line.starts_with("SIP/") || line.find(" SIP/") != std::string_view::npos;
}

// Sequence numbers wrap around; the map holds them in order of their distance from a start.
void TcpStream::add(const TcpSegment& segment, const Take& take) {
  if (!next_) {
    if (!segment.starts && !begins_like_sip(segment.payload)) return;
    next_ = segment.sequence;
  }
  if (!segment.payload.empty()) {
    held_octets_ += segment.payload.size();
    held_.insert_or_assign(segment.sequence, std::string(segment.payload));
    append_held(take);
  }
  if (held_octets_ > most_held || segment.ends) end(take);
}

void TcpStream::end(const Take& take) {
  while (!held_.empty()) {
    skip_gap();
    append_held(take);
  }
}

// Takes every held segment that follows at once; what has been taken before is left out.
void TcpStream::append_held(const Take& take) {
  for (bool found = true; found;) {
    found = false;
    for (auto i = held_.begin(); i != held_.end(); ++i) {
      const auto behind = static_cast<std::int32_t>(*next_ - i->first);
      if (behind < 0) continue;
      const std::string octets = std::move(i->second);
      held_octets_ -= octets.size();
      held_.erase(i);
      const auto known = std::min(static_cast<std::size_t>(behind), octets.size());
      *next_ += static_cast<std::uint32_t>(octets.size() - known);
      append(std::string_view(octets).substr(known), take);
      found = true;
      break;
    }
  }
}

// Half a message before the gap is of no use, and what follows must begin one.
void TcpStream::skip_gap() {
  ++gaps_;
  received_.clear();
  framer_ = StreamFramer();
  discard_ = 0;
  while (!held_.empty()) {
    const auto nearest = std::ranges::min_element(
        held_, {}, [this](const auto& segment) { return segment.first - *next_; });
    if (begins_like_sip(nearest->second)) {
      next_ = nearest->first;
      return;
    }
    held_octets_ -= nearest->second.size();
    held_.erase(nearest);
  }
  next_.reset();
}

void TcpStream::append(std::string_view octets, const Take& take) {
  const auto discarded = static_cast<std::size_t>(std::min<std::uint64_t>(discard_, octets.size()));
  discard_ -= discarded;
  received_ += octets.substr(discarded);
  cut(take);
}

void TcpStream::cut(const Take& take) {
  for (;;) {
    const StreamFramer::Frame frame = framer_.next(received_);
    switch (frame.kind) {
      case StreamFramer::Kind::incomplete: return;
      case StreamFramer::Kind::message:
        take(std::string_view(received_).substr(0, static_cast<std::size_t>(frame.size)));
        break;
      case StreamFramer::Kind::line_end:
      case StreamFramer::Kind::keep_alive: break;
      case StreamFramer::Kind::too_large:
        take(received_);
        discard_ = frame.size - std::min<std::uint64_t>(frame.size, received_.size());
        break;
      case StreamFramer::Kind::broken:  // what came is explained; the next segment may begin anew
        take(std::exchange(received_, {}));
        framer_ = StreamFramer();
        next_.reset();
        return;
    }
    received_.erase(
        0, static_cast<std::size_t>(std::min<std::uint64_t>(frame.size, received_.size())));
  }
}

}  // namespace sipring::app
