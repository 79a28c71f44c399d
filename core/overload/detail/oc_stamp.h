// What a server writes into the top Via of a response for a client that knows overload control:
// RFC 7339 sections 4 and 5.2. "oc" gets its value, oc-validity and oc-seq behind it, and oc-algo
// the one algorithm that was chosen.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/edits.h>
#include <sipring/core/network_address.h>
#include <sipring/core/overload/detail/oc_server.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace sipring {

class OcStamp {
 public:
  // `via_parameters` are those of the request's top Via, `edits` what else is changed in it
  // (core/routing/detail/via_stamp.h; at most two). Nothing is added for a client that did not ask.
  OcStamp(std::string_view via_parameters, std::span<const Edit> edits, Instant now,
          const IpAddress& client, OcServer& server);
  OcStamp(const OcStamp&) = delete;  // the edits point into this object
  OcStamp& operator=(const OcStamp&) = delete;

  // All of them, in order.
  [[nodiscard]] std::span<const Edit> edits() const { return {edits_.data(), count_}; }

 private:
  void add(const Edit& edit) { edits_[count_++] = edit; }
  [[nodiscard]] std::string_view write(const OcAdvice& advice);

  std::array<char, 80> text_;
  std::array<Edit, 4> edits_{};
  std::size_t count_ = 0;
};

}  // namespace sipring
