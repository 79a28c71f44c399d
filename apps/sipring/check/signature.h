// Files that hold no text of SIP by themselves, told by their first octets.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

namespace sipring::app {

// What a file is whose octets cannot be looked into, and what opens it; empty: it is none of these.
[[nodiscard]] inline std::string_view sealed_as(std::string_view octets) {
  using namespace std::string_view_literals;
  struct Signature {
    std::string_view octets, name;
  };
  static constexpr std::array signatures{
      Signature{"\x1f\x8b"sv, "compressed by gzip: `gunzip` it first"},
      Signature{"BZh"sv, "compressed by bzip2: `bunzip2` it first"},
      Signature{"\xfd"
                "7zXZ\0"sv,
                "compressed by xz: `unxz` it first"},
      Signature{"\x28\xb5\x2f\xfd"sv, "compressed by zstd: `unzstd` it first"},
      Signature{"PK\x03\x04"sv, "a zip archive: `unzip` it first"},
      Signature{"snoop\0\0\0"sv, "a snoop capture: `editcap` makes a pcap of it"},
  };
  for (const Signature& each : signatures)
    if (octets.starts_with(each.octets)) return each.name;
  return "";
}

}  // namespace sipring::app
