// Console: what the main thread of a softphone waits for: a line of standard input, a signal, word
// from the shard.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <cstdint>
#include <string>

namespace sipring::app {

class Console {
 public:
  enum class Heard : std::uint8_t { line, signal, change, too_late };

  // To be made before there are threads: they inherit the mask of signals. `changes` is a file
  // descriptor that becomes readable.
  explicit Console(int changes);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  // What has come first, lines before all else; `line` is that line. The end of the input is no
  // news.
  Heard next(Instant deadline, std::string& line);

 private:
  bool take_line(std::string& line);
  void read_input();

  int changes_;
  int signals_;
  bool has_ended_ = false;
  std::string input_;  // not yet taken
};

}  // namespace sipring::app
