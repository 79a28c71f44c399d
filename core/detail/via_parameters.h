// ViaParameters: what the Vias of our requests say beside where we are, each with its ';'.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/message/names.h>
#include <sipring/core/network_address.h>
#include <sipring/pools/fixed_text.h>

#include <array>
#include <string_view>

namespace sipring::detail {

// What begins a registration or a dialog (RFC 6223 section 4.2).
[[nodiscard]] constexpr bool may_agree_on_keep_alives(Method method) {
  return method == Method::invite || method == Method::register_ || method == Method::subscribe;
}

class ViaParameters {
 public:
  // `of_overload`: RFC 7339 section 4; empty: none.
  ViaParameters(std::string_view of_overload, const FlowSettings& flows)
      : offers_keep_alives_(flows.offers_keep_alives) {
    for (const bool is_tls : {false, true}) {
      for (const bool keeps : {false, true}) {
        FixedText<64>& text = texts_[at(is_tls, keeps)];
        if (is_tls && flows.reuses_connections) text << ";alias";
        if (keeps) text << ";keep";
        text << of_overload;
      }
    }
  }
  [[nodiscard]] bool offers_keep_alives() const { return offers_keep_alives_; }
  // `keeps`: keep-alives are offered.
  [[nodiscard]] std::string_view of(Transport transport, bool keeps) const {
    return texts_[at(transport == Transport::tls, keeps)].view();
  }

 private:
  static constexpr std::size_t at(bool is_tls, bool keeps) { return 2 * is_tls + keeps; }

  std::array<FixedText<64>, 4> texts_;
  bool offers_keep_alives_;
};

}  // namespace sipring::detail
