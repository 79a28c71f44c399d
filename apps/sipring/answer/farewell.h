// Farewell: what the BYE of a call must say, kept in one buffer until the call's ACK has come
// (RFC 3261 sections 12.1.1, 12.2.1.1, 13.3.1.4, 15.1.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/dialog_tag.h>

#include <sipring/core/engine.h>
#include <sipring/core/message/message.h>
#include <sipring/core/network_address.h>
#include <sipring/pools/buffer.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace sipring::app {

class Farewell {
 public:
  Farewell() = default;
  // Of the dialog that a 2xx with this tag makes or goes on with. Empty when there is no room.
  Farewell(BufferPool& buffers, const Message& invite, const DialogTag& tag);

  explicit operator bool() const { return static_cast<bool>(text_); }
  // Sends it: to the first route or the contact when that is an address, else to where the INVITE
  // came from.
  bool send(Engine& engine, Instant now, const NetworkAddress& source, Flow flow,
            std::string_view sent_by) const;

 private:
  enum Part : std::uint8_t { remote_target, route, from, to, call_id, part_count };
  [[nodiscard]] std::string_view part(Part which) const;
  [[nodiscard]] NetworkAddress destination(const NetworkAddress& source) const;

  Ref<Buffer> text_;
  std::array<std::uint32_t, part_count> ends_{};  // each begins where the one before it ends
};

}  // namespace sipring::app
