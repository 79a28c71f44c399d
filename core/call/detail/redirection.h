// The targets of an INVITE that redirections have named: RFC 3261 section 8.1.3.4. Each is tried
// once, by q, within its time.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/time.h>
#include <sipring/pools/buffer.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

// Octets that nobody else reads: they are kept with the dialog of the INVITE.
class Redirection {
 public:
  static constexpr std::uint32_t most_targets = 16;  // of one call; what is beyond is left out

  explicit Redirection(std::string_view text) : text_(text) {}

  // The text with the SIP URIs in the Contacts of a 3xx that are new, and with the one that has
  // been asked, which is never asked again. Null: no room.
  [[nodiscard]] Ref<Buffer> with(BufferPool& buffers, std::string_view asked,
                                 const Message& response, Instant now) const;
  // The text without those up to and with the one that next() gives. Null: no room.
  [[nodiscard]] Ref<Buffer> with_tried(BufferPool& buffers, std::string_view uri) const;
  // Of those that have not been asked, the one with the highest q; the first of equals. nullopt:
  // none is left.
  [[nodiscard]] std::optional<std::string_view> next(Instant now) const;

 private:
  struct Entry {
    Instant until = never;
    std::uint16_t quality = 1'000;
    std::uint16_t size = 0;  // of the URI behind it
    bool is_tried = false;
  };
  struct Read {
    Entry entry;
    std::string_view uri;
    std::size_t at = 0;
  };
  // The one at this place of the text, which moves behind it; nullopt: the end.
  [[nodiscard]] std::optional<Read> read(std::size_t& at) const;
  [[nodiscard]] bool has(std::string_view uri) const;
  [[nodiscard]] std::uint32_t size() const;
  static char* put(char* to, const Entry& entry, std::string_view uri);

  std::string_view text_;
};

}  // namespace sipring
