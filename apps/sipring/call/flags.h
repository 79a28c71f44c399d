// CallFlags: the command line of `sipring call`, as it was given.
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/client_tls.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sipring::app {

class CommandLine;

struct CallFlags {
  std::vector<std::string> listen{"udp:0.0.0.0:0"};
  std::string advertise;
  std::string from;
  std::string auth;
  std::string outbound;
  std::string dns;
  ClientTlsFlags tls;
  bool answers = false;
  std::uint16_t media_port = 9;
  bool keeps_alive = false;
  std::uint32_t calls = 64;
  std::vector<std::string> expectations;
  std::uint32_t timeout_s = 0;
  std::uint32_t patience_s = 5;
};

// `flags` must outlive the parsing.
void add_flags(CommandLine& command, CallFlags& flags);

}  // namespace sipring::app
