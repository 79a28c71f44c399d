// SPDX-License-Identifier: MIT
#include <load/phone_tally.h>

#include <type_traits>

namespace sipring::app {

static_assert(std::is_trivially_copyable_v<PhoneTally>);

PhoneTally& PhoneTally::operator+=(const PhoneTally& other) {
  for (const auto count :
       {&PhoneTally::phones, &PhoneTally::pending, &PhoneTally::registered, &PhoneTally::refreshed,
        &PhoneTally::refused, &PhoneTally::lost_flows, &PhoneTally::removed, &PhoneTally::arrived,
        &PhoneTally::matched, &PhoneTally::elsewhere, &PhoneTally::misrouted, &PhoneTally::answered,
        &PhoneTally::completed, &PhoneTally::cancelled, &PhoneTally::failed, &PhoneTally::repeated,
        &PhoneTally::open})
    this->*count += other.*count;
  registration += other.registration;
  arrival += other.arrival;
  setup += other.setup;
  return *this;
}

}  // namespace sipring::app
