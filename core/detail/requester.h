// Requester: the requests of an engine's user, its own and those that it passes on (RFC 3261
// sections 8.1, 9.1, 13.2.2.4, 16.6).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/engine_parts.h>
#include <sipring/core/engine.h>
#include <sipring/core/message/message_edit.h>

#include <cstdint>
#include <expected>
#include <string_view>

namespace sipring::detail {

class Requester {
 public:
  explicit Requester(EngineParts& parts) : parts_(parts) {}

  using Begun = std::expected<Handle<Transaction>, SendError>;
  using Transmitted = std::expected<Transmit, SendError>;

  Begun send(Instant now, const Request& request, std::uint64_t attached);
  Transmitted send_stateless(const Request& request);
  Sent send_again(const Transmit& message);
  Begun forward(Instant now, MessageEdit& request, const NextHop& hop, std::uint64_t attached);
  Transmitted forward_stateless(MessageEdit& request, const NextHop& hop);
  Sent cancel(Instant now, Handle<Transaction> invite);
  Sent set_timer_c(Instant now, Handle<Transaction> invite, Duration after);

 private:
  // A request that has been written, in a client transaction or without one.
  struct Outgoing {
    Ref<Buffer> bytes;
    NetworkAddress destination;
    Flow flow;
    std::uint32_t lane = 0;
  };
  [[nodiscard]] std::string_view via_parameters(const Request& request) const;
  Begun begin(Instant now, const Outgoing& outgoing, const TransactionKey& key, bool is_invite,
              std::uint64_t attached);
  Transmitted transmit(Outgoing&& outgoing);
  std::expected<Outgoing, SendError> write_forwarded(MessageEdit& request, const NextHop& hop,
                                                     std::string_view branch);
  Sent send_cancel(Instant now, Transaction& invite);
  HexText next_branch() { return make_branch(parts_.branch_seed, parts_.mark, ++branches_made_); }

  EngineParts& parts_;
  std::uint64_t branches_made_ = 0;
};

}  // namespace sipring::detail
