// Messages that TCP carries: segments out of order, lost, repeated, and connections that begin
// anew.
// SPDX-License-Identifier: MIT
#include <check/capture/capture.h>

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/apps/check/capture/capture_file.h"
#include "tests/apps/check/capture/contents.h"
#include "tests/support/sip_text.h"

namespace sipring::app::test {
namespace {

using namespace sipring::test;
using ::testing::ElementsAre;

TEST(CaptureOfTcp, puts_tcp_segments_in_order_and_cuts_messages) {
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

TEST(CaptureOfTcp, begins_in_the_middle_of_a_connection) {
  CaptureFile file(link_raw);
  file.add(ipv4(protocol_tcp, tcp("end of something", 100)))
      .add(ipv4(protocol_tcp, tcp(options, 116)));
  EXPECT_THAT(read(file).messages, ElementsAre(options));
}

TEST(CaptureOfTcp, begins_in_the_middle_of_a_message) {
  const std::string tail = "0.2.1>\r\nContent-Length: 0\r\n\r\n";
  CaptureFile file(link_raw);
  file.add(segment(tail + message, 1)).add(segment(options, 1 + tail.size() + message.size()));
  const Contents contents = read(file);
  EXPECT_THAT(contents.messages, ElementsAre(message, options));
  EXPECT_EQ(contents.summary.tcp_octets_skipped, tail.size());
  EXPECT_EQ(contents.summary.not_sip, 0u);
}

// Whatever the second sequence number: lower, higher, far away, or the same.
TEST(CaptureOfTcp, a_new_connection_with_the_same_addresses_starts_anew) {
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
TEST(CaptureOfTcp, a_new_connection_starts_anew_in_both_directions) {
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

TEST(CaptureOfTcp, tcp_is_sip_by_what_it_carries) {
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

TEST(CaptureOfTcp, waits_for_a_start_line_that_comes_in_pieces) {
  CaptureFile file(link_raw);
  file.add(segment("", 0, tcp_syn, 1, 7'777));
  for (std::size_t i = 0; i < options.size(); ++i)
    file.add(segment(options.substr(i, 1), 1 + i, 0, 1, 7'777));
  EXPECT_THAT(read(file).messages, ElementsAre(options));
}

TEST(CaptureOfTcp, goes_on_behind_a_message_that_cannot_be_told_from_the_next) {
  const std::string broken = replaced(message, "Content-Length: 5", "Content-Length: many");
  CaptureFile file(link_raw);
  file.add(segment("", 0, tcp_syn)).add(segment(broken + "\r\n" + options + broken, 1));
  file.add(segment(options, 3 + 2 * broken.size() + options.size()));
  EXPECT_THAT(read(file).messages, ElementsAre(broken + "\r\n", options, broken, options));
}

// Section 18.3 asks for it; who reads a capture has no connection to close.
TEST(CaptureOfTcp, goes_on_behind_a_message_that_has_no_content_length) {
  const std::string bare = replaced(options, "Content-Length: 0\r\n", "");
  const std::string open =
      replaced(message, "Content-Length: 5", "Content-Type: text/plain") + "\n";
  CaptureFile file(link_raw);
  file.add(segment("", 0, tcp_syn)).add(segment(bare + options + open + message + bare, 1));
  const std::size_t next = 1 + 2 * bare.size() + options.size() + open.size() + message.size();
  file.add(segment(options, next));
  EXPECT_THAT(read(file).messages, ElementsAre(bare, options, open, message, bare, options));
}

TEST(CaptureOfTcp, goes_on_behind_a_segment_that_is_missing) {
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

TEST(CaptureOfTcp, keeps_the_directions_of_connections_apart) {
  CaptureFile file(link_raw);
  file.add(ipv4(protocol_tcp, tcp(options.substr(0, 40), 1, 0, 40001)))
      .add(ipv4(protocol_tcp, tcp(message, 1, 0, 40002)))
      .add(ipv4(protocol_tcp, tcp(options.substr(40), 41, 0, 40001)));
  EXPECT_THAT(read(file).messages, ElementsAre(message, options));
}

// As it came: each packet is looked at once, however many wait behind a gap.
TEST(CaptureOfTcp, of_many_segments_behind_a_gap_is_read_once_it_is_given_up) {
  CaptureFile file(link_raw);
  file.add(segment("", 0, tcp_syn));
  std::size_t at = 2;  // the first octet never comes
  for (int i = 0; i < 300; ++i, at += options.size()) file.add(segment(options, at));
  const Contents contents = read(file);
  EXPECT_EQ(contents.messages.size(), 300u);
  EXPECT_EQ(contents.summary.tcp_gaps, 1u);
}

}  // namespace
}  // namespace sipring::app::test
