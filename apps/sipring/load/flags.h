// LoadFlags: the command line of `sipring load`, as it was given, and what it asks of the
// generator.
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/client_tls.h>
#include <load/generator.h>

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace sipring::app {

class CommandLine;

struct LoadFlags {
  struct Model {
    double rate = 100, ramp_from = 0;
    std::uint32_t ramp_s = 0;
    bool poisson = false;
    std::uint32_t concurrency = 0;
    std::uint32_t duration_s = 10, drain_s = 33;
    std::uint32_t hold_ms = 0;
  };
  struct Phones {
    std::uint32_t expires_s = 3'600;
    std::uint32_t ring_ms = 0;
  };
  struct Verdict {
    bool find_limit = false;
    double most_failures = 0.1;  // percent
    std::uint32_t most_p99_ms = 100;
    std::vector<std::string> assertions;
    std::string json;
  };
  struct Addresses {
    std::string user, domain, auth, bind, dns;
    std::uint16_t port = 0;
    bool trunk = false;
  };
  struct Streams {
    std::uint32_t connections = 1;
    ClientTlsFlags tls;
    bool no_resume = false;
    std::string resource = "/", origin;
  };
  struct Threads {
    std::uint32_t threads = 0, sessions = 0;
    std::uint32_t t1_ms = 500;
    std::uint32_t minimum_wait_us = 0;
    bool prefault = false;
    bool no_pin = false;
  };

  std::string target;  // a URI, or TRANSPORT:HOST:PORT
  std::string scenario = "call";
  Model model;
  Phones phones;
  Verdict verdict;
  Addresses addresses;
  Streams streams;
  Threads threads;
};

// `flags` must outlive the parsing.
void add_flags(CommandLine& command, LoadFlags& flags);

[[nodiscard]] Scenario scenario_of(const LoadFlags& flags);
// The error is a sentence.
[[nodiscard]] std::expected<GeneratorOptions, std::string> generator_options_of(
    const LoadFlags& flags);

}  // namespace sipring::app
