// Messages of DNS, octet by octet: RFC 1035 section 4, compression as section 4.1.4, EDNS as RFC
// 6891 section 6. Nothing here decides; response.h says what an answer means.
//
// Octets come from strangers: every length is held against what is there, a compressed name may
// only point to an earlier place, and a name that would not fit a Name is refused.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/name.h>
#include <sipring/core/dns/record.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

namespace sipring::dns {

enum class DecodeError : std::uint8_t {
  too_short,    // the message ends within a field
  bad_name,     // a label of another kind, an octet that a Name cannot hold, or too long
  bad_pointer,  // of a compressed name: not to an earlier place
  bad_data,     // of a record: longer or shorter than its type says
};
[[nodiscard]] std::string_view to_string(DecodeError error);

template <class T>
using Decoded = std::expected<T, DecodeError>;

struct MessageHead {
  std::uint16_t id = 0;
  bool is_response = false;
  bool is_truncated = false;
  std::uint8_t opcode = 0;
  std::uint8_t rcode = 0;
  std::uint16_t questions = 0, answers = 0, authorities = 0, additionals = 0;
};
inline constexpr std::uint8_t rcode_no_error = 0, rcode_format_error = 1, rcode_no_name = 3,
                              rcode_not_implemented = 4;

struct QuestionPart {
  Name name;
  std::uint16_t type = 0;
  bool is_internet = false;  // class IN
};

// A record before its data is looked at.
struct RecordPart {
  Name owner;
  std::uint16_t type = 0;
  bool is_internet = false;
  std::uint32_t ttl = 0;  // seconds; one with the top bit set is 0 (RFC 2181 section 8)
  std::size_t data = 0;   // where it begins in the message
  std::uint16_t length = 0;
};

// Data of one record; the texts of a NAPTR are views into the message.
struct RecordData {
  Record record;          // without target
  Name target;            // SRV, NAPTR, CNAME
  std::uint32_t minimum;  // SOA: seconds
};

// Reads a message from front to back: the head, each question, each record.
class MessageReader {
 public:
  explicit MessageReader(std::string_view message) : message_(message) {}

  [[nodiscard]] Decoded<MessageHead> head();
  [[nodiscard]] Decoded<QuestionPart> question();
  [[nodiscard]] Decoded<RecordPart> record();
  // Of the types in RecordType; bad_data for another.
  [[nodiscard]] Decoded<RecordData> data_of(const RecordPart& part) const;

 private:
  std::string_view message_;
  std::size_t at_ = 0;
};

// 12 octets of head, the name, type and class, and 11 of EDNS.
inline constexpr std::size_t most_query_octets = 12 + Name::most_octets + 2 + 4 + 11;
// What we take in one datagram: whole on every path (RFC 6891 section 6.2.5).
inline constexpr std::uint16_t datagram_octets = 1'232;

struct QueryPart {
  std::uint16_t id = 0;
  const Name* name = nullptr;
  RecordType type = RecordType::a;
  bool edns = true;
};
// A question with "recursion desired"; gives its size.
[[nodiscard]] std::size_t write_query(std::span<char, most_query_octets> to,
                                      const QueryPart& query);

}  // namespace sipring::dns
