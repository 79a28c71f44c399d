// SPDX-License-Identifier: MIT
#include <sipring/io/open_error.h>

#include <cstring>

namespace sipring {

std::string_view to_string(OpenErrorCode code) {
  switch (code) {
    case OpenErrorCode::io_uring_missing: return "io_uring_missing";
    case OpenErrorCode::io_uring_disabled: return "io_uring_disabled";
    case OpenErrorCode::feature_missing: return "feature_missing";
    case OpenErrorCode::ring: return "ring";
    case OpenErrorCode::address_in_use: return "address_in_use";
    case OpenErrorCode::address_unavailable: return "address_unavailable";
    case OpenErrorCode::not_permitted: return "not_permitted";
    case OpenErrorCode::socket: return "socket";
    case OpenErrorCode::cpu: return "cpu";
    case OpenErrorCode::memory: return "memory";
    case OpenErrorCode::options: return "options";
    case OpenErrorCode::user: return "user";
    case OpenErrorCode::priority: return "priority";
    case OpenErrorCode::steering: return "steering";
    case OpenErrorCode::certificate: return "certificate";
  }
  return "unknown";
}

std::string error_text(int error_number) {
  const char* words = ::strerrordesc_np(error_number);
  const char* name = ::strerrorname_np(error_number);
  if (words == nullptr || name == nullptr) return "errno " + std::to_string(error_number);
  return std::string(words) + " (" + name + ")";
}

}  // namespace sipring
