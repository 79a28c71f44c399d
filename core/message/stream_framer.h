// StreamFramer: the octets of a connection cut into messages (RFC 3261 section 18.3) and
// keep-alives (RFC 5626 sections 3.5.1, 4.4.1). It holds no octets, only how far it has come: no
// octet of a head is looked at twice, however small the pieces in which it arrives.
//
//   for (;;) {
//     const StreamFramer::Frame frame = framer.next(received);   // all octets not consumed yet
//     if (frame.kind == StreamFramer::Kind::incomplete) break;   // receive more behind them
//     ... received.substr(0, frame.size) is it ...
//     received.remove_prefix(frame.size);
//   }
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring {

class StreamFramer {
 public:
  enum class Kind : std::uint8_t {
    // Nothing to consume; `size`: how many octets the message has, 0 when not known yet.
    incomplete,
    message,     // head and body, for parse()
    line_end,    // a CRLF between messages: the answer to a keep-alive, or nothing (section 7.5)
    keep_alive,  // the second CRLF of a keep-alive: to be answered with one CRLF
    // Its head is there and readable; answer it with 413 or 513, then discard `size` octets as they
    // come.
    too_large,
    // `error` says why, its offset is from the first octet; what follows cannot be told apart.
    broken,
  };

  struct Frame {
    Kind kind = Kind::incomplete;
    std::uint64_t size = 0;
    ParseError error;
  };

  struct Limits {
    std::uint32_t head_bytes = 65'535;
    std::uint32_t message_bytes = 65'535;
  };

  StreamFramer() = default;
  explicit StreamFramer(const Limits& limits) : limits_(limits) {}

  // Nothing of `bytes` is kept: it may move between calls. It begins behind what has been consumed.
  // After `incomplete` it must begin with the same octets again; after anything else but `broken`,
  // `size` octets count as consumed. A message without Content-Length has no body.
  [[nodiscard]] Frame next(std::string_view bytes);

 private:
  Frame next_line_end(std::string_view bytes);
  Frame next_message(std::string_view bytes);
  Frame read_head(std::string_view bytes);
  Frame finish(std::string_view bytes);
  Frame fail(ParseErrorCode code, std::size_t offset) const;
  bool find_blank_line(std::string_view bytes);

  Limits limits_;
  std::size_t scanned_ = 0;         // octets of the head in which there is no blank line
  std::size_t head_size_ = 0;       // 0: not known yet
  std::uint64_t message_size_ = 0;  // once the head is known
  bool after_line_end_ = false;     // one CRLF of a keep-alive has come
};

}  // namespace sipring
