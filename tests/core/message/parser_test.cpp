// SPDX-License-Identifier: MIT
#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

#include "tests/core/message/table.h"
#include "tests/core/message/texts.h"

namespace sipring {
namespace {

class Parser : public ::testing::Test {
 protected:
  Parsed<void> read(std::string_view text) { return parse(edge_.hold(text), message_); }

  ParseError error_of(std::string_view text) {
    const Parsed<void> result = read(text);
    return result ? ParseError{} : result.error();
  }

  testing::EdgeText edge_{readable_padding};
  Message message_{128, *std::pmr::new_delete_resource()};
};

constexpr std::string_view options = "OPTIONS sip:a@b SIP/2.0\r\n";

std::string with(std::string_view headers, std::string_view body = "") {
  return std::string{options} + std::string{headers} + "\r\n" + std::string{body};
}

TEST_F(Parser, reads_a_request_line) {
  ASSERT_TRUE(read(with("")));
  EXPECT_TRUE(message_.is_request());
  EXPECT_EQ(message_.method(), Method::options);
  EXPECT_EQ(message_.method_name(), "OPTIONS");
  EXPECT_EQ(message_.request_uri(), "sip:a@b");
  EXPECT_EQ(message_.status(), 0);
  EXPECT_EQ(message_.header_count(), 0U);
}

TEST_F(Parser, reads_a_status_line) {
  ASSERT_TRUE(read("SIP/2.0 486 Busy Here\r\n\r\n"));
  EXPECT_FALSE(message_.is_request());
  EXPECT_EQ(message_.status(), 486);
  EXPECT_EQ(message_.reason(), "Busy Here");
}

TEST_F(Parser, keeps_the_spelling_of_an_unknown_method) {
  ASSERT_TRUE(read("invite sip:a SIP/2.0\r\n\r\n"));
  EXPECT_EQ(message_.method(), Method::unknown);
  EXPECT_EQ(message_.method_name(), "invite");
}

TEST_F(Parser, skips_line_ends_before_the_start_line) {
  const std::string text = "\r\n\r\n" + with("To: x\r\n", "body");
  ASSERT_TRUE(read(text));
  EXPECT_EQ(message_.bytes(), std::string_view{text}.substr(4));
  EXPECT_EQ(message_.body(), "body");
}

TEST_F(Parser, removes_white_space_around_names_and_values) {
  ASSERT_TRUE(read(with("To  :   x y \t\r\nFrom\t:z\r\nSubject:\r\nSupported: \r\n")));
  EXPECT_EQ(message_.first(HeaderId::to), "x y");
  EXPECT_EQ(message_.header(0).name, "To");
  EXPECT_EQ(message_.first(HeaderId::from), "z");
  EXPECT_EQ(message_.first(HeaderId::subject), "");
  EXPECT_EQ(message_.first(HeaderId::supported), "");
}

TEST_F(Parser, joins_folds_to_the_value_and_keeps_them) {
  ASSERT_TRUE(read(with("Subject: a\r\n b\r\n\tc \r\nTo:\r\n x\r\nFrom: y\r\n  \r\n")));
  EXPECT_EQ(message_.first(HeaderId::subject), "a\r\n b\r\n\tc");
  EXPECT_EQ(message_.first(HeaderId::to), "x");
  EXPECT_EQ(message_.first(HeaderId::from), "y");
}

TEST_F(Parser, knows_compact_names) {
  ASSERT_TRUE(read(with("v: 1\r\nI: 2\r\nl: 0\r\n")));
  EXPECT_EQ(message_.first(HeaderId::via), "1");
  EXPECT_EQ(message_.first(HeaderId::call_id), "2");
  EXPECT_EQ(message_.header(0).name, "v");
}

TEST_F(Parser, finds_header_fields_of_a_kind_in_order) {
  std::string headers;
  for (int i = 0; i < 100; ++i)
    headers += i % 10 == 3 ? "Via: " + std::to_string(i) + "\r\n" : "X: y\r\n";
  ASSERT_TRUE(read(with(headers)));
  int expected = 3;
  for (const HeaderField field : message_.each(HeaderId::via)) {
    EXPECT_EQ(field.value, std::to_string(expected));
    expected += 10;
  }
  EXPECT_EQ(expected, 103);
  EXPECT_EQ(message_.find(HeaderId::via, 94), message_.header_count());
  EXPECT_EQ(message_.first(HeaderId::route), std::nullopt);
}

TEST_F(Parser, forgets_the_message_before) {
  ASSERT_TRUE(read(with("To: x\r\nVia: y\r\nFrom: z\r\n")));
  ASSERT_TRUE(read("SIP/2.0 200 OK\r\nTo: x\r\n\r\n"));
  EXPECT_EQ(message_.first(HeaderId::via), std::nullopt);
  EXPECT_EQ(message_.find(HeaderId::from), 1U);
  EXPECT_EQ(message_.method_name(), "");
}

TEST_F(Parser, cuts_the_body_to_its_length) {
  const std::string text = with("Content-Length: 2\r\n", "abcd");
  ASSERT_TRUE(read(text));
  EXPECT_EQ(message_.body(), "ab");
  EXPECT_EQ(message_.bytes(), std::string_view{text}.substr(0, text.size() - 2));
  ASSERT_TRUE(read(with("", "abcd")));
  EXPECT_EQ(message_.body(), "abcd");
  ASSERT_TRUE(read(with("l: 04\r\nContent-Length: 4\r\n", "abcd")));
}

TEST_F(Parser, escaped_controls_stand_in_values) {
  ASSERT_TRUE(read(with("To: \"\\\x07\\\x7f\" <sip:a>\r\nSubject: end\\\r\n")));
  EXPECT_EQ(message_.first(HeaderId::subject), "end\\");
}

struct RefusedMessage {
  std::string text;
  ParseErrorCode code;
  std::uint32_t offset;
};

TEST_F(Parser, refuses_with_code_and_offset) {
  const std::uint32_t head = static_cast<std::uint32_t>(options.size());
  const RefusedMessage refusals[] = {
      {" OPTIONS sip:a SIP/2.0\r\n\r\n", ParseErrorCode::start_line, 0},
      {"OPT@ sip:a SIP/2.0\r\n\r\n", ParseErrorCode::method, 3},
      {"OPTIONS <sip:a> SIP/2.0\r\n\r\n", ParseErrorCode::request_uri, 8},
      {"OPTIONS sip:a b SIP/2.0\r\n\r\n", ParseErrorCode::request_uri, 14},
      {"OPTIONS\tsip:a SIP/2.0\r\n\r\n", ParseErrorCode::method, 7},
      {"OPTIONS sip:a SIP/3.0\r\n\r\n", ParseErrorCode::sip_version, 18},
      {"OPTIONS sip:a SIP/2.0 x\r\n\r\n", ParseErrorCode::line_ending, 22},
      {"SIP/2.0 700 X\r\n\r\n", ParseErrorCode::status_code, 8},
      {"SIP/2.0 20 X\r\n\r\n", ParseErrorCode::status_code, 10},
      {"SIP/2.0 200\t\r\n\r\n", ParseErrorCode::status_code, 11},
      {with("To x\r\n"), ParseErrorCode::header_name, head + 3},
      {with(" To: x\r\n"), ParseErrorCode::header_name, head},
      {with("To: a\x01\r\n"), ParseErrorCode::header_value, head + 5},
      {with("To: a\n b\r\n"), ParseErrorCode::header_name, head + 6},
      {with("To\n"), ParseErrorCode::header_name, head + 2},
      {with("To: a\rb\r\n"), ParseErrorCode::line_ending, head + 6},
      {with("Content-Length: 1x\r\n", "a"), ParseErrorCode::content_length, head + 17},
      {with("Content-Length: 1\r\nl: 2\r\n", "abc"), ParseErrorCode::content_length, head + 22},
      {with("Content-Length: 4\r\n", "abc"), ParseErrorCode::incomplete, head + 24},
  };
  for (const RefusedMessage& refusal : refusals)
    EXPECT_EQ(error_of(refusal.text), (ParseError{refusal.code, refusal.offset}))
        << refusal.text << to_string(error_of(refusal.text).code) << "@"
        << error_of(refusal.text).offset;
}

TEST_F(Parser, incomplete_malformed_and_too_large_are_three_answers) {
  EXPECT_EQ(error_of(options).code, ParseErrorCode::incomplete);
  EXPECT_EQ(error_of("").code, ParseErrorCode::incomplete);
  EXPECT_EQ(error_of("\r\n\r\n").code, ParseErrorCode::incomplete);
  EXPECT_EQ(error_of("hello world\r\n").code, ParseErrorCode::request_uri)
      << "a token, a space, but no SIP/";
  EXPECT_EQ(error_of(with(std::string(65535, 'a'))),
            (ParseError{ParseErrorCode::message_too_large, 65535}));
  std::string headers;
  for (int i = 0; i < 128; ++i) headers += "X: y\r\n";
  EXPECT_TRUE(read(with(headers)));
  EXPECT_EQ(error_of(with(headers + "To: z\r\n")).code, ParseErrorCode::too_many_headers);
  EXPECT_EQ(message_.header_count(), 128U);
}

TEST_F(Parser, takes_a_message_of_65535_octets) {
  const std::string body(65535 - options.size() - 2, 'b');
  ASSERT_TRUE(read(with("", body)));
  EXPECT_EQ(message_.body().size(), body.size());
}

TEST_F(Parser, frames_what_follows_a_broken_line) {
  EXPECT_EQ(
      error_of(
          "OPTIONS sip:a  b SIP/2.0\r\n more\r\nVia: v\r\nBad line\r\n of two\r\nTo: t\r\n\r\n")
          .code,
      ParseErrorCode::request_uri);
  EXPECT_TRUE(message_.is_request());
  EXPECT_EQ(message_.header_count(), 2U);
  EXPECT_EQ(message_.first(HeaderId::via), "v");
  EXPECT_EQ(message_.first(HeaderId::to), "t");
}

TEST_F(Parser, a_broken_status_line_is_no_request) {
  EXPECT_EQ(error_of("SIP/2.0 1000 X\r\nVia: v\r\n\r\n").code, ParseErrorCode::status_code);
  EXPECT_FALSE(message_.is_request());
}

struct Let {
  std::string text;
  Forgiveness kind;
  std::uint32_t offset;
};

TEST_F(Parser, notes_what_it_forgives_and_strict_reading_refuses_it) {
  const auto head = static_cast<std::uint32_t>(options.size());
  const Let let[] = {
      {"OPTIONS  sip:a SIP/2.0\r\n\r\n", Forgiveness::white_space_in_start_line, 8},
      {"OPTIONS sip:a   SIP/2.0\r\n\r\n", Forgiveness::white_space_in_start_line, 14},
      {"OPTIONS sip:a SIP/2.0 \t\r\n\r\n", Forgiveness::white_space_in_start_line, 21},
      {"SIP/2.0  200 OK\r\n\r\n", Forgiveness::white_space_in_start_line, 8},
      {"SIP/2.0 200\r\n\r\n", Forgiveness::missing_reason_space, 11},
      {"SIP/2.0 200 \xc3\r\n\r\n", Forgiveness::not_utf8, 12},
      {with("To: a\nFrom: b\r\n"), Forgiveness::bare_line_feed, head + 5},
      {"OPTIONS sip:a SIP/2.0\nTo: a\nFrom: b\n\nbody\n", Forgiveness::bare_line_feed, 21},
      {with("To: a\r\n b\nFrom: b\r\n"), Forgiveness::bare_line_feed, head + 9},
      {"\n" + with(""), Forgiveness::bare_line_feed, 0},
      {with("l: 1\r\nl: 1\r\n", "a"), Forgiveness::repeated_content_length, head + 9},
  };
  for (const Let& expected : let) {
    const Parsed<void> parsed = read(expected.text);
    ASSERT_TRUE(parsed) << expected.text;
    ASSERT_FALSE(message_.forgiven().empty()) << expected.text;
    EXPECT_EQ(to_string(message_.forgiven().first()), to_string(expected.kind)) << expected.text;
    EXPECT_EQ(message_.forgiven().first_offset(), expected.offset) << expected.text;
    EXPECT_EQ(
        strictly(parsed, message_),
        Parsed<void>(std::unexpected(ParseError{error_code_of(expected.kind), expected.offset})));
  }
}

TEST_F(Parser, has_nothing_to_forgive_in_what_the_grammar_takes) {
  for (const std::string& text :
       {with("To:x\r\nFrom \t:y\r\n"), "\r\n" + with(""),
        std::string("options tel:1 sip/2.0\r\n\r\n"), std::string("SIP/2.0 200 \r\n\r\n"),
        std::string("SIP/2.0 200  \xd0\x9a \r\n\r\n"), with("Subject: a\r\n\t\r\n"),
        with("l: 2\r\n", "\n\n")}) {
    const Parsed<void> parsed = read(text);
    EXPECT_TRUE(strictly(parsed, message_)) << text;
  }
}

TEST_F(Parser, takes_lines_that_end_in_a_line_feed_as_it_takes_others) {
  ASSERT_TRUE(read("OPTIONS sip:a SIP/2.0\nTo: x \r\nSubject: \nFrom:y\n\r\nbody"));
  EXPECT_EQ(message_.header_count(), 3U);
  EXPECT_EQ(message_.first(HeaderId::to), "x");
  EXPECT_EQ(message_.first(HeaderId::subject), "");
  EXPECT_EQ(message_.first(HeaderId::from), "y");
  EXPECT_EQ(message_.body(), "body");
}

TEST_F(Parser, holds_every_limit_and_names_it) {
  ParseLimits limits;
  limits.message_bytes = 400, limits.head_bytes = 300, limits.body_bytes = 50;
  limits.request_uri_bytes = 20, limits.header_bytes = 100, limits.parameters = 3;
  const auto code_of = [&](std::string_view text) {
    const Parsed<void> parsed = parse(edge_.hold(text), message_, limits);
    return parsed ? ParseErrorCode::none : parsed.error().code;
  };
  const std::string x(90, 'x');
  const std::string line = "X: " + x + "\r\n";
  EXPECT_EQ(code_of(with(line + "To: a;b;c;d\r\n", std::string(50, 'b'))), ParseErrorCode::none);
  EXPECT_EQ(code_of(with("", std::string(51, 'b'))), ParseErrorCode::body_too_large);
  EXPECT_EQ(code_of(with("l: 2\r\n", std::string(51, 'b'))), ParseErrorCode::none);
  EXPECT_EQ(code_of(with(line + line + line)), ParseErrorCode::head_too_large);
  EXPECT_EQ(code_of(with("X: " + x + "yyyyyyyyyyy\r\n")), ParseErrorCode::header_too_long);
  EXPECT_EQ(code_of("OPTIONS sip:" + x + " SIP/2.0\r\n\r\n"), ParseErrorCode::request_uri_too_long);
  EXPECT_EQ(code_of(with("To: a;b;c;d;e\r\n")), ParseErrorCode::too_many_parameters);
  EXPECT_EQ(code_of(with("To: \";;;\\\";;\" a;b;c;d\r\n")), ParseErrorCode::none);
  EXPECT_EQ(code_of(with("Via: v\r\n" + line + line + line + line)),
            ParseErrorCode::message_too_large);
  EXPECT_EQ(message_.first(HeaderId::via), "v") << "a 513 finds its way";
}

TEST_F(Parser, without_limits_takes_what_spans_can_name) {
  const std::string text = with("X: " + std::string(60000, ';') + "\r\n");
  EXPECT_EQ(error_of(text).code, ParseErrorCode::too_many_parameters);
  EXPECT_TRUE(parse(edge_.hold(text), message_, no_limits));
}

// framing.tsv: file, code, offset, header fields, octets of the body. Read by hand against RFC 4475
// and RFC 5118.
TEST_F(Parser, answers_the_torture_messages_as_recorded) {
  const auto rows = testing::read_table("framing.tsv");
  for (const testing::Row& row : rows) {
    const ParseError error = error_of(testing::read_file(testing::corpus_path() / row[0]));
    EXPECT_EQ(to_string(error.code), row[1]) << row[0];
    EXPECT_EQ(std::to_string(error.offset), row[2]) << row[0];
    EXPECT_EQ(std::to_string(message_.header_count()), row[3]) << row[0];
    if (error.code == ParseErrorCode::none) {
      EXPECT_EQ(std::to_string(message_.body().size()), row[4]) << row[0];
    }
  }
  EXPECT_GE(rows.size(), 60U);
}

TEST_F(Parser, takes_every_flow) {
  for (const auto& path : testing::corpus_messages()) {
    if (path.string().find("/flows/") == std::string::npos) continue;
    EXPECT_TRUE(read(testing::read_file(path))) << path;
  }
}

}  // namespace
}  // namespace sipring
