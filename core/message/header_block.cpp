// SPDX-License-Identifier: MIT
#include <sipring/core/message/header_block.h>

#include <sipring/pools/assert.h>

namespace sipring {

HeaderBlock::HeaderBlock(std::span<const HeaderLine> lines) {
  SIPRING_ASSERT(is_writable(Response{.headers = lines}));
  Lines written;
  for (const HeaderLine& line : lines) {
    written.kinds.set(std::to_underlying(header_id_from(line.name)));
    written.text.append(line.name).append(": ").append(line.value).append("\r\n");
  }
  lines_ = std::make_shared<const Lines>(std::move(written));
}

}  // namespace sipring
