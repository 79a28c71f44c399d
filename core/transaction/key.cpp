// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/key.h>

namespace sipring {
namespace {

enum class Side : std::uint64_t { client, server, server_rfc2543, branch };

Hasher start(const HashSeed& seed, Side side) {
  Hasher hasher(seed);
  hasher.add(static_cast<std::uint64_t>(side));
  return hasher;
}

std::string_view to_match(std::string_view method) {
  return method == "ACK" ? "INVITE" : method;
}

TransactionKey rfc2543_key(const HashSeed& seed, const Message& request, const Envelope& envelope,
                           std::string_view method) {
  Hasher hasher = start(seed, Side::server_rfc2543);
  hasher.add(request.request_uri());
  hasher.add(envelope.from_tag);
  hasher.add(envelope.call_id);
  hasher.add(std::uint64_t{envelope.cseq.number});
  hasher.add(envelope.via.text);
  hasher.add(to_match(method));
  // An ACK has a To tag that its INVITE had not; the engine compares it (acknowledges_other).
  if (to_match(method) != "INVITE") hasher.add(envelope.to_tag);
  return {hasher.finish()};
}

}  // namespace

TransactionKey client_key(const HashSeed& seed, std::string_view branch, std::string_view method) {
  Hasher hasher = start(seed, Side::client);
  hasher.add_lower(branch);
  hasher.add(method);
  return {hasher.finish()};
}

TransactionKey server_key(const HashSeed& seed, const Via& via, std::string_view method) {
  Hasher hasher(seed);
  hasher.add(static_cast<std::uint64_t>(Side::server) | std::uint64_t{via.port} << 8);
  hasher.add_lower(via.branch);
  hasher.add_lower(via.host);
  hasher.add(to_match(method));
  return {hasher.finish()};
}

TransactionKey server_key(const HashSeed& seed, const Message& request, const Envelope& envelope,
                          std::string_view method) {
  if (has_magic_cookie(envelope.via.branch)) return server_key(seed, envelope.via, method);
  return rfc2543_key(seed, request, envelope, method);
}

HexText make_branch(const HashSeed& seed, const ShardMark& mark, std::uint64_t sequence) {
  Hasher hasher = start(seed, Side::branch);
  hasher.add(sequence);
  HexText text;
  magic_cookie.copy(text.characters.data(), magic_cookie.size());
  text.size = magic_cookie.size();
  const std::uint64_t number = hasher.finish().low;
  text.append(mark.number());
  text.append(number);
  return text;
}

// Half of the key is as good as random to everybody else, and of no use against the other half.
HexText make_tag(const TransactionKey& key, const ShardMark& mark) {
  HexText text;
  text.append(mark.number());
  text.append(key.hash.high);
  return text;
}

}  // namespace sipring
