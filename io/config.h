// Config: what a server of calls is started with, as a struct and as a TOML file.
//
//   listeners = ["udp:192.0.2.1:5060",
//                {address = "tls:192.0.2.1:5061", certificate = "chain.pem", key = "key.pem"}]
//   shards = 2, strict = true
//   [timers]          t1_ms = 500, t2_ms = 4000, t4_ms = 5000
//   [limits]          transactions = 65536, calls = 4096, message_bytes = 65535
//   [authentication]  users = "users.txt", realm = "example.com"
//
// What a file does not name stays as it was. Paths are relative to where the program runs.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/settings.h>
#include <sipring/core/network_address.h>
#include <sipring/io/options.h>
#include <sipring/io/tls_options.h>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sipring {

// An address, and for tls and wss what it shows and asks for.
struct ListenerConfig {
  NetworkAddress address;
  TlsFiles files = {};  // no certificate: one that we sign ourselves, for trying out
  TlsVerify verify = TlsVerify::none;
  bool is_proxied = false;  // ServerOptions::proxied
  friend bool operator==(const ListenerConfig&, const ListenerConfig&) = default;
};

// Its files are read, or a pair is made. The error is one line that says what to do.
[[nodiscard]] std::expected<ListenerTls, std::string> listener_tls_of(
    const ListenerConfig& listener);
// One listener more, with its certificates.
[[nodiscard]] std::expected<void, std::string> add_listener(const ListenerConfig& listener,
                                                            ServerOptions& options);

struct Config {
  struct Authentication {
    std::string users;  // a file of names and passwords; empty: everybody is let in
    std::string realm;
    friend bool operator==(const Authentication&, const Authentication&) = default;
  };
  std::vector<ListenerConfig> listeners = {};
  std::uint32_t shards = 0;  // 0: one for each CPU
  TimerSettings timers = {};
  std::uint32_t transactions = Limits{}.transactions;    // of a shard
  std::uint32_t calls = CallLimits{}.calls;              // of a shard; the next INVITE gets 503
  std::uint32_t message_bytes = Limits{}.message_bytes;  // more: 513
  bool strict = false;  // requests with anything that the grammar does not allow get 400
  Authentication authentication = {};

  // With room for the calls in the engine's buffers. What else there is to choose has its default.
  // The error is that of a certificate.
  [[nodiscard]] std::expected<ServerOptions, std::string> server_options() const;
  [[nodiscard]] CallSettings call_settings() const;  // UserAgent fills in the endpoints
  [[nodiscard]] CallLimits call_limits() const;
};

// `config` with what the file says instead. The error is one line, "FILE:LINE: what is wrong": a
// file that cannot be read, a mistake in TOML, a key that is not known, a value of another type or
// out of its range. Where the library was built without toml++ there is nothing but that error.
[[nodiscard]] std::expected<Config, std::string> read_config(const std::string& file,
                                                             Config config = {});
// The same of a text; `name` is for errors.
[[nodiscard]] std::expected<Config, std::string> parse_config(std::string_view text,
                                                              const std::string& name,
                                                              Config config = {});

}  // namespace sipring
