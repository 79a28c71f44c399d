// SPDX-License-Identifier: MIT
#include <call/expectations.h>

namespace sipring::app {

bool is_meant(std::string_view expectation, const Event& event) {
  const std::size_t equals = expectation.find('=');
  if (expectation.substr(0, equals) != event.name) return false;
  if (equals == expectation.npos) return true;
  const auto status = event.fields.find("status");
  return status != event.fields.end() && status->dump() == expectation.substr(equals + 1);
}

bool Expectations::take(const Event& event) {
  if (are_met() || !is_meant(texts_[met_], event)) return false;
  ++met_;
  return are_met();
}

}  // namespace sipring::app
