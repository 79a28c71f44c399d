// A Handle<Dialog> is no Handle<Transaction>, however alike their numbers are.
// refused: Handle<Dialog>.* to .*Handle<Transaction>
// SPDX-License-Identifier: MIT
#include <sipring/pools/handle.h>

struct Transaction;
struct Dialog;

bool find(sipring::Handle<Transaction> handle) {
  return static_cast<bool>(handle);
}

int main() {
#ifdef MISTAKE
  const sipring::Handle<Dialog> handle;
#else
  const sipring::Handle<Transaction> handle;
#endif
  return find(handle) ? 1 : 0;
}
