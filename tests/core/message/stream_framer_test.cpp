// SPDX-License-Identifier: MIT
#include <sipring/core/message/stream_framer.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

using Kind = StreamFramer::Kind;

struct Piece {
  Kind kind;
  std::string text;
  friend bool operator==(const Piece&, const Piece&) = default;
};

std::string name_of(Kind kind) {
  switch (kind) {
    case Kind::incomplete: return "incomplete";
    case Kind::message: return "message";
    case Kind::line_end: return "line_end";
    case Kind::keep_alive: return "keep_alive";
    case Kind::too_large: return "too_large";
    case Kind::broken: return "broken";
  }
  return "";
}

void PrintTo(const Piece& piece, std::ostream* out) {
  *out << name_of(piece.kind) << " of " << piece.text.size();
}

// Feeds the stream in the given steps and takes what comes out, up to a break.
std::vector<Piece> cut(std::string_view stream, std::size_t step, StreamFramer framer = {}) {
  std::vector<Piece> pieces;
  std::string received;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    received += stream.substr(at, step);
    for (;;) {
      const StreamFramer::Frame frame = framer.next(received);
      if (frame.kind == Kind::incomplete) break;
      pieces.push_back({frame.kind, received.substr(0, frame.size)});
      if (frame.kind == Kind::broken) return pieces;
      received.erase(0, frame.size);
    }
  }
  if (!received.empty()) pieces.push_back({Kind::incomplete, received});
  return pieces;
}

const std::string message_with_body = test::sip(R"(
MESSAGE sip:bob@example.com SIP/2.0
Via: SIP/2.0/TCP host;branch=z9hG4bK1
Content-Length: 11

)") + "hello\r\n\r\nyo";

const std::string without_body = test::sip(R"(
OPTIONS sip:bob@example.com SIP/2.0
Via: SIP/2.0/TCP host;branch=z9hG4bK2
l:0

)");

TEST(StreamFramer, cuts_one_message_after_the_other_wherever_the_stream_is_split) {
  const std::string stream =
      message_with_body + without_body + "\r\n\r\n" + message_with_body + "\r\n";
  const std::vector<Piece> expected{
      {Kind::message, message_with_body}, {Kind::message, without_body},
      {Kind::line_end, "\r\n"},           {Kind::keep_alive, "\r\n"},
      {Kind::message, message_with_body}, {Kind::line_end, "\r\n"}};
  for (std::size_t step = 1; step <= stream.size(); ++step)
    ASSERT_EQ(cut(stream, step), expected) << "in steps of " << step;
}

TEST(StreamFramer, cuts_every_corpus_message_that_has_its_length) {
  for (const auto& path : testing::corpus_messages()) {
    if (path.parent_path().filename() == "rfc4475" ||
        path.string().find("rfc5118") != path.string().npos)
      continue;
    const std::string message = testing::read_file(path);
    const std::vector<Piece> expected{{Kind::message, message}, {Kind::message, message}};
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, 2 * message.size()})
      EXPECT_EQ(cut(message + message, step), expected) << path << " in steps of " << step;
  }
}

// RFC 4475 section 3.1.2.9 (dblreq): one request in a datagram, two in a stream.
TEST(StreamFramer, finds_both_requests_of_the_torture_test) {
  const std::string stream = testing::read_file(testing::corpus_path() / "rfc4475/dblreq.dat");
  std::vector<std::string> methods;
  for (const Piece& piece : cut(stream, 64))
    if (piece.kind == Kind::message) methods.push_back(piece.text.substr(0, piece.text.find(' ')));
  ASSERT_GE(methods.size(), 2u);  // the INVITE's body is longer than it says
  EXPECT_EQ(methods[0], "REGISTER");
  EXPECT_EQ(methods[1], "INVITE");
}

TEST(StreamFramer, says_how_much_is_missing_once_the_head_is_there) {
  StreamFramer framer;
  const std::string half = message_with_body.substr(0, message_with_body.size() - 5);
  EXPECT_EQ(framer.next(half.substr(0, 20)).size, 0u);
  const StreamFramer::Frame frame = framer.next(half);
  EXPECT_EQ(frame.kind, Kind::incomplete);
  EXPECT_EQ(frame.size, message_with_body.size());
}

TEST(StreamFramer, takes_lines_that_end_in_line_feeds) {
  const std::string message = "OPTIONS sip:a SIP/2.0\nTo: <sip:a>\nContent-Length: 2\n\nab";
  for (std::size_t step = 1; step <= message.size(); ++step)
    EXPECT_EQ(cut(message + message, step),
              (std::vector<Piece>{{Kind::message, message}, {Kind::message, message}}));
}

// RFC 3261 section 18.3: the field must be there.
TEST(StreamFramer, refuses_a_message_without_a_length_whose_head_it_still_tells) {
  const std::string head = "OPTIONS sip:a SIP/2.0\r\nTo: <sip:a>\r\n\r\n";
  for (std::size_t step = 1; step <= head.size(); ++step) {
    EXPECT_EQ(cut(head + without_body, step), (std::vector<Piece>{{Kind::broken, head}}));
  }
  StreamFramer framer;
  EXPECT_EQ(framer.next(head).error,
            (ParseError{ParseErrorCode::missing_header, static_cast<std::uint32_t>(head.size())}));
}

TEST(StreamFramer, believes_neither_of_two_lengths_that_differ) {
  const std::string twice = "A sip:a SIP/2.0\r\nl: 0\r\nContent-Length:0\r\n\r\n";
  EXPECT_EQ(cut(twice + twice, 5),
            (std::vector<Piece>{{Kind::message, twice}, {Kind::message, twice}}));
  StreamFramer framer;
  const StreamFramer::Frame frame =
      framer.next("A sip:a SIP/2.0\r\nl: 0\r\nContent-Length:5\r\n\r\nabcde");
  EXPECT_EQ(frame.kind, Kind::broken);
  EXPECT_EQ(frame.error, (ParseError{ParseErrorCode::content_length, 38}));
}

TEST(StreamFramer, finds_a_length_behind_a_fold_and_none_inside_of_one) {
  const std::string folded = "A sip:a SIP/2.0\r\nContent-Length :\r\n 2\r\nx: y\r\n l: 7\r\n\r\nab";
  for (std::size_t step = 1; step <= folded.size(); ++step) {
    EXPECT_EQ(cut(folded + folded, step),
              (std::vector<Piece>{{Kind::message, folded}, {Kind::message, folded}}));
  }
}

// In the worst case each octet brings a call, and each call sees all octets before it.
TEST(StreamFramer, reads_a_head_once_though_it_comes_octet_by_octet) {
  std::string message = "MESSAGE sip:bob@example.com SIP/2.0\r\n";
  for (int i = 0; i < 200; ++i) {
    message += "Via: SIP/2.0/TCP host" + std::to_string(i) + ";branch=z9hG4bK1\r\n";
    message += "Contact: <sip:" + std::string(40, 'c') + "@example.com>,\r\n <sip:b@c>\r\n";
  }
  const std::string body(20'000, 'b');
  const std::size_t head = message.size();
  message += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  ASSERT_LT(message.size(), 65'535U);
  StreamFramer framer;
  for (std::size_t come = 1; come < message.size(); ++come) {
    ASSERT_EQ(framer.next(std::string_view(message).substr(0, come)).kind, Kind::incomplete);
  }
  EXPECT_EQ(framer.next(message).size, message.size());
  EXPECT_GE(framer.octets_read(), head);
  EXPECT_LE(framer.octets_read(), 2 * head);
}

TEST(StreamFramer, tells_a_large_message_while_the_stream_stays_usable) {
  const auto one_less = static_cast<std::uint32_t>(message_with_body.size() - 1);
  StreamFramer framer({.head_bytes = 1'000, .message_bytes = one_less});
  const StreamFramer::Frame large = framer.next(message_with_body);
  EXPECT_EQ(large.kind, Kind::too_large);
  EXPECT_EQ(large.size, message_with_body.size());
  EXPECT_EQ(framer.next(without_body).kind, Kind::message);
}

TEST(StreamFramer, tells_a_large_message_before_its_body_has_come) {
  StreamFramer framer;
  const StreamFramer::Frame frame =
      framer.next("MESSAGE sip:a SIP/2.0\r\nContent-Length: 4294967295\r\n\r\n");
  EXPECT_EQ(frame.kind, Kind::too_large);
  EXPECT_EQ(frame.size, 4'294'967'295 + 53);
}

TEST(StreamFramer, gives_up_on_a_head_without_end) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}, std::size_t{5'000}}) {
    const std::vector<Piece> pieces =
        cut(std::string(4'000, 'x'), step, StreamFramer({.head_bytes = 300}));
    ASSERT_EQ(pieces.size(), 1u);
    EXPECT_EQ(pieces[0].kind, Kind::broken);
  }
  StreamFramer framer({.head_bytes = 300});
  EXPECT_EQ(framer.next(std::string(301, 'x')).error.code, ParseErrorCode::message_too_large);
}

TEST(StreamFramer, gives_up_on_a_length_that_is_no_number) {
  StreamFramer framer;
  const StreamFramer::Frame frame = framer.next("A sip:a SIP/2.0\r\nl: 1x\r\n\r\n");
  EXPECT_EQ(frame.kind, Kind::broken);
  EXPECT_EQ(frame.error, (ParseError{ParseErrorCode::content_length, 21}));
}

TEST(StreamFramer, gives_up_on_a_carriage_return_alone) {
  StreamFramer framer;
  EXPECT_EQ(framer.next("\r").kind, Kind::incomplete);
  EXPECT_EQ(framer.next("\rO").error, (ParseError{ParseErrorCode::line_ending, 1}));
}

}  // namespace
}  // namespace sipring
