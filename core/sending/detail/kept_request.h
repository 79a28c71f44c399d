// KeptRequest: a request as its user gave it, without Via: what each target's own Via is written
// onto (RFC 3263 section 4.3: the same request, another branch). Behind it is the host that its
// targets are searched for.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/writer.h>
#include <sipring/pools/buffer.h>

#include <cstddef>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

namespace sipring {

// Octets that a request has before it gets its Via, Max-Forwards and Content-Length.
[[nodiscard]] std::size_t kept_size(const Request& request);
// Null when the pool is used up. `host` stands behind the buffer's size: host_of().
[[nodiscard]] Ref<Buffer> keep(const Request& request, std::string_view host, BufferPool& pool);
[[nodiscard]] inline std::string_view host_of(const Buffer& kept, std::size_t host_size) {
  return {kept.data() + kept.size(), host_size};
}

// Reads kept requests, one at a time, into room of its own.
class KeptReader {
 public:
  KeptReader(std::uint32_t max_headers, std::pmr::memory_resource& memory);
  // Lacks destination, flow and sent_by. Views into `kept` and this object, until the next read.
  [[nodiscard]] Request read(const Buffer& kept);

 private:
  Message message_;
  std::pmr::vector<HeaderLine> lines_;
};

}  // namespace sipring
