// A stream cut into messages: however it arrives in pieces, the same frames come out, and they make
// up what was consumed. The first octet of the input says how large the pieces are.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/stream_framer.h>

#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;
using Kind = StreamFramer::Kind;

constexpr StreamFramer::Limits limits{.head_bytes = 512, .message_bytes = 1024};

struct Cut {
  Kind kind;
  std::uint64_t size;
  friend bool operator==(const Cut&, const Cut&) = default;
};

std::vector<Cut> cut(std::string_view stream, std::size_t step) {
  StreamFramer framer(limits);
  std::vector<Cut> cuts;
  std::size_t begin = 0;
  for (std::size_t end = 0; end < stream.size();) {
    end = std::min(stream.size(), end + step);
    while (begin < end) {
      const std::string received(stream.substr(begin, end - begin));  // a sanitizer sees its end
      const StreamFramer::Frame frame = framer.next(received);
      if (frame.kind == Kind::incomplete) break;
      cuts.push_back({frame.kind, frame.size});
      if (frame.kind == Kind::broken || frame.kind == Kind::too_large) return cuts;
      fuzz::must(frame.size != 0 && frame.size <= received.size(), "a frame is what has come");
      begin += frame.size;
    }
  }
  return cuts;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stream = fuzz::text_of(data + 1, size - 1);
  fuzz::must(cut(stream, data[0] + 1u) == cut(stream, stream.size()), "pieces make no difference");
  return 0;
}
