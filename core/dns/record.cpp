// SPDX-License-Identifier: MIT
#include <sipring/core/dns/record.h>

#include <sipring/pools/assert.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

namespace sipring::dns {
namespace {

// In front of the records in their buffer.
struct alignas(Record) Front {
  std::size_t count = 0;
};
static_assert(alignof(Record) <= 16 && sizeof(Buffer) % alignof(Record) == 0);

Front& front_of(Buffer& buffer) {
  return *std::launder(reinterpret_cast<Front*>(buffer.data()));
}
Record* records_of(Buffer& buffer) {
  return reinterpret_cast<Record*>(buffer.data() + sizeof(Front));
}

}  // namespace

std::string_view to_string(RecordType type) {
  switch (type) {
    case RecordType::a: return "A";
    case RecordType::cname: return "CNAME";
    case RecordType::soa: return "SOA";
    case RecordType::aaaa: return "AAAA";
    case RecordType::srv: return "SRV";
    case RecordType::naptr: return "NAPTR";
  }
  return "";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::records: return "records";
    case Outcome::no_data: return "no_data";
    case Outcome::no_name: return "no_name";
    case Outcome::failed: return "failed";
  }
  return "";
}

std::span<const Record> Records::all() const {
  if (!octets_) return {};
  Buffer& buffer = *octets_;
  return {std::launder(records_of(buffer)), front_of(buffer).count};
}

void RecordsWriter::Size::add(const Record& record) {
  ++records;
  text +=
      record.target.size() + record.flags.size() + record.services.size() + record.regexp.size();
}

RecordsWriter::RecordsWriter(const Size& size, BufferPool& pool)
    : octets_(pool.acquire(sizeof(Front) + size.records * sizeof(Record) + size.text)),
      capacity_(size.records) {
  if (!octets_) return;
  ::new (octets_->data()) Front{};
  text_ = octets_->data() + sizeof(Front) + size.records * sizeof(Record);
}

void RecordsWriter::add(const Record& record) {
  Front& front = front_of(*octets_);
  SIPRING_ASSERT(front.count < capacity_);
  Record kept = record;
  kept.target = keep(record.target);
  kept.flags = keep(record.flags);
  kept.services = keep(record.services);
  kept.regexp = keep(record.regexp);
  std::construct_at(records_of(*octets_) + front.count++, kept);
}

std::string_view RecordsWriter::keep(std::string_view text) {
  SIPRING_ASSERT(text.size() <=
                 static_cast<std::size_t>(octets_->data() + octets_->capacity() - text_));
  char* const at = text_;
  text_ = std::ranges::copy(text, text_).out;
  return {at, text.size()};
}

}  // namespace sipring::dns
