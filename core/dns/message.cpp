// SPDX-License-Identifier: MIT
#include <sipring/core/dns/detail/message.h>

#include <sipring/core/dns/detail/cursor.h>

#include <algorithm>
#include <utility>

namespace sipring::dns {
namespace {

using detail::Cursor;

constexpr std::uint16_t class_internet = 1;
constexpr std::uint16_t type_opt = 41;

template <class T>
Decoded<T> result_of(const Cursor& cursor, T value) {
  if (cursor.failed()) return std::unexpected(cursor.error());
  return value;
}

IpAddress read_address(Cursor& cursor, IpAddress::Family family) {
  const std::size_t size = family == IpAddress::Family::v4 ? 4 : 16;
  IpAddress address;
  address.family = family;
  const std::string_view octets = cursor.octets(size);
  std::ranges::transform(octets, address.octets.begin(),
                         [](char octet) { return static_cast<std::uint8_t>(octet); });
  return address;
}

void read_srv(Cursor& cursor, RecordData& data) {
  data.record.priority = cursor.u16();
  data.record.weight = cursor.u16();
  data.record.port = cursor.u16();
  data.target = cursor.name();
}

void read_naptr(Cursor& cursor, RecordData& data) {
  data.record.priority = cursor.u16();
  data.record.weight = cursor.u16();
  data.record.flags = cursor.character_string();
  data.record.services = cursor.character_string();
  data.record.regexp = cursor.character_string();
  data.target = cursor.name();
}

void read_soa(Cursor& cursor, RecordData& data) {
  (void)cursor.name();      // of the server
  (void)cursor.name();      // of a person
  (void)cursor.octets(16);  // serial, refresh, retry, expire
  data.minimum = cursor.u32();
}

class QueryWriter {
 public:
  explicit QueryWriter(char* to) : begin_(to), to_(to) {}
  void octet(unsigned value) { *to_++ = static_cast<char>(value); }
  void u16(unsigned value) {
    octet(value >> 8);
    octet(value & 0xff);
  }
  void name(const Name& name) {
    std::string_view rest = name.view();
    while (!rest.empty()) {
      const std::string_view label = rest.substr(0, rest.find('.'));
      octet(static_cast<unsigned>(label.size()));
      to_ = std::ranges::copy(label, to_).out;
      rest.remove_prefix(std::min(label.size() + 1, rest.size()));
    }
    octet(0);
  }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(to_ - begin_); }

 private:
  char* begin_;
  char* to_;
};

}  // namespace

std::string_view to_string(DecodeError error) {
  switch (error) {
    case DecodeError::too_short: return "too_short";
    case DecodeError::bad_name: return "bad_name";
    case DecodeError::bad_pointer: return "bad_pointer";
    case DecodeError::bad_data: return "bad_data";
  }
  return "";
}

Decoded<MessageHead> MessageReader::head() {
  Cursor cursor(message_, at_, message_.size());
  MessageHead head;
  head.id = cursor.u16();
  const unsigned flags = cursor.u16();
  head.is_response = (flags & 0x8000) != 0;
  head.opcode = static_cast<std::uint8_t>(flags >> 11 & 0xf);
  head.is_truncated = (flags & 0x0200) != 0;
  head.rcode = static_cast<std::uint8_t>(flags & 0xf);
  head.questions = cursor.u16();
  head.answers = cursor.u16();
  head.authorities = cursor.u16();
  head.additionals = cursor.u16();
  at_ = cursor.at();
  return result_of(cursor, head);
}

Decoded<QuestionPart> MessageReader::question() {
  Cursor cursor(message_, at_, message_.size());
  QuestionPart part;
  part.name = cursor.name();
  part.type = cursor.u16();
  part.is_internet = cursor.u16() == class_internet;
  at_ = cursor.at();
  return result_of(cursor, part);
}

Decoded<RecordPart> MessageReader::record() {
  Cursor cursor(message_, at_, message_.size());
  RecordPart part;
  part.owner = cursor.name();
  part.type = cursor.u16();
  part.is_internet = cursor.u16() == class_internet;
  part.ttl = cursor.u32();
  if ((part.ttl & 0x8000'0000) != 0) part.ttl = 0;
  part.length = cursor.u16();
  part.data = cursor.at();
  (void)cursor.octets(part.length);
  at_ = cursor.at();
  return result_of(cursor, part);
}

Decoded<RecordData> MessageReader::data_of(const RecordPart& part) const {
  Cursor cursor(message_, part.data, part.data + part.length);
  RecordData data{};
  switch (static_cast<RecordType>(part.type)) {
    case RecordType::a: data.record.address = read_address(cursor, IpAddress::Family::v4); break;
    case RecordType::aaaa: data.record.address = read_address(cursor, IpAddress::Family::v6); break;
    case RecordType::cname: data.target = cursor.name(); break;
    case RecordType::srv: read_srv(cursor, data); break;
    case RecordType::naptr: read_naptr(cursor, data); break;
    case RecordType::soa: read_soa(cursor, data); break;
    default: return std::unexpected(DecodeError::bad_data);
  }
  if (!cursor.failed() && cursor.left() != 0) return std::unexpected(DecodeError::bad_data);
  return result_of(cursor, data);
}

std::size_t write_query(std::span<char, most_query_octets> to, const QueryPart& query) {
  constexpr unsigned recursion_desired = 0x0100;
  QueryWriter out(to.data());
  out.u16(query.id);
  out.u16(recursion_desired);
  out.u16(1);  // question
  out.u16(0);
  out.u16(0);
  out.u16(query.edns ? 1 : 0);
  out.name(*query.name);
  out.u16(std::to_underlying(query.type));
  out.u16(class_internet);
  if (query.edns) {
    out.octet(0);  // the root
    out.u16(type_opt);
    out.u16(datagram_octets);
    out.u16(0);  // extended rcode, version
    out.u16(0);  // flags
    out.u16(0);  // no options
  }
  return out.size();
}

}  // namespace sipring::dns
