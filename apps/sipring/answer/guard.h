// Guard: lets requests in that prove to know a password of `answer --auth FILE`, and challenges the
// others (RFC 3261 section 22). A request within a dialog of ours carries our signed tag: who sends
// it was let in before.
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/auth_file.h>

#include <sipring/core/auth/digest_server.h>
#include <sipring/core/engine.h>
#include <sipring/io/digest_hashes.h>

#include <array>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>

namespace sipring::app {

class Guard {
 public:
  // `file` outlives this.
  Guard(const AuthFile& file, const Entropy& entropy, std::pmr::memory_resource& memory);

  // The verdict of one who is let in; else `challenge()`, or 400, is the answer.
  [[nodiscard]] bool admits(Instant now, const Message& request);
  // To the request that was not admitted last.
  [[nodiscard]] Response refusal(Instant now);

 private:
  const AuthFile& file_;
  DigestHashes hashes_;
  DigestServer server_;
  std::uint16_t status_ = 401;
  bool was_stale_ = false;
  std::array<HeaderLine, DigestServer::most_lines> lines_;
  std::string room_;
};

}  // namespace sipring::app
