// SPDX-License-Identifier: MIT
#include <sipring/core/detail/receiver.h>
#include <sipring/core/message/parser.h>

namespace sipring::detail {

// What a shard that drains asks of a datagram: sections 8.2.2.2, 9.2, 12, 17.2.3. A CANCEL has its
// INVITE's branch and no To tag (section 9.1), so it is where that is. A request that has come by
// another way already is refused where that was begun. What cannot be read begins nothing: it is
// refused by whoever has it.
bool Receiver::begins_anew(std::string_view datagram) {
  Message& message = parts_.stored;
  Transactions& transactions = parts_.transactions;
  if (!parse(datagram, message, parts_.limits.parse) || !message.is_request()) return false;
  Envelope envelope;
  if (!read_envelope(message, envelope)) return false;
  if (!envelope.to_tag.empty()) return false;
  const std::string_view method = message.method_name();
  if (transactions.find(server_key(parts_.seed, message, envelope, method))) return false;
  if (message.method() == Method::cancel) {
    return !transactions.find(server_key(parts_.seed, message, envelope, "INVITE"));
  }
  const std::uint64_t merge_key = merge_key_of(message, envelope);
  return merge_key == 0 || !transactions.has_merged(merge_key);
}

}  // namespace sipring::detail
