// What a shard that drains asks of a datagram: RFC 3261 sections 8.2.2.2, 9.2, 12, 17.2.3.
// SPDX-License-Identifier: MIT
#include <sipring/core/detail/engine_core.h>
#include <sipring/core/message/parser.h>

namespace sipring {

// A CANCEL has its INVITE's branch and no To tag (section 9.1), so it is where that is. A request
// that has come by another way already is refused where that was begun. What cannot be read begins
// nothing: it is refused by whoever has it.
bool Engine::Core::begins_anew(std::string_view datagram) {
  if (!parse(datagram, stored_, limits.parse) || !stored_.is_request()) return false;
  Envelope envelope;
  if (!read_envelope(stored_, envelope)) return false;
  if (!envelope.to_tag.empty()) return false;
  const std::string_view method = stored_.method_name();
  if (transactions.find(server_key(seed, stored_, envelope, method))) return false;
  if (stored_.method() == Method::cancel) {
    return !transactions.find(server_key(seed, stored_, envelope, "INVITE"));
  }
  const std::uint64_t merge_key = merge_key_of(stored_, envelope);
  return merge_key == 0 || !transactions.has_merged(merge_key);
}

}  // namespace sipring
