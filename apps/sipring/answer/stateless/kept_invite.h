// KeptInvite: the head of an INVITE, kept until the ACK of its call has come: without one, a BYE is
// made from it (RFC 3261 sections 12.1.1, 12.2.1.1, 13.3.1.4, 15.1.1). Nearly every ACK comes, so
// nothing of it is read before.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dialog/dialog_tag.h>
#include <sipring/core/engine.h>
#include <sipring/core/message/message.h>
#include <sipring/core/network_address.h>
#include <sipring/pools/buffer.h>

#include <string_view>

namespace sipring::app {

class KeptInvite {
 public:
  KeptInvite() = default;
  // Empty when there is no room.
  KeptInvite(BufferPool& buffers, const Message& invite);

  explicit operator bool() const { return static_cast<bool>(invite_); }

  // What else is known of the dialog that a 2xx with this tag made or went on with.
  struct Dialog {
    const DialogTag& tag;
    const NetworkAddress& source;  // of the INVITE
    Flow flow;
    std::string_view sent_by;
  };
  // Sends the BYE: to the first route or the contact when that is an address, else to where the
  // INVITE came from. The INVITE is parsed into `room`.
  bool send(Engine& engine, Instant now, const Dialog& dialog, Message& room) const;

 private:
  Ref<Buffer> invite_;
};

}  // namespace sipring::app
