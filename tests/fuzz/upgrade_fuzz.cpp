// The opening handshake of a WebSocket, both ends: what is accepted or refused whole is so in
// pieces, and an answer is always one head. The first octet of the input says how large the pieces
// are.
// SPDX-License-Identifier: MIT
#include <sipring/core/stream/upgrade.h>

#include <array>
#include <string>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;
using Kind = UpgradeStep::Kind;

std::array<std::uint8_t, 20> no_hash(std::string_view text) {
  std::array<std::uint8_t, 20> digest{};
  for (std::size_t i = 0; i < text.size(); ++i)
    digest[i % digest.size()] ^= static_cast<std::uint8_t>(text[i]);
  return digest;
}

constexpr UpgradePolicy policy{
    .sha1 = no_hash, .head_bytes = 1'024, .resource = {}, .origins = {}, .needs_origin = false};
constexpr std::array<std::uint8_t, 16> nonce{1, 2, 3};

template <class Next>
UpgradeStep in_pieces(std::string_view stream, std::size_t step, Next&& next) {
  UpgradeStep last;
  for (std::size_t end = 0; end < stream.size() && last.kind == Kind::incomplete;) {
    end = std::min(stream.size(), end + step);
    const std::string received(stream.substr(0, end));  // a sanitizer sees its end
    last = next(received);
    fuzz::must(last.size <= received.size(), "a head is what has come");
  }
  return last;
}

void same(const UpgradeStep& a, const UpgradeStep& b) {
  fuzz::must(a.kind == b.kind && a.size == b.size, "pieces make no difference");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view stream = fuzz::text_of(data + 1, size - 1);
  const std::size_t step = data[0] + 1u;
  std::array<char, UpgradeServer::answer_bytes> room{};

  UpgradeServer pieces(policy);
  UpgradeServer whole(policy);
  const auto read = [&](UpgradeServer& server) {
    return [&](std::string_view received) { return server.next(received, room); };
  };
  const UpgradeStep served = in_pieces(stream, step, read(pieces));
  fuzz::must(served.kind == Kind::incomplete || served.answer.starts_with("HTTP/1.1 "),
             "an answer");
  const UpgradeStep at_once = in_pieces(stream, stream.size(), read(whole));
  // A head that is too large may be told by its size before its first line is looked at.
  if (at_once.error != UpgradeError::head_too_large) same(served, at_once);

  UpgradeClient client_pieces(no_hash, nonce);
  UpgradeClient client_whole(no_hash, nonce);
  const auto hear = [&](UpgradeClient& client) {
    return [&](std::string_view received) { return client.next(received); };
  };
  same(in_pieces(stream, step, hear(client_pieces)),
       in_pieces(stream, stream.size(), hear(client_whole)));
  return 0;
}
