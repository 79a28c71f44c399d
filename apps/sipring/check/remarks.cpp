// SPDX-License-Identifier: MIT
#include <check/remarks.h>

#include <algorithm>

namespace sipring::app {

void Remarks::add(Mistake remark, bool is_absence) {
  const bool is_new =
      known_.emplace(remark.code, remark.position.offset, is_absence ? remark.text : "").second;
  if (is_new) all_.push_back(std::move(remark));
}

bool Remarks::has(std::string_view code, std::size_t first, std::size_t last) const {
  const auto found = known_.lower_bound({std::string(code), first, ""});
  return found != known_.end() && std::get<0>(*found) == code && std::get<1>(*found) <= last;
}

std::vector<Mistake> Remarks::take() {
  std::ranges::stable_sort(all_, [this](const Mistake& a, const Mistake& b) {
    ++compared_;
    return a.position.offset < b.position.offset;
  });
  known_.clear();
  return std::exchange(all_, {});
}

}  // namespace sipring::app
