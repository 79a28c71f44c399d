// Responder: what an engine answers, through a server transaction or without one (RFC 3261
// sections 8.2.6, 8.2.7, 13.3.1.4, 16.7).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/engine_parts.h>
#include <sipring/core/detail/prepared_blocks.h>
#include <sipring/core/message/message_edit.h>
#include <sipring/core/message/validate.h>

#include <string>
#include <string_view>

namespace sipring::detail {

class Responder {
 public:
  // `server`: value of the Server header field, or empty.
  Responder(EngineParts& parts, std::string_view server) : parts_(parts), server_(server) {}

  Sent respond(Instant now, Handle<Transaction> handle, const Response& response);
  Sent repeat(Instant now, Handle<Transaction> handle);
  void acknowledged(Instant now, Handle<Transaction> handle);
  Sent forward(Instant now, Handle<Transaction> handle, MessageEdit& response);

  // The request of a transaction that has arrived again: its response, octet for octet, from it.
  void rewrite(Handle<Transaction> handle, const Transaction& transaction);

  // The request that has arrived gets a response without a transaction. An ACK gets none.
  void reject(const Response& response, DropReason reason);
  void shed(DropReason reason = DropReason::overload);  // 503 with Retry-After
  // It cannot be read: as far as it could, since without a sent-by there is nowhere to answer to.
  void reject_malformed(const Response& response, DropReason reason);
  void reject_malformed(const Refusal& refusal);

 private:
  // What a response is made from beside what its user says. With an oc server, the client is told
  // about overload, too.
  struct Frame {
    const Message& request;
    std::span<const Edit> via_edits;
    const IpAddress& client;
    const TransactionKey& key;  // its tag is ours (section 8.2.6.2)
    bool has_tag;               // the request has one
  };
  Written write(Instant now, const Frame& frame, const Response& response);
  Written write_from_arrival(Instant now, const Transaction& transaction, const Response& response);
  Written write_from_kept(Instant now, const Transaction& transaction, const Response& response);
  std::expected<Ref<Buffer>, SendError> write_forwarded(Instant now, const Transaction& transaction,
                                                        MessageEdit& response);
  [[nodiscard]] bool rewrites(Transaction& transaction, const Response& response);
  bool answers(const Transaction& transaction, Envelope& envelope);

  EngineParts& parts_;
  std::string server_;
  PreparedBlocks blocks_;
};

}  // namespace sipring::detail
