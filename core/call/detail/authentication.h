// CallAuthentication: the credentials that requests of calls carry, and what is remembered of each
// call for them (RFC 3261 section 22): one attempt for its open INVITE, one for its other request.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest_client.h>
#include <sipring/core/dialog/request.h>
#include <sipring/core/message/message.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace sipring {

class CallAuthentication {
 public:
  // Which request of a call; `other`: one whose challenge is only learnt from.
  enum class Kind : std::uint8_t { invite, change, other };

  // `client` outlives this. `calls`: slots.
  CallAuthentication(DigestClient& client, std::uint32_t calls, std::pmr::memory_resource& memory);

  // Of a call that begins in this slot.
  void forget(std::uint32_t slot) { calls_[slot] = {}; }
  // False: no room for another line.
  bool add(DialogRequest& request, std::uint32_t slot, Kind kind, std::string_view body);
  // Those of the INVITE once more, for its ACK (section 22.1).
  bool add_to_ack(DialogRequest& ack, std::uint32_t slot);
  // Whether the request is to be sent again: the response is a challenge, and there is an answer.
  bool take(const Message& response, std::uint32_t slot, Kind kind);

 private:
  // Of realms, with user name and URI of usual length; what is longer goes without.
  static constexpr std::size_t room_for_names = 1'024;

  struct Attempt {
    DigestAttempt digest;
    bool goes_on = false;  // the next request is the same one, sent again
  };
  struct OfCall {
    std::array<Attempt, 2> attempts;
  };

  // Of `other` nothing is remembered: an empty one each time.
  Attempt& attempt_of(std::uint32_t slot, Kind kind);

  DigestClient& client_;
  std::pmr::vector<OfCall> calls_;
  Attempt other_;
  std::array<HeaderLine, DigestClient::most_realms> lines_;
  std::array<char, DigestClient::most_realms*(DigestClient::room_for_one + room_for_names)> room_;
};

}  // namespace sipring
