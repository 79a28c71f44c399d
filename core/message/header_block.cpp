// SPDX-License-Identifier: MIT
#include <sipring/core/message/header_block.h>

#include <sipring/pools/assert.h>

namespace sipring {

HeaderBlock::HeaderBlock(std::span<const HeaderLine> lines) {
  SIPRING_ASSERT(is_writable(Response{.headers = lines}));
  for (const HeaderLine& line : lines) {
    kinds_.set(std::to_underlying(header_id_from(line.name)));
    text_.append(line.name).append(": ").append(line.value).append("\r\n");
  }
}

}  // namespace sipring
