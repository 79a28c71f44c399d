// What a server's answer means: is it one to our question, where do CNAMEs lead, which records are
// ours, how long may they be kept (RFC 1034 section 3.6.2, RFC 1035 section 7.3, RFC 2308).
//
// Only records of the name that was asked for, or that CNAMEs of the same answer lead to, are
// taken: what else a server tells (the additional section too) is not believed.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/detail/message.h>
#include <sipring/core/dns/name.h>
#include <sipring/core/dns/record.h>

#include <cstdint>
#include <string_view>

namespace sipring::dns {

inline constexpr std::uint32_t most_records = 64;  // of one answer; more are passed over
inline constexpr std::uint32_t most_aliases = 8;   // CNAMEs from the question to its answer
// Seconds that an answer is kept at most (RFC 8767 section 4 advises a bound), and a negative one
// (RFC 2308 section 5).
inline constexpr std::uint32_t most_ttl = 86'400, most_negative_ttl = 900;

struct Response {
  enum class Kind : std::uint8_t {
    not_ours,      // another id or question, or no response at all: as if it had not come
    records,       //
    no_data,       //
    no_name,       //
    alias,         // CNAMEs lead to `name`, about which nothing is said
    truncated,     // ask again by TCP
    no_edns,       // the server does not understand EDNS: ask again without
    server_error,  // any other rcode, or octets that are no message
    alias_loop,    // CNAMEs lead back, or too far
    no_room,       // the pool is used up
  };
  Kind kind = Kind::not_ours;
  Records records = {};
  std::uint32_t ttl = 0;      // seconds; 0: for whoever asked now, and nobody else
  Name name = {};             // at the end of the CNAMEs
  std::uint32_t aliases = 0;  // how many
};

struct AskedFor {
  std::uint16_t id = 0;
  const Name* name = nullptr;
  RecordType type = RecordType::a;
  std::uint32_t aliases = 0;  // CNAMEs that have led to `name` already
};

[[nodiscard]] Response read_response(std::string_view message, const AskedFor& asked,
                                     BufferPool& pool);

}  // namespace sipring::dns
