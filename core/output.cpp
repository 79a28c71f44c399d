// SPDX-License-Identifier: MIT
#include <sipring/core/output.h>

namespace sipring {
namespace {

bool is_unanswered_client(TransactionKind kind, State state) {
  const bool client = kind == TransactionKind::client || kind == TransactionKind::invite_client;
  return client && state != State::completed;
}

}  // namespace

std::uint16_t status_of(const Output& output) {
  if (const auto* response = std::get_if<ResponseReceived>(&output))
    return static_cast<std::uint16_t>(response->message->status());
  if (const auto* timeout = std::get_if<TimedOut>(&output))
    return is_unanswered_client(timeout->kind, timeout->state) ? 408 : 0;
  if (const auto* failure = std::get_if<TransportFailed>(&output))
    return is_unanswered_client(failure->kind, failure->state) ? 503 : 0;
  return 0;
}

}  // namespace sipring
