// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/key.h>

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

void append(Token& token, std::string_view text) {
  for (const char c : text) token.characters[token.size++] = c;
}

void append_hex(Token& token, std::uint64_t number, int digits) {
  char* to = token.characters.data() + token.size;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    *to++ = "0123456789abcdef"[(number >> shift) & 15];
  }
  token.size = static_cast<std::uint8_t>(token.size + digits);
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
  Hasher hasher = start(seed, Side::server);
  hasher.add_lower(via.branch);
  hasher.add_lower(via.host);
  hasher.add(std::uint64_t{via.port});
  hasher.add(to_match(method));
  return {hasher.finish()};
}

TransactionKey server_key(const HashSeed& seed, const Message& request, const Envelope& envelope,
                          std::string_view method) {
  if (has_magic_cookie(envelope.via.branch)) return server_key(seed, envelope.via, method);
  return rfc2543_key(seed, request, envelope, method);
}

Token make_branch(const HashSeed& seed, std::uint8_t shard, std::uint64_t sequence) {
  Hasher hasher = start(seed, Side::branch);
  hasher.add(sequence);
  Token token;
  append(token, magic_cookie);
  append_hex(token, shard, 2);
  append_hex(token, hasher.finish().low, 16);
  return token;
}

// Half of the key is as good as random to everybody else, and of no use against the other half.
Token make_tag(const TransactionKey& key) {
  Token token;
  append_hex(token, key.hash.high, 16);
  return token;
}

}  // namespace sipring
