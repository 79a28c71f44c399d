// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/authentication.h>

#include <utility>

namespace sipring {

CallAuthentication::CallAuthentication(DigestClient& client, std::uint32_t calls,
                                       std::pmr::memory_resource& memory)
    : client_(client), calls_(calls, &memory) {}

CallAuthentication::Attempt& CallAuthentication::attempt_of(std::uint32_t slot, Kind kind) {
  if (kind == Kind::other) return other_ = {};
  return calls_[slot].attempts[std::to_underlying(kind)];
}

bool CallAuthentication::add(DialogRequest& request, std::uint32_t slot, Kind kind,
                             std::string_view body) {
  Attempt& attempt = attempt_of(slot, kind);
  if (!std::exchange(attempt.goes_on, false)) attempt.digest = {};
  const Request written = request.request({}, body);
  const auto lines = client_.credentials({written.method, written.request_uri, body},
                                         attempt.digest, lines_, room_);
  return lines ? request.add(*lines) : true;
}

bool CallAuthentication::add_to_ack(DialogRequest& ack, std::uint32_t slot) {
  const Attempt& attempt = attempt_of(slot, Kind::invite);
  const Request written = ack.request({});
  const auto lines =
      client_.same_credentials({"INVITE", written.request_uri, {}}, attempt.digest, lines_, room_);
  return lines ? ack.add(*lines) : true;
}

bool CallAuthentication::take(const Message& response, std::uint32_t slot, Kind kind) {
  if (response.status() != 401 && response.status() != 407) return false;
  Attempt& attempt = attempt_of(slot, kind);
  const bool taken = client_.take(response, attempt.digest).has_value();
  attempt.goes_on = taken;
  return taken;
}

}  // namespace sipring
