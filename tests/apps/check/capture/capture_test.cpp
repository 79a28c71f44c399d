// SPDX-License-Identifier: MIT
#include <check/capture/capture.h>

#include <gmock/gmock.h>

#include <string>
#include <vector>

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
