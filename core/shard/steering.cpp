// SPDX-License-Identifier: MIT
#include <sipring/core/message/unframed.h>
#include <sipring/core/shard/steering.h>
#include <sipring/core/transaction/detail/key.h>
#include <sipring/core/transaction/shard_mark.h>

#include <cstddef>
#include <vector>

namespace sipring {
namespace {

bool is_response(std::string_view datagram) {
  return datagram.starts_with("SIP/2.0 ");
}

std::string_view behind(std::string_view text, std::size_t at, std::string_view what) {
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + what.size());
}

// Empty unless the first of the listed Vias, which is the one that counts, has such a branch.
std::string_view branch_in(std::string_view via) {
  const std::string_view rest = behind(via, via.find(magic_cookie), magic_cookie);
  const std::size_t before = via.size() - rest.size();
  return via.substr(0, before).find(',') == std::string_view::npos ? rest : std::string_view{};
}

// Spelled as we do: somebody who writes our tag anew in another way is found by his Call-ID.
std::string_view tag_in(std::string_view to) {
  constexpr std::string_view parameter = ";tag=";
  return behind(to, to.rfind(parameter), parameter);
}

}  // namespace

Steering::Steering(std::uint32_t shards, const HashSeed& seed, std::uint32_t server)
    : seed_(seed),
      server_(server),
      homes_(make_homes(std::vector<ShardPhase>(shards, ShardPhase::serving))) {}

std::uint32_t Steering::slot_of(std::string_view call_id) const {
  Hasher hasher(seed_);
  hasher.add(call_id);
  return static_cast<std::uint32_t>(hasher.finish().low % Homes::slots);
}

std::uint32_t Steering::home_of(std::string_view call_id) const {
  return homes_.first[slot_of(call_id)];
}

std::uint32_t Steering::next_home_of(std::string_view call_id) const {
  return homes_.next[slot_of(call_id)];
}

std::optional<std::uint32_t> Steering::marked_home(std::string_view mark) const {
  const auto shard = marked_shard(mark, server_);
  if (!shard || !homes_.runs[*shard]) return std::nullopt;
  return *shard;
}

std::optional<std::uint32_t> Steering::home(std::string_view datagram, bool by_branch) const {
  const auto [marked, call_id] =
      find_unframed_values(datagram, by_branch ? HeaderId::via : HeaderId::to, HeaderId::call_id);
  if (marked) {
    if (const auto shard = marked_home(by_branch ? branch_in(*marked) : tag_in(*marked))) {
      return shard;
    }
  }
  if (!call_id) return std::nullopt;
  return home_of(first_word(*call_id));
}

std::optional<std::uint32_t> Steering::home_of_datagram(std::string_view datagram) const {
  return home(datagram, is_response(datagram));
}

std::optional<std::uint32_t> Steering::home_of_undelivered(std::string_view quoted) const {
  return home(quoted, !is_response(quoted));
}

std::optional<std::uint32_t> Steering::next_home_of_datagram(std::string_view datagram) const {
  const auto call_id = find_unframed(datagram, HeaderId::call_id);
  if (!call_id) return std::nullopt;
  return next_home_of(*call_id);
}

}  // namespace sipring
