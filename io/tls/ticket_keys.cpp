// SPDX-License-Identifier: MIT
#include <sipring/io/tls/ticket_keys.h>

#include <openssl/rand.h>

#include <algorithm>
#include <new>

namespace sipring {

void TicketKeys::add(const TicketKey& key) {
  std::shift_right(keys_.begin(), keys_.end(), 1);
  keys_[0] = key;
  count_ = std::min(count_ + 1, kept);
}

const TicketKey* TicketKeys::find(std::span<const unsigned char, 16> name, bool& is_current) const {
  for (std::size_t i = 0; i < count_; ++i) {
    if (!std::ranges::equal(keys_[i].name, name)) continue;
    is_current = i == 0;
    return &keys_[i];
  }
  return nullptr;
}

TicketKey draw_ticket_key() {
  TicketKey key;
  const bool drawn = RAND_bytes(key.name.data(), static_cast<int>(key.name.size())) == 1 &&
                     RAND_priv_bytes(key.cipher.data(), static_cast<int>(key.cipher.size())) == 1 &&
                     RAND_priv_bytes(key.mac.data(), static_cast<int>(key.mac.size())) == 1;
  if (!drawn) throw std::bad_alloc();
  return key;
}

}  // namespace sipring
