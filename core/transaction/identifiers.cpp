// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/identifiers.h>

namespace sipring {

Identifiers::Identifiers(const Entropy& entropy, const ShardMark& mark)
    : branch_seed_{entropy.words[0], entropy.words[1]},
      seed_{entropy.words[2], entropy.words[3]},
      mark_(mark) {}

Hash128 Identifiers::draw(Kind kind) {
  Hasher hasher(seed_);
  hasher.add(static_cast<std::uint64_t>(kind));
  hasher.add(++drawn_);
  return hasher.finish();
}

HexText Identifiers::branch() {
  return make_branch(branch_seed_, mark_, ++drawn_);
}

HexText Identifiers::tag() {
  return make_tag({draw(Kind::tag)}, mark_);
}

HexText Identifiers::call_id() {
  const Hash128 drawn = draw(Kind::call_id);
  HexText text;
  text.append(drawn.high);
  text.append(drawn.low);
  return text;
}

std::uint32_t Identifiers::first_cseq() {
  return static_cast<std::uint32_t>(draw(Kind::cseq).low & 0xffff) + 1;
}

}  // namespace sipring
