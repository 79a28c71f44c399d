// What a resolver works by. The defaults are what people expect of their system, but for the
// time-outs, which suit calls; and how a system names them in its resolv.conf(5).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/standing.h>
#include <sipring/core/dns/name.h>
#include <sipring/core/network_address.h>
#include <sipring/core/time.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::dns {

struct ResolverLimits {
  std::uint32_t questions = 4'096;  // not answered yet; the next one fails at once
  std::uint32_t at_once = 1'024;    // of them are asked; each takes a socket. The others wait
  std::uint32_t waiters = 16'384;   // that wait for an answer, several may wait for one
  std::uint32_t cached = 32'768;    // answers that are kept
  // Of answers and of queries on their way. An answer of few records takes 256 or 384 octets.
  std::size_t record_bytes = std::size_t{12} << 20;
};

struct ResolverSettings {
  static constexpr std::size_t most_servers = 8;

  std::vector<NetworkAddress> servers;  // in the order in which they are asked; at most eight
  std::vector<Name> search;             // for names with fewer than `ndots` dots
  std::uint32_t ndots = 1;
  Duration timeout = std::chrono::milliseconds(500);  // of the first round; then twice as long
  Duration timeout_by_tcp = std::chrono::seconds(2);
  std::uint32_t rounds = 4;                         // through all servers
  Duration patience = std::chrono::seconds(8);      // for one question
  Avoidance avoidance;                              // of a server that does not answer
  Duration failure_kept = std::chrono::seconds(1);  // RFC 2308 section 7: five minutes at most
  Duration stale_for = std::chrono::hours(1);  // an expired answer serves while no server answers
  Duration stale_kept = std::chrono::seconds(30);  // before the servers are asked again (RFC 8767)
  ResolverLimits limits;
};

// `text` is that of /etc/resolv.conf; somebody else reads the file. Sets servers, search, ndots,
// timeout and rounds, as far as the text says: "nameserver", "search", "domain", and "ndots:",
// "timeout:", "attempts:" of "options". Everything else is passed over, and so are servers that are
// no IP addresses (a scope, "%eth0", is not understood). Without a nameserver it is 127.0.0.1.
void apply_resolv_conf(std::string_view text, ResolverSettings& settings);

}  // namespace sipring::dns
