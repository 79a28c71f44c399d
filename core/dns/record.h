// What DNS knows that SIP asks for: addresses (RFC 1035 section 3.4.1, RFC 3596), servers of a
// service (SRV, RFC 2782), services of a domain (NAPTR, RFC 3403), and the two that stand in
// between (CNAME, SOA: RFC 1035 section 3.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/pools/buffer.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring::dns {

enum class RecordType : std::uint16_t {
  a = 1,
  cname = 5,
  soa = 6,
  aaaa = 28,
  srv = 33,
  naptr = 35
};
[[nodiscard]] std::string_view to_string(RecordType type);  // "SRV"

// What a type does not have is zero or empty. Texts live as long as the Records that they are of.
struct Record {
  IpAddress address = {};          // A, AAAA
  std::uint16_t priority = 0;      // SRV; the order of a NAPTR
  std::uint16_t weight = 0;        // SRV; the preference of a NAPTR
  std::uint16_t port = 0;          // SRV
  std::string_view target = {};    // SRV, the replacement of a NAPTR: a Name's text; "" is the root
  std::string_view flags = {};     // NAPTR, as written
  std::string_view services = {};  // NAPTR
  std::string_view regexp = {};    // NAPTR
};

// The records of one name and type: shared, and never changed once they are made. What is known of
// a target's health is elsewhere (core/routing/health.h), so no caller spoils them for another.
class Records {
 public:
  Records() = default;
  [[nodiscard]] std::size_t size() const { return all().size(); }
  [[nodiscard]] bool empty() const { return !octets_; }
  [[nodiscard]] const Record& operator[](std::size_t index) const { return all()[index]; }
  [[nodiscard]] std::span<const Record> all() const;
  [[nodiscard]] auto begin() const { return all().begin(); }
  [[nodiscard]] auto end() const { return all().end(); }

 private:
  friend class RecordsWriter;
  explicit Records(Ref<Buffer> octets) : octets_(std::move(octets)) {}
  Ref<Buffer> octets_;
};

// Makes Records: say how many and how much text they have, add each, take them.
class RecordsWriter {
 public:
  struct Size {
    std::size_t records = 0;
    std::size_t text = 0;
    void add(const Record& record);
  };
  // is_open() is false when the pool is used up.
  RecordsWriter(const Size& size, BufferPool& pool);
  [[nodiscard]] bool is_open() const { return static_cast<bool>(octets_); }
  // Copies the texts too. Not more than was said.
  void add(const Record& record);
  [[nodiscard]] Records take() { return Records(std::move(octets_)); }

 private:
  std::string_view keep(std::string_view text);

  Ref<Buffer> octets_;
  std::size_t capacity_;
  char* text_ = nullptr;
};

// What came of a question.
enum class Outcome : std::uint8_t {
  records,
  no_data,  // the name exists and has nothing of this type (RFC 2308 section 2.2)
  no_name,  // the name does not exist: NXDOMAIN (section 2.1)
  failed,   // no server answered, or none of them could
};
[[nodiscard]] std::string_view to_string(Outcome outcome);

struct Answer {
  Outcome outcome = Outcome::failed;
  Records records = {};      // at least one when the outcome says so
  Instant fresh_until = {};  // by the time to live, the shortest of the chain that led here
  Instant expires = {};      // later when it is given because no server answers (RFC 8767)
  [[nodiscard]] bool is_stale(Instant now) const { return now >= fresh_until; }
};

}  // namespace sipring::dns
