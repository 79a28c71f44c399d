// SPDX-License-Identifier: MIT
#include <check/capture/capture.h>
#include <check/explanation.h>

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "source_dir.h"
#include "tests/apps/check/capture/capture_file.h"
#include "tests/apps/check/capture/contents.h"
#include "tests/support/sip_text.h"

namespace sipring::app::test {
namespace {

using namespace sipring::test;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Capture, reads_udp_under_every_link_layer) {
  const std::string packet = ipv4(protocol_udp, udp(options));
  CaptureFile plain(link_ethernet), raw(link_raw), cooked(link_sll), cooked2(link_sll2);
  plain.add(ethernet(packet)).add(zeros(12) + be16(0x8100) + be16(7) + be16(0x0800) + packet);
  raw.add(packet).add(ipv6(protocol_udp, udp(options)));
  cooked.add(zeros(14) + be16(0x0800) + packet);
  cooked2.add(be16(0x0800) + zeros(18) + packet);
  EXPECT_THAT(read(plain).messages, ElementsAre(options, options));
  EXPECT_THAT(read(raw).ways, ElementsAre("192.0.2.1:5060 > 192.0.2.2:5060",
                                          "[2001:db8::1]:5060 > [2001:db8::2]:5060"));
  EXPECT_THAT(read(cooked).messages, ElementsAre(options));
  EXPECT_THAT(read(cooked2).messages, ElementsAre(options));
}

std::string tagged(std::string_view packet) {
  return be16(7) + be16(0x0800) + std::string(packet);
}

TEST(Capture, reads_udp_under_tags_labels_and_ppp) {
  const std::string packet = ipv4(protocol_udp, udp(options));
  const std::string ppp = be16(0x0021) + packet, pppoe = "\x11" + zeros(5) + ppp;
  CaptureFile plain(link_ethernet), cooked(link_sll), cooked2(link_sll2);
  plain.add(ethernet(pppoe, 0x8864))
      .add(ethernet(be16(7) + be16(0x8864) + pppoe, 0x8100))
      .add(ethernet("\x11" + zeros(5) + "\x21" + packet, 0x8864))  // a protocol of one octet
      .add(ethernet(be16(7) + be16(0x8100) + tagged(packet), 0x88a8))
      .add(ethernet(tagged(packet), 0x9100))
      .add(ethernet(be32(0x40) + be32(0x140) + packet, 0x8847));  // two labels
  cooked.add(zeros(14) + be16(0x8100) + tagged(packet));
  cooked2.add(be16(0x8100) + zeros(18) + tagged(packet))
      .add(be16(0x88a8) + zeros(18) + be16(7) + be16(0x8100) + tagged(packet))
      .add(be16(0x8864) + zeros(18) + pppoe);
  EXPECT_EQ(read(plain).messages, std::vector<std::string>(6, options));
  EXPECT_THAT(read(cooked).messages, ElementsAre(options));
  EXPECT_EQ(read(cooked2).messages, std::vector<std::string>(3, options));
  for (const std::uint32_t link : {9u, 50u}) {  // PPP, alone and as in HDLC
    CaptureFile serial(link);
    serial.add("\xff\x03" + ppp).add(ppp);
    EXPECT_THAT(read(serial).messages, ElementsAre(options, options));
  }
  CaptureFile over_ethernet(51);
  over_ethernet.add(pppoe);
  EXPECT_THAT(read(over_ethernet).messages, ElementsAre(options));
}

TEST(Capture, reads_packets_within_packets) {
  const std::string packet = ipv4(protocol_udp, udp(options));
  const std::string packet6 = ipv6(protocol_udp, udp(options));
  CaptureFile file(link_raw);
  file.add(ipv4(4, packet))
      .add(ipv4(41, packet6))
      .add(ipv6(4, packet))
      .add(ipv6(41, packet6))
      .add(ipv4(4, ipv4(4, packet)))
      .add(ipv4(47, be16(0) + be16(0x0800) + packet))
      .add(ipv4(47, be16(0xb000) + be16(0x86dd) + zeros(12) + packet6))
      .add(ipv4(47, be16(0) + be16(0x6558) + ethernet(packet)));
  EXPECT_EQ(read(file).messages, std::vector<std::string>(8, options));
  std::string deep = packet;
  for (int i = 0; i < 200; ++i) deep = ipv4(4, deep);
  CaptureFile nested(link_raw);
  nested.add(deep);
  EXPECT_EQ(read(nested).summary.not_sip, 1u);
}

TEST(Capture, takes_all_of_a_packet_that_the_network_card_was_to_cut_up) {
  std::string v4 = ipv4(protocol_udp, udp(options)), v6 = ipv6(protocol_udp, udp(options));
  v4[2] = v4[3] = v6[4] = v6[5] = '\0';
  CaptureFile file(link_raw);
  file.add(v4).add(v6);
  EXPECT_THAT(read(file).messages, ElementsAre(options, options));
}

TEST(Capture, puts_fragments_together_that_overlap) {
  const std::string datagram = udp(options);
  const auto part = [&](std::size_t from, std::size_t to) {
    const bool is_last = to >= datagram.size();
    return ipv4(protocol_udp, datagram.substr(from, to - from), (is_last ? 0 : 0x2000) | from / 8);
  };
  CaptureFile file(link_raw);
  file.add(part(0, 48)).add(part(40, 64)).add(part(40, 48)).add(part(56, datagram.size()));
  file.add(part(56, datagram.size())).add(part(16, 64)).add(part(0, 24));
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, ElementsAre(options, options));
  EXPECT_EQ(contents.summary.fragments_missing, 0u);
}

TEST(Capture, puts_fragments_together_in_any_order) {
  const std::string datagram = udp(options);
  const std::string first = ipv4(protocol_udp, datagram.substr(0, 40), 0x2000);
  const std::string second = ipv4(protocol_udp, datagram.substr(40), 40 / 8);
  CaptureFile file(link_raw);
  file.add(second).add(first).add(first);
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, ElementsAre(options));
  EXPECT_EQ(contents.summary.fragments_missing, 1u);  // the third packet waits for its end
}

TEST(Capture, puts_ipv6_fragments_together) {
  const std::string datagram = udp(options);
  const auto fragment = [](std::string_view payload, std::size_t offset, bool more) {
    return ipv6(
        44, std::string{17, 0} + be16(offset | (more ? 1 : 0)) + be32(9) + std::string(payload));
  };
  CaptureFile file(link_raw);
  file.add(fragment(datagram.substr(0, 48), 0, true)).add(fragment(datagram.substr(48), 48, false));
  EXPECT_THAT(read(file).messages, ElementsAre(options));
}

TEST(Capture, takes_octets_on_other_ports_only_when_they_begin_like_sip) {
  CaptureFile file(link_raw);
  file.add(ipv4(protocol_udp, udp(options, 7000, 7001)))
      .add(ipv4(protocol_udp, udp("GET / HTTP/1.1\r\n", 7000, 7001)))
      .add(ipv4(protocol_udp, udp("no start line\r\n\r\n", 7000, 5060)))
      .add(ipv4(protocol_udp, udp("\x80\x00rtp", 7000, 5060)))
      .add(ipv4(protocol_udp, udp("\r\n\r\n")))
      .add(ipv4(1, "ping"));
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, ElementsAre(options, "no start line\r\n\r\n"));
  EXPECT_EQ(contents.summary.not_sip, 3u);
  EXPECT_EQ(contents.summary.keep_alives, 1u);
}

std::string segment(std::string_view payload, std::size_t sequence, char flags = 0,
                    std::uint16_t from = 40000, std::uint16_t to = 5060) {
  return ipv4(protocol_tcp, tcp(payload, static_cast<std::uint32_t>(sequence), flags, from, to));
}

TEST(Capture, tells_keep_alives) {
  CaptureFile file(link_raw);
  for (const char* text : {"\r\n\r\n", "\r\n", "  ", "jaK", "jaK\r\n", ""})
    file.add(ipv4(protocol_udp, udp(text, 7'000, 7'001)));
  file.add(segment("", 0, tcp_syn, 1, 7'777)).add(segment("\r\n\r\n", 1, 0, 1, 7'777));
  file.add(segment("jaK" + options + "jaK", 5, 0, 1, 7'777));
  file.add(segment("jaK", 11 + options.size(), 0, 1, 7'777));
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, ElementsAre(options));
  EXPECT_EQ(contents.summary.keep_alives, 8u);
  EXPECT_EQ(contents.summary.not_sip, 0u);
}

TEST(Capture, reads_what_capture_agents_send_on) {
  const std::string hep =
      hep3(chunk(3, "\x0a" + zeros(2) + "\x01") + chunk(4, "\x0a" + zeros(2) + "\x02") +
           chunk(7, be16(5080)) + chunk(8, be16(5060)) + chunk(15, options));
  CaptureFile file(link_raw);
  file.add(ipv4(protocol_udp, udp(hep, 9'060, 9'060)))
      .add(ipv4(protocol_udp, udp(hep3(chunk(15, options)))))
      .add(ipv4(protocol_udp, udp(hep3(chunk(15, "rtcp")))))
      .add(ipv4(protocol_udp, udp("HEP3 INVITE sip:a SIP/2.0\r\n")));  // broken, and no SIP
  file.add(segment("", 0, tcp_syn)).add(segment(hep, 1));
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, ElementsAre(options, options));
  EXPECT_THAT(contents.ways,
              ElementsAre("10.0.0.1:5080 > 10.0.0.2:5060", "192.0.2.1:5060 > 192.0.2.2:5060"));
  EXPECT_EQ(contents.summary.hep3, 5u);
}

TEST(Capture, counts_packets_that_are_cut_off_or_no_ip) {
  const std::string packet = ethernet(ipv4(protocol_udp, udp(options)));
  CaptureFile file(link_ethernet);
  file.add(packet, 10).add(ethernet("arp", 0x0806)).add(packet.substr(0, 20));
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, IsEmpty());
  EXPECT_EQ(contents.summary.cut_off, 1u);
  EXPECT_EQ(contents.summary.not_ip, 2u);
}

TEST(Capture, ends_well_wherever_a_packet_is_cut) {
  const std::string v4 = ipv4(protocol_udp, udp(options));
  const std::string v6 = ipv6(protocol_tcp, tcp(options, 1));
  CaptureFile file(link_raw);
  for (std::size_t size = 0; size < v4.size(); ++size) file.add(v4.substr(0, size));
  for (std::size_t size = 0; size < v6.size(); ++size) file.add(v6.substr(0, size));
  EXPECT_THAT(read(file).messages, IsEmpty());
}

// Files of tests/corpus/field/check, and what is in them.
TEST(Capture, reads_what_the_field_sent) {
  struct Case {
    const char* file;
    std::size_t messages;
    std::uint64_t CaptureSummary::*counted;
    std::uint64_t count;
  };
  for (const Case& each :
       {Case{"midstream", 2, &CaptureSummary::tcp_octets_skipped, 31},
        Case{"reuse-fin", 2, &CaptureSummary::tcp_gaps, 0},
        Case{"reuse-rising", 3, &CaptureSummary::tcp_gaps, 0},
        Case{"frag-overlap", 1, &CaptureSummary::fragments_missing, 0},
        Case{"ipip", 1, &CaptureSummary::not_sip, 0}, Case{"pppoe", 1, &CaptureSummary::not_ip, 0},
        Case{"sll2-vlan", 1, &CaptureSummary::not_ip, 0}, Case{"hep3", 1, &CaptureSummary::hep3, 1},
        Case{"sip-and-http", 1, &CaptureSummary::not_sip, 2},
        Case{"tls443-syn", 0, &CaptureSummary::not_sip, 1}}) {
    std::size_t messages = 0;
    const std::string path =
        std::string(SIPRING_SOURCE_DIR) + "/tests/corpus/field/check/" + each.file + ".pcap";
    const auto summary = read_capture(path, 5060, [&](const CapturedMessage& captured) {
      EXPECT_TRUE(explain(captured.bytes).is_valid()) << each.file;
      ++messages;
    });
    ASSERT_TRUE(summary) << each.file << ": " << summary.error();
    EXPECT_EQ(messages, each.messages) << each.file;
    EXPECT_EQ((*summary).*each.counted, each.count) << each.file;
  }
}

TEST(Capture, says_what_is_wrong_with_a_file) {
  const auto take = [](const CapturedMessage&) {};
  EXPECT_FALSE(read_capture("/nonexistent", 5060, take));
  CaptureFile unknown(147);
  EXPECT_THAT(read_capture(unknown.path(), 5060, take).error(),
              ::testing::HasSubstr("are not understood"));
  CaptureFile broken(link_raw);
  broken.add(ipv4(protocol_udp, udp(options))).add_raw("half a header");
  EXPECT_THAT(read_capture(broken.path(), 5060, take).error(), ::testing::HasSubstr("truncated"));
}

TEST(Capture, is_known_by_its_first_octets) {
  EXPECT_TRUE(is_capture("\xd4\xc3\xb2\xa1..."));
  EXPECT_TRUE(is_capture("\n\r\r\n..."));
  EXPECT_FALSE(is_capture("OPTIONS"));
  EXPECT_FALSE(is_capture("\r\n"));
}

}  // namespace
}  // namespace sipring::app::test
