// A client that is challenged by whatever a response holds, and a server that judges what a request
// claims: what the client writes to an honest server's challenge is accepted, no challenge is
// answered for ever, and a claim outlives its octets. The input is header fields of a message; a
// hash that is none stands for those of Digest.
// SPDX-License-Identifier: MIT
#include <sipring/core/auth/digest_client.h>
#include <sipring/core/auth/digest_server.h>
#include <sipring/core/message/parser.h>

#include <cstring>
#include <memory_resource>
#include <optional>
#include <string>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

void mix(void*, std::span<const std::string_view> pieces, std::uint8_t* to) {
  std::string all;
  for (const std::string_view piece : pieces) all += piece;
  Hasher hasher({1, 2});
  hasher.add(all);
  const Hash128 hash = hasher.finish();
  std::memcpy(to, &hash, 16);
}
void mix_twice(void* context, std::span<const std::string_view> pieces, std::uint8_t* to) {
  mix(context, pieces, to);
  std::memcpy(to + 16, to, 16);
}
constexpr HashFunctions hashes{.md5 = mix, .sha_256 = mix_twice, .sha_512_256 = mix_twice};

struct Parsed1 {
  explicit Parsed1(const std::string& text)
      : octets(text + std::string(readable_padding, '\0')),
        message(64, *std::pmr::new_delete_resource()),
        ok(parse(std::string_view(octets).substr(0, text.size()), message).has_value()) {}
  std::string octets;
  Message message;
  bool ok;
};

std::string lines_text(std::span<const HeaderLine> lines) {
  std::string text;
  for (const HeaderLine& line : lines)
    text += std::string(line.name) + ": " + std::string(line.value) + "\r\n";
  return text;
}

std::string answer(DigestClient& client, DigestAttempt& attempt) {
  std::string room(DigestClient::most_realms * (DigestClient::room_for_one + 64), '\0');
  HeaderLine lines[DigestClient::most_realms];
  const auto written = client.credentials({"OPTIONS", "sip:h", ""}, attempt, lines, room);
  return written ? lines_text(*written) : "";
}

void be_challenged(const std::string& headers) {
  DigestClient client({"bob", "zanzibar"}, hashes, Entropy{});
  DigestAttempt attempt;
  const Parsed1 response("SIP/2.0 401 X\r\n" + headers + "\r\n\r\n");
  int rounds = 0;
  while (client.take(response.message, attempt)) {
    fuzz::must(++rounds <= 2, "no challenge is answered for ever");
    const std::string sent = answer(client, attempt);
    const Parsed1 request("OPTIONS sip:h SIP/2.0\r\n" + sent + "\r\n");
    fuzz::must(request.ok, "credentials are header fields");
  }
  (void)client.take_info(response.message, {"OPTIONS", "sip:h", ""}, attempt);
}

void be_asked(const std::string& headers) {
  DigestServer server({.realm = "r", .offers_integrity = true, .offers_userhash = true}, hashes,
                      Entropy{}, *std::pmr::new_delete_resource());
  std::optional<DigestClaim> claim;
  {
    const Parsed1 request("OPTIONS sip:h SIP/2.0\r\n" + headers + "\r\n\r\n");
    if (const auto claimed = server.claim(request.message)) claim = *claimed;
  }
  const Instant now{};
  if (claim) {
    const HexDigest ha1 = make_ha1(hashes, claim->algorithm, "bob", "r", "zanzibar");
    fuzz::must(server.judge(now, *claim, ha1) != DigestVerdict::accepted, "no nonce was given out");
    fuzz::must(server.judge(now, *claim, std::nullopt) == DigestVerdict::refused,
               "nobody is refused");
  }
}

void be_honest() {
  DigestServer server({.realm = "r"}, hashes, Entropy{}, *std::pmr::new_delete_resource());
  DigestClient client({"bob", "zanzibar"}, hashes, Entropy{});
  std::string room(server.room_for_lines(), '\0');
  HeaderLine lines[DigestServer::most_lines];
  DigestAttempt attempt;
  const Instant now{};
  const Parsed1 response("SIP/2.0 401 X\r\n" +
                         lines_text(server.challenge(now, false, lines, room)) + "\r\n");
  fuzz::must(client.take(response.message, attempt).has_value(), "our own challenge is understood");
  const Parsed1 request("OPTIONS sip:h SIP/2.0\r\n" + answer(client, attempt) + "\r\n");
  const auto claim = server.claim(request.message);
  fuzz::must(claim.has_value(), "our own credentials are understood");
  const HexDigest ha1 = make_ha1(hashes, claim->algorithm, "bob", "r", "zanzibar");
  fuzz::must(server.judge(now, *claim, ha1) == DigestVerdict::accepted,
             "who knows the password is let in");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string headers(fuzz::text_of(data, size));
  be_challenged(headers);
  be_asked(headers);
  static const bool is_honest = (be_honest(), true);
  return is_honest ? 0 : 1;
}
