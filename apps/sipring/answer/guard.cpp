// SPDX-License-Identifier: MIT
#include <answer/guard.h>

namespace sipring::app {
namespace {

DigestServerSettings settings_of(const AuthFile& file) {
  return {.realm = file.realm(),
          .algorithms = file.algorithms(),
          .offers_integrity = true,
          .offers_userhash = true};
}

}  // namespace

Guard::Guard(const AuthFile& file, const Entropy& entropy, std::pmr::memory_resource& memory)
    : file_(file),
      server_(settings_of(file), hashes_.functions(), entropy, memory),
      room_(server_.room_for_lines(), '\0') {}

bool Guard::admits(Instant now, const Message& request) {
  was_stale_ = false;
  const auto claim = server_.claim(request);
  status_ = claim ? 401 : status_of(claim.error(), DigestRole::user_agent);
  if (!claim) return false;
  const auto ha1 = file_.ha1(claim->username.view(), claim->is_userhash, claim->algorithm);
  const DigestVerdict verdict = server_.judge(now, *claim, ha1);
  was_stale_ = verdict == DigestVerdict::stale;
  return verdict == DigestVerdict::accepted;
}

Response Guard::refusal(Instant now) {
  if (status_ != 401) return {.status = status_};
  return {.status = 401, .headers = server_.challenge(now, was_stale_, lines_, room_)};
}

}  // namespace sipring::app
