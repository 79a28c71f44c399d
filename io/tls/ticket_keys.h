// TicketKeys: what session tickets are sealed with (RFC 5077 section 4; RFC 8446 section 4.6.1).
// All shards of a server have the same, so that a session begun on one is resumed on another, and
// they are replaced now and then: a ticket is no safer than the key that sealed it. Tickets of the
// keys before are still opened.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sipring {

struct TicketKey {
  std::array<unsigned char, 16> name{};  // in the ticket, in plain text
  std::array<unsigned char, 32> cipher{};
  std::array<unsigned char, 32> mac{};
};

class TicketKeys {
 public:
  static constexpr std::size_t kept = 3;  // the current one and two before it
  // A ticket is opened for this long after its key has been replaced, twice.
  static constexpr Duration lifetime = std::chrono::hours(4);

  // The newest first. Others fall off the end.
  void add(const TicketKey& key);
  [[nodiscard]] const TicketKey* current() const { return count_ == 0 ? nullptr : &keys_[0]; }
  // nullptr: unknown, so the ticket is too old or another server's. `is_current` tells whether a
  // new ticket is due.
  [[nodiscard]] const TicketKey* find(std::span<const unsigned char, 16> name,
                                      bool& is_current) const;

 private:
  std::array<TicketKey, kept> keys_{};
  std::size_t count_ = 0;
};

// A fresh one, from OpenSSL's generator. Throws std::bad_alloc when that has nothing to give.
[[nodiscard]] TicketKey draw_ticket_key();

}  // namespace sipring
