// SPDX-License-Identifier: MIT
#include <load/limit_search.h>

#include <algorithm>
#include <cmath>

namespace sipring::app {

double find_limit(const LimitSearch& search, const std::function<bool(double rate)>& passes) {
  constexpr double least = 1;
  double good = 0;
  double bad = search.start_rate;
  while (passes(bad)) {
    good = bad;
    if (bad >= search.most) return good;
    bad = std::min(2 * bad, search.most);
  }
  while (bad > least && (good == 0 || bad - good > search.precision * good)) {
    // Where nothing has passed yet the way down is by halves as well.
    const double middle = good == 0 ? bad / 2 : (good + bad) / 2;
    (passes(middle) ? good : bad) = middle;
  }
  return good;
}

}  // namespace sipring::app
