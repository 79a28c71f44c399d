// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/kept_calls.h>

#include <utility>

namespace sipring {

void KeptCalls::take(const Moment& moment, std::uint32_t slot, const ResponseReceived& response,
                     const Dialog& dialog) {
  Handle<KeptFlow>* const kept = find(moment, slot);
  if (kept == nullptr || *kept) return;
  *kept = moment.keep_alives->hold(moment.now, {response.received->flow, dialog.destination()},
                                   keep_alive_terms(*response.message));
}

void KeptCalls::move(const Moment& moment, std::uint32_t slot, const Dialog& dialog) {
  Handle<KeptFlow>* const kept = find(moment, slot);
  if (kept == nullptr || !*kept) return;
  *kept = moment.keep_alives->move(moment.now, *kept, {dialog.flow(), dialog.destination()});
}

void KeptCalls::release(const Moment& moment, std::uint32_t slot) {
  Handle<KeptFlow>* const kept = find(moment, slot);
  if (kept != nullptr && *kept) moment.keep_alives->release(std::exchange(*kept, {}));
}

}  // namespace sipring
