// SPDX-License-Identifier: MIT
#include <check/capture/capture.h>
#include <check/explanation.h>

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "source_dir.h"
#include "tests/apps/check/capture/capture_file.h"
#include "tests/support/sip_text.h"

namespace sipring::app::test {
namespace {

using namespace sipring::test;

constexpr std::uint32_t link_ethernet = 1, link_raw = 101, link_sll = 113, link_sll2 = 276;
constexpr std::uint8_t protocol_tcp = 6, protocol_udp = 17;

const std::string options = sip(R"(
OPTIONS sip:bob@example.com SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa
Content-Length: 0

)");
const std::string message = sip(R"(
MESSAGE sip:bob@example.com SIP/2.0
Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKb
Content-Length: 5

)") + "hello";

struct Contents {
  std::vector<std::string> messages;
  std::vector<std::string> ways;
  std::vector<std::uint64_t> packets;
  CaptureSummary summary;
};

Contents read(const CaptureFile& file) {
  Contents contents;
  const auto summary = read_capture(file.path(), 5060, [&](const CapturedMessage& captured) {
    contents.messages.emplace_back(captured.bytes);
    contents.ways.push_back(std::string(to_text(captured.source).view()) + " > " +
                            std::string(to_text(captured.destination).view()));
    contents.packets.push_back(captured.packet);
  });
  EXPECT_TRUE(summary) << summary.error();
  if (summary) contents.summary = *summary;
  return contents;
}

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

TEST(Capture, puts_tcp_segments_in_order_and_cuts_messages) {
  const std::string stream = options + message;
  const auto part = [&](std::uint32_t from, std::uint32_t to) {
    return ipv4(protocol_tcp, tcp(stream.substr(from, to - from), 0xfffffff0 + from));
  };
  const auto end = static_cast<std::uint32_t>(stream.size());
  CaptureFile file(link_raw);
  file.add(ipv4(protocol_tcp, tcp("", 0xffffffef, tcp_syn)))
      .add(part(0, 10))
      .add(part(20, end - 3))
      .add(part(0, 30))  // sent again, and more of it
      .add(part(end - 3, end));
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, ElementsAre(options, message));
  EXPECT_THAT(contents.packets, ElementsAre(4, 5));
  EXPECT_THAT(contents.ways.front(), "192.0.2.1:40000 > 192.0.2.2:5060");
  EXPECT_EQ(contents.summary.tcp_gaps, 0u);
}

TEST(Capture, begins_in_the_middle_of_a_connection) {
  CaptureFile file(link_raw);
  file.add(ipv4(protocol_tcp, tcp("end of something", 100)))
      .add(ipv4(protocol_tcp, tcp(options, 116)));
  EXPECT_THAT(read(file).messages, ElementsAre(options));
}

std::string segment(std::string_view payload, std::size_t sequence, char flags = 0,
                    std::uint16_t from = 40000, std::uint16_t to = 5060) {
  return ipv4(protocol_tcp, tcp(payload, static_cast<std::uint32_t>(sequence), flags, from, to));
}

TEST(Capture, begins_in_the_middle_of_a_message) {
  const std::string tail = "0.2.1>\r\nContent-Length: 0\r\n\r\n";
  CaptureFile file(link_raw);
  file.add(segment(tail + message, 1)).add(segment(options, 1 + tail.size() + message.size()));
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, ElementsAre(message, options));
  EXPECT_EQ(contents.summary.tcp_octets_skipped, tail.size());
  EXPECT_EQ(contents.summary.not_sip, 0u);
}

// Whatever the second sequence number: lower, higher, far away, or the same.
TEST(Capture, a_new_connection_with_the_same_addresses_starts_anew) {
  for (const std::uint32_t second :
       {0u, 999u, 1'000u, 1'500u, 500'000u, 90'000'000u, 0xffffff00u}) {
    for (const bool is_closed : {true, false}) {
      CaptureFile file(link_raw);
      file.add(segment("", 999, tcp_syn)).add(segment(options, 1'000));
      if (is_closed) file.add(segment("", 1'000 + options.size(), tcp_fin));
      file.add(segment("", second, tcp_syn)).add(segment("", second, tcp_syn));
      file.add(segment(message, second + 1u));
      const Contents contents = read(file);
      EXPECT_THAT(contents.messages, ElementsAre(options, message)) << second;
      EXPECT_EQ(contents.summary.tcp_gaps, 0u);
    }
  }
}

// Its SYN and the answer to it may be missing from the capture.
TEST(Capture, a_new_connection_starts_anew_in_both_directions) {
  const auto back = [](std::string_view payload, std::size_t sequence, char flags = 0) {
    std::string packet = segment(payload, sequence, flags, 5060, 40000);
    std::swap_ranges(packet.begin() + 12, packet.begin() + 16, packet.begin() + 16);  // addresses
    return packet;
  };
  CaptureFile file(link_raw);
  file.add(segment("", 999, tcp_syn)).add(back("", 4'999, tcp_syn | tcp_ack));
  file.add(segment(options, 1'000)).add(back(message, 5'000));
  file.add(segment("", 7, tcp_syn)).add(segment(message, 8)).add(back(options, 80));
  EXPECT_THAT(read(file).messages, ElementsAre(options, message, message, options));
  CaptureFile without(link_raw);
  without.add(segment(options, 1'000)).add(segment("", 1'000 + options.size(), tcp_fin));
  without.add(segment(message, 90'000)).add(segment(options, 2'000'000'000));
  EXPECT_THAT(read(without).messages, ElementsAre(options, message, options));
}

TEST(Capture, tcp_is_sip_by_what_it_carries) {
  CaptureFile file(link_raw);
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                    tls = "\x16\x03\x01" + zeros(1) + "\x05hello";
  const auto connection = [&](std::string_view octets, std::uint16_t from, std::uint16_t to) {
    file.add(segment("", 0, tcp_syn, from, to)).add(segment(octets, 1, 0, from, to));
    file.add(segment(octets, 1 + octets.size(), 0, from, to));
  };
  connection(get, 1, 80);
  connection(get, 2, 5060);
  connection(tls, 3, 443);
  connection(tls + "\r\n\r\n", 4, 5060);
  connection("220 mail SIP/ESMTP\r\n", 5, 25);
  connection("HTTP/1.1 200 OK\r\n\r\n" + options, 6, 8080);
  EXPECT_THAT(read(file).messages, IsEmpty());
  EXPECT_EQ(read(file).summary.not_sip, 12u);
  connection(options, 7, 7'777);
  connection("\r\n\r\n" + message, 8, 7'777);
  connection("INVITE no SIP at all\r\n\r\n", 9, 5060);  // text on the port of SIP
  EXPECT_THAT(read(file).messages,
              ElementsAre(options, options, message, message, "INVITE no SIP at all\r\n\r\n",
                          "INVITE no SIP at all\r\n\r\n"));
}

TEST(Capture, waits_for_a_start_line_that_comes_in_pieces) {
  CaptureFile file(link_raw);
  file.add(segment("", 0, tcp_syn, 1, 7'777));
  for (std::size_t i = 0; i < options.size(); ++i)
    file.add(segment(options.substr(i, 1), 1 + i, 0, 1, 7'777));
  EXPECT_THAT(read(file).messages, ElementsAre(options));
}

TEST(Capture, goes_on_behind_a_message_that_cannot_be_told_from_the_next) {
  const std::string broken = replaced(message, "Content-Length: 5", "Content-Length: many");
  CaptureFile file(link_raw);
  file.add(segment("", 0, tcp_syn)).add(segment(broken + "\r\n" + options + broken, 1));
  file.add(segment(options, 3 + 2 * broken.size() + options.size()));
  EXPECT_THAT(read(file).messages, ElementsAre(broken + "\r\n", options, broken, options));
}

// Section 18.3 asks for it; who reads a capture has no connection to close.
TEST(Capture, goes_on_behind_a_message_that_has_no_content_length) {
  const std::string bare = replaced(options, "Content-Length: 0\r\n", "");
  const std::string open =
      replaced(message, "Content-Length: 5", "Content-Type: text/plain") + "\n";
  CaptureFile file(link_raw);
  file.add(segment("", 0, tcp_syn)).add(segment(bare + options + open + message + bare, 1));
  const std::size_t next = 1 + 2 * bare.size() + options.size() + open.size() + message.size();
  file.add(segment(options, next));
  EXPECT_THAT(read(file).messages, ElementsAre(bare, options, open, message, bare, options));
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

TEST(Capture, goes_on_behind_a_segment_that_is_missing) {
  const auto size = static_cast<std::uint32_t>(options.size());
  CaptureFile file(link_raw);
  file.add(ipv4(protocol_tcp, tcp("", 0, tcp_syn)))
      .add(ipv4(protocol_tcp, tcp(options.substr(0, 20), 1)))
      .add(ipv4(protocol_tcp, tcp(message, 1 + size)))
      .add(ipv4(protocol_tcp,
                tcp("", 1 + size + static_cast<std::uint32_t>(message.size()), tcp_fin)));
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, ElementsAre(message));
  EXPECT_EQ(contents.summary.tcp_gaps, 1u);
}

TEST(Capture, keeps_the_directions_of_connections_apart) {
  CaptureFile file(link_raw);
  file.add(ipv4(protocol_tcp, tcp(options.substr(0, 40), 1, 0, 40001)))
      .add(ipv4(protocol_tcp, tcp(message, 1, 0, 40002)))
      .add(ipv4(protocol_tcp, tcp(options.substr(40), 41, 0, 40001)));
  EXPECT_THAT(read(file).messages, ElementsAre(message, options));
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

// As it came: each packet is looked at once, however many wait behind a gap.
TEST(Capture, of_many_segments_behind_a_gap_is_read_once_it_is_given_up) {
  CaptureFile file(link_raw);
  file.add(segment("", 0, tcp_syn));
  std::size_t at = 2;  // the first octet never comes
  for (int i = 0; i < 300; ++i, at += options.size()) file.add(segment(options, at));
  const Contents contents = read(file);
  EXPECT_EQ(contents.messages.size(), 300u);
  EXPECT_EQ(contents.summary.tcp_gaps, 1u);
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
