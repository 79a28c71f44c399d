// OcClient: what the next hops of a client have asked it not to send: RFC 7339 sections 5.4, 5.5,
// 5.7, 7.2 (loss), and RFC 7415 (rate; written from descriptions of it, as oc_server.h says).
//
// A hop is an address and a port. Only those that are overloaded take a place in the table; one
// that is forgotten too early is overloaded again at its next response.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/entropy.h>
#include <sipring/core/network_address.h>
#include <sipring/core/overload/detail/oc_server.h>
#include <sipring/core/overload/detail/precedence.h>
#include <sipring/core/overload/settings.h>
#include <sipring/core/overload/token_bucket.h>
#include <sipring/core/time.h>
#include <sipring/pools/hash.h>
#include <sipring/pools/random.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

namespace sipring {

class OcClient {
 public:
  // What every request says in its Via (sections 4.2, 5.1).
  static constexpr std::string_view via_parameters = R"(;oc;oc-algo="loss,rate")";

  OcClient(const OverloadSettings& settings, const Entropy& entropy,
           std::pmr::memory_resource& memory);

  // A response came from where `hop` is asked: `parameters` are those of its top Via.
  void learn(Instant now, const NetworkAddress& hop, std::string_view parameters);
  // Whether a request may go there now; it is counted.
  [[nodiscard]] bool admits(Instant now, const NetworkAddress& hop, Precedence precedence);

  [[nodiscard]] bool is_overloaded(Instant now, const NetworkAddress& hop);

 private:
  struct Hop {
    static constexpr std::size_t longest_sequence = 18;  // twelve digits, a dot, five digits
    std::uint64_t key = 0;
    Instant valid_until = Instant::min();
    TokenBucket bucket;
    OcAlgorithm algorithm = OcAlgorithm::loss;
    std::uint8_t sequence_size = 0;
    std::array<char, longest_sequence> sequence{};
    std::uint32_t oc = 0;
  };
  static constexpr std::uint32_t ways = 4;

  [[nodiscard]] std::uint64_t key_of(const NetworkAddress& hop) const;
  [[nodiscard]] Hop* find(Instant now, std::uint64_t key);
  [[nodiscard]] Hop& make_room(std::uint64_t key);
  [[nodiscard]] bool passes_loss(const Hop& hop, bool is_preferred);
  [[nodiscard]] static bool passes_rate(Instant now, Hop& hop, bool is_preferred);
  void count(bool is_preferred);
  [[nodiscard]] std::uint32_t draw();  // 0 to 9999

  HashSeed seed_;
  SplitMix64 random_;
  std::pmr::vector<Hop> hops_;
  std::uint64_t sets_;
  // The mix of what is sent: ordinary requests, and those that are left out last (section 7.2).
  std::uint32_t ordinary_ = 0;
  std::uint32_t preferred_ = 0;
};

}  // namespace sipring
