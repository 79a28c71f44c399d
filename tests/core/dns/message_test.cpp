// SPDX-License-Identifier: MIT
#include <sipring/core/dns/detail/message.h>

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/core/dns/zone.h"

namespace sipring::dns {
namespace {

using test::WireText;

std::string query_for(std::string_view text, RecordType type, bool edns = true) {
  const Name name = *Name::parse(text);
  std::array<char, most_query_octets> room;
  return {room.data(), write_query(room, {0x1234, &name, type, edns})};
}

// A message of one record.
std::string message_with(const WireText& owner, unsigned type, const std::string& data) {
  return WireText().u16(7).u16(0x8180).u16(0).u16(1).u16(0).u16(0).octets + owner.octets +
         WireText().u16(type).u16(1).u32(60).u16(static_cast<unsigned>(data.size())).octets + data;
}

Decoded<RecordData> only_record(const std::string& message) {
  MessageReader reader(message);
  EXPECT_TRUE(reader.head().has_value());
  const auto part = reader.record();
  if (!part) return std::unexpected(part.error());
  return reader.data_of(*part);
}

TEST(DnsMessage, a_query_asks_one_question_with_recursion_and_edns) {
  const std::string query = query_for("sip.example.com", RecordType::srv);
  MessageReader reader(query);
  const auto head = reader.head();
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->id, 0x1234);
  EXPECT_FALSE(head->is_response);
  EXPECT_EQ(head->questions, 1);
  EXPECT_EQ(head->additionals, 1);
  EXPECT_EQ(static_cast<unsigned char>(query[2]), 1);  // RD
  const auto question = reader.question();
  ASSERT_TRUE(question.has_value());
  EXPECT_EQ(question->name.view(), "sip.example.com");
  EXPECT_EQ(question->type, 33);
  EXPECT_EQ(query.substr(query.size() - 11),
            WireText().u8(0).u16(41).u16(1232).u32(0).u16(0).octets);
  EXPECT_EQ(query_for("sip.example.com", RecordType::srv, false).size(), query.size() - 11);
}

TEST(DnsMessage, the_longest_name_fits_a_query) {
  const std::string label(63, 'x');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'y');
  EXPECT_EQ(query_for(longest, RecordType::naptr).size(), most_query_octets);
}

TEST(DnsMessage, each_type_is_read) {
  const WireText owner = WireText().name("x");
  auto data = only_record(message_with(owner, test::wire_a, "\xc0\x01\x02\x03"));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(to_text(data->record.address).view(), "192.1.2.3");
  data = only_record(message_with(owner, test::wire_srv,
                                  WireText().u16(1).u16(2).u16(5070).name("A.Example").octets));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->record.priority, 1);
  EXPECT_EQ(data->record.weight, 2);
  EXPECT_EQ(data->record.port, 5070);
  EXPECT_EQ(data->target.view(), "a.example");
  const std::string naptr = WireText()
                                .u16(50)
                                .u16(60)
                                .string("s")
                                .string("SIP+D2U")
                                .string("")
                                .name("_sip._udp.x")
                                .octets;
  const std::string message = message_with(owner, test::wire_naptr, naptr);
  data = only_record(message);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->record.flags, "s");
  EXPECT_EQ(data->record.services, "SIP+D2U");
  EXPECT_EQ(data->target.view(), "_sip._udp.x");
  data = only_record(
      message_with(owner, test::wire_soa,
                   WireText().name("ns").name("me").u32(1).u32(2).u32(3).u32(4).u32(99).octets));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->minimum, 99u);
}

TEST(DnsMessage, data_of_another_length_than_its_type_has_is_refused) {
  const WireText owner = WireText().name("x");
  EXPECT_EQ(only_record(message_with(owner, test::wire_a, "\x01\x02\x03")).error(),
            DecodeError::too_short);
  EXPECT_EQ(only_record(message_with(owner, test::wire_a, "\x01\x02\x03\x04\x05")).error(),
            DecodeError::bad_data);
  EXPECT_EQ(only_record(message_with(owner, 99, "")).error(), DecodeError::bad_data);
}

TEST(DnsMessage, a_compressed_name_is_followed_back) {
  // At 12: "example.com" of the owner; the target is "sip" and a pointer to it.
  const std::string data = WireText().u16(0).u16(0).u16(5060).string("sip").u16(0xc000 | 12).octets;
  const auto read = only_record(message_with(WireText().name("example.com"), test::wire_srv, data));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->target.view(), "sip.example.com");
}

TEST(DnsMessage, a_compressed_name_that_does_not_lead_back_is_refused) {
  for (const unsigned to : {12u, 13u, 40u, 0x3fffu}) {  // itself, within itself, ahead, outside
    const WireText owner = WireText().u16(0xc000 | to);
    EXPECT_EQ(only_record(message_with(owner, test::wire_a, "\x01\x02\x03\x04")).error(),
              DecodeError::bad_pointer)
        << to;
  }
}

TEST(DnsMessage, names_that_point_at_each_other_come_to_an_end) {
  // At 12: "a" and a pointer to 16, which is "b" and a pointer to 12.
  const WireText owner = WireText().string("a").u16(0xc000 | 16).string("b").u16(0xc000 | 12);
  EXPECT_EQ(only_record(message_with(owner, test::wire_a, "\x01\x02\x03\x04")).error(),
            DecodeError::bad_pointer);
}

TEST(DnsMessage, a_name_of_more_than_its_bound_is_refused_however_it_is_compressed) {
  // Four labels of 63 in the owner, then one more that points to them.
  WireText owner;
  for (int i = 0; i < 3; ++i) owner.string(std::string(63, 'x'));
  owner.string(std::string(61, 'x')).u8(0);
  const std::string data = WireText().string("y").u16(0xc000 | 12).octets;
  EXPECT_EQ(only_record(message_with(owner, test::wire_cname, data)).error(),
            DecodeError::bad_name);
}

TEST(DnsMessage, labels_that_a_text_cannot_hold_are_refused) {
  for (const WireText& owner : {WireText().string("a.b").u8(0), WireText().string("a b").u8(0),
                                WireText().u8(0x41).u8(0), WireText().u8(0x80).u8(0)}) {
    EXPECT_EQ(only_record(message_with(owner, test::wire_a, "\x01\x02\x03\x04")).error(),
              DecodeError::bad_name);
  }
}

TEST(DnsMessage, cut_anywhere_it_is_too_short) {
  const std::string message =
      message_with(WireText().name("example.com"), test::wire_srv,
                   WireText().u16(0).u16(0).u16(5060).string("sip").u16(0xc000 | 12).octets);
  for (std::size_t size = 0; size < message.size(); ++size) {
    const std::string cut = message.substr(0, size);
    MessageReader reader(cut);
    const auto head = reader.head();
    if (!head) continue;
    const auto part = reader.record();
    EXPECT_FALSE(part.has_value()) << size;
  }
}

TEST(DnsMessage, a_time_to_live_with_its_top_bit_set_is_none) {
  const std::string message = WireText()
                                  .u16(7)
                                  .u16(0x8180)
                                  .u16(0)
                                  .u16(1)
                                  .u16(0)
                                  .u16(0)
                                  .name("x")
                                  .u16(1)
                                  .u16(1)
                                  .u32(0x8000'0001)
                                  .u16(4)
                                  .u32(1)
                                  .octets;
  MessageReader reader(message);
  ASSERT_TRUE(reader.head().has_value());
  EXPECT_EQ(reader.record()->ttl, 0u);
}

}  // namespace
}  // namespace sipring::dns
