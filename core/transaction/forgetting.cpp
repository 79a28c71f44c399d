// What makes way when there is no room for something new.
// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/transactions.h>

namespace sipring {

// Two for one: what came in while none was old enough goes, too.
void Transactions::relieve(Instant now) {
  using enum Answered::Among;
  if (forget_oldest(now, all)) forget_oldest(now, all);
}

bool Transactions::make_buffers(Instant now) {
  constexpr int a_few = 8;
  bool forgot = false;
  for (int i = 0; i < a_few && forget_oldest(now, Answered::Among::with_text); ++i) forgot = true;
  return forgot;
}

bool Transactions::forget_oldest(Instant now, Answered::Among among) {
  const std::optional<std::uint32_t> id = answered_.oldest(wheel_, now, among);
  if (!id || !outbox_.has_room_to_spare()) return false;
  const Handle<Transaction> handle = pool_.handle_of(*id / 2);
  const Transaction& transaction = pool_.at(handle.slot);
  ++counters_.transactions_forgotten;
  if (transaction.attached != 0) report_end(handle, transaction, EndReason::forgotten);
  release(handle, transaction);
  return true;
}

}  // namespace sipring
