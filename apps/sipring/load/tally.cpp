// SPDX-License-Identifier: MIT
#include <load/tally.h>

#include <numeric>
#include <type_traits>

namespace sipring::app {

static_assert(std::is_trivially_copyable_v<LoadTally>);

std::string_view to_string(Failure failure) {
  switch (failure) {
    case Failure::refused: return "refused";
    case Failure::unauthorized: return "unauthorized";
    case Failure::timed_out: return "timed_out";
    case Failure::transport: return "transport";
    case Failure::unusable: return "unusable";
    case Failure::unregistered: return "unregistered";
    case Failure::no_room: return "no_room";
    case Failure::unfinished: return "unfinished";
    case Failure::count: break;
  }
  return "";
}

std::uint64_t LoadTally::failed() const {
  return std::accumulate(failures.begin(), failures.end(), std::uint64_t{0});
}

LoadTally& LoadTally::operator+=(const LoadTally& other) {
  started += other.started;
  succeeded += other.succeeded;
  for (std::size_t i = 0; i < failures.size(); ++i) failures[i] += other.failures[i];
  for (std::size_t i = 0; i < statuses.size(); ++i) statuses[i] += other.statuses[i];
  challenged += other.challenged;
  for (std::size_t i = 0; i < unanswered.size(); ++i) unanswered[i] += other.unanswered[i];
  failovers += other.failovers;
  late += other.late;
  outstanding += other.outstanding;
  answer += other.answer;
  ringing += other.ringing;
  bye += other.bye;
  repeated += other.repeated;
  phones += other.phones;
  return *this;
}

}  // namespace sipring::app
