// SPDX-License-Identifier: MIT
#include <sipring/core/message/parser.h>
#include <sipring/core/sdp/session.h>
#include <sipring/core/sdp/writer.h>

#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <vector>

#include "tests/core/message/texts.h"
#include "tests/core/sdp/rendered.h"
#include "tests/core/sdp/splitter.h"
#include "tests/core/sdp/texts.h"

namespace sipring::sdp {
namespace {

using sipring::testing::corpus_path;
using sipring::testing::read_file;

using testing::crlf;
using testing::head;

class SdpSession : public ::testing::Test {
 protected:
  // Lines that end in LF here end in CRLF there.
  Parsed<Reading> read(std::string_view lines) { return parse(edge_.hold(crlf(lines)), session_); }
  Parsed<Reading> read_raw(std::string_view text) { return parse(edge_.hold(text), session_); }
  std::string outcome(const Parsed<Reading>& read) {
    return read ? "ok" + testing::forgiven_text(read->forgiven) : testing::error_text(read.error());
  }

  sipring::testing::EdgeText edge_{0};
  Session session_{256, 16, *std::pmr::new_delete_resource()};
};

TEST_F(SdpSession, reads_the_session_and_its_media) {
  ASSERT_TRUE(
      strictly(read("v=0\no=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\ns=Call to John Smith\n"
                    "i=About\nu=http://www.example.com/a\ne=jane@example.com (Jane)\n"
                    "p=+1 617 555-6011\nc=IN IP4 198.51.100.1\nb=CT:128\nt=2873397496 0\n"
                    "r=7d 1h 0 25h\nk=prompt\na=sendonly\na=group:LS 1 2\n"
                    "m=audio 49170 RTP/AVP 0 8\na=mid:1\nm=video 51372/2 RTP/AVP 99\n"
                    "c=IN IP6 2001:db8::2\nb=AS:64\na=rtpmap:99 h263-1998/90000\na=recvonly\n")));
  EXPECT_EQ(session_.origin().username, "jdoe");
  EXPECT_EQ(session_.name(), "Call to John Smith");
  EXPECT_EQ(session_.head().first('u'), "http://www.example.com/a");
  EXPECT_EQ(session_.connection()->address, "198.51.100.1");
  EXPECT_EQ(session_.head().size(), 14u);
  EXPECT_EQ(session_.lines().size(), 21u);
  ASSERT_EQ(session_.media_count(), 2u);
  const Media audio = session_.media(0), video = session_.media(1);
  EXPECT_EQ(audio.kind(), "audio");
  EXPECT_EQ(audio.port(), 49170);
  EXPECT_TRUE(audio.formats().has("8"));
  EXPECT_EQ(audio.attribute("mid"), "1");
  EXPECT_EQ(video.port_count(), 2);
  EXPECT_EQ(video.protocol(), "RTP/AVP");
  EXPECT_EQ(video.attribute("rtpmap"), "99 h263-1998/90000");
}

TEST_F(SdpSession, gives_media_what_the_session_states) {
  ASSERT_TRUE(read(head + "a=sendonly\na=setup:actpass\nm=audio 1 RTP/AVP 0\nm=audio 1 RTP/AVP 0\n"
                          "c=IN IP4 192.0.2.9\na=inactive\na=setup:active\n"));
  EXPECT_EQ(session_.media(0).connection()->address, "192.0.2.1");
  EXPECT_EQ(session_.media(0).direction(), Direction::sendonly);
  EXPECT_EQ(session_.media(0).attribute("setup"), std::nullopt);
  EXPECT_EQ(session_.media(0).attribute_or_session("setup"), "actpass");
  EXPECT_EQ(session_.media(1).connection()->address, "192.0.2.9");
  EXPECT_EQ(session_.media(1).direction(), Direction::inactive);
  EXPECT_EQ(session_.media(1).attribute_or_session("setup"), "active");
}

TEST_F(SdpSession, is_sendrecv_when_nothing_is_stated) {
  ASSERT_TRUE(read(head + "m=audio 1 RTP/AVP 0\n"));
  EXPECT_EQ(session_.media(0).direction(), Direction::sendrecv);
}

TEST_F(SdpSession, hands_out_every_attribute_in_order_known_or_not) {
  ASSERT_TRUE(read(head +
                   "m=audio 1 RTP/AVP 0 8\na=rtpmap:0 PCMU/8000\na=x-flag\na=x-own:a:b\n"
                   "a=imageattr:97 send [x=800,y=640] recv *\na=rtpmap:8 PCMA/8000\na=empty:\n"));
  const Media media = session_.media(0);
  std::vector<std::string_view> values;
  for (const std::string_view value : media.attributes("rtpmap")) values.push_back(value);
  EXPECT_EQ(values, (std::vector<std::string_view>{"0 PCMU/8000", "8 PCMA/8000"}));
  EXPECT_TRUE(media.has("x-flag"));
  EXPECT_FALSE(media.has("X-Flag"));
  EXPECT_FALSE(media.has("x"));
  EXPECT_EQ(media.attribute("x-own"), "a:b");
  EXPECT_EQ(media.attribute("imageattr"), "97 send [x=800,y=640] recv *");
  EXPECT_FALSE(media.attribute_at(2).has_value);
  EXPECT_TRUE(media.attribute_at(6).has_value);
  EXPECT_EQ(media.attribute_at(6).name, "empty");
  std::size_t attributes = 0;
  for ([[maybe_unused]] const std::string_view value : media.each('a')) ++attributes;
  EXPECT_EQ(attributes, 6u);
}

struct Tried {
  std::string lines, outcome;
};

TEST_F(SdpSession, forgives_and_says_what) {
  const Tried tried[] = {
      {head, "ok"},
      {head + "\n", "ok ~sdp_white_space@63"},
      {"v=0\no=- 1 2 IN IP4 h\nt=0 0\n", "ok ~sdp_line_missing@30"},
      {"v=0\no=- 1 2 IN IP4 h\ns=-\n", "ok ~sdp_line_missing@28"},
      {"v=0\no=- 1 2 IN IP4 h\ns=\nt=0 0\n", "ok ~sdp_value_missing@25"},
      {"v=0\no=- 1 2 IN IP4 h\ns= \nt=0 0\n", "ok"},
      {"v=0\no=- 1 2 IN IP4 h\ns=-\nt=0 0\nm=audio 1 RTP/AVP 0\n", "ok ~sdp_line_missing@37"},
      {"v=0\no=- 1 2 IN IP4 h\nt=0 0\ns=-\n", "ok ~sdp_line_order@32"},
      {"v=0\no=- 1 2 IN IP4 h\ns=-\nt=0 0\nz=1 -1h\n", "ok ~sdp_line_order@37"},
      {"v=0\no=- 1 2 IN IP4 h\ns=-\nt=0 0\nt=0 0\nr=1 1 0\nt=0 0\n", "ok"},
      {"v=0\no=- 1 2 IN IP4 h\ns=-\nt=0 0\na=x\nt=0 0\n", "ok ~sdp_line_order@42"},
      {"v=0\no=- 1 2 IN IP4 h\no=- 1 3 IN IP4 h\ns=-\nt=0 0\n", "ok ~sdp_line_order@25"},
      {head + "a=x\nb=AS:1\n", "ok ~sdp_line_order@70"},
      {head + "m=audio 1 RTP/AVP 0\na=x\nc=IN IP4 h\n", "ok ~sdp_line_order@91"},
      {head + "m=audio 1 RTP/AVP 0\nc=IN IP4 h\nc=IN IP4 i\n", "ok"},
      {head + "m=audio 1 RTP/AVP 0\nt=0 0\n", "ok ~sdp_line_order@86"},
      {head + "q=what\n", "ok ~sdp_line_unknown@65"},
      {head + "M=what\n", "ok ~sdp_line_unknown@65"},
      {head + "a=sendrecv \n", "ok ~sdp_white_space@73"},
      {head + " a=sendrecv\n", "ok ~sdp_white_space@63"},
      {head + "m=audio  1 RTP/AVP 0\n", "ok ~sdp_white_space@71"},
      {"v=0 \no=- 1 2 IN IP4 h\ns=-\nt=0 0\n", "ok ~sdp_white_space@3"},
      {"v= 0\no=- 1 2 IN IP4 h\ns=-\nt=0 0\n", "ok ~sdp_white_space@2"},
      {"v=0\no= 1 2 IN IP4 h\ns=-\nt=0 0\n", "ok ~sdp_value_missing@8"},
      {"v=0\no=a b 1 2 IN IP4 h\ns=-\nt=0 0\n", "ok ~sdp_value@7"},
      {"v=0\no=- 1 2 IN IP4\ns=-\nt=0 0\n", "ok ~sdp_value@19"},
      {"v=0\no=\ns=-\nt=0 0\n", "ok ~sdp_value@7"},
      {head + "c=IN IP4 h i\n", "ok ~sdp_line_order ~sdp_value@65"},
      {head + "b=AS\n", "ok ~sdp_line_order ~sdp_value@65"},
      {head + "b=AS:64.5\n", "ok ~sdp_line_order ~sdp_value@65"},
      {head + "t=x\n", "ok ~sdp_value@65"},
      {"v=0\no=- 1 2 IN IP4 h\ns=-\nt=0\n", "ok ~sdp_value@31"},
      {head + "k=x\n", "ok ~sdp_value@65"},
      {head + "a=\n", "ok ~sdp_value_missing@65"},
      {head + "a=:x\n", "ok ~sdp_value_missing@65"},
      {head + "a=x:\n", "ok ~sdp_value_missing@67"},
      {head + "a=x\n", "ok"},
      {head + " \t\n", "ok ~sdp_white_space@63"},
      {head + "  ", "ok ~sdp_white_space@63"},
      {head + "a=a b:x\n", "ok ~sdp_value@66"},
      {head + "a=rtpmap 0 PCMU/8000\n", "ok ~sdp_value@71"},
      {head + "m=audio 1 RTP/AVP\n", "ok ~sdp_value_missing@80"},
      {head + "m=video 0 RTP/AVP \n", "ok ~sdp_white_space ~sdp_value_missing@80"},
      {head + "m=audio 1 RTP/AVP 0,8\n", "ok ~sdp_value@82"},
      {"\xef\xbb\xbfv=0\no=- 1 2 IN IP4 h\ns=-\nt=0 0\n", "ok ~sdp_white_space@0"},
      {head + std::string("a=x\n\0\0", 6), "ok ~sdp_white_space@68"},
      {head + "a=x\r\n", "ok ~sdp_line_end@68"},
      {head + "\r\n", "ok ~sdp_line_end ~sdp_white_space@63"},
  };
  for (const Tried& one : tried) {
    const Parsed<Reading> reading = read(one.lines);
    EXPECT_EQ(outcome(reading), one.outcome) << one.lines;
    EXPECT_EQ(strictly(reading).has_value(), one.outcome == "ok") << one.lines;
  }
}

TEST_F(SdpSession, forgives_line_ends) {
  EXPECT_EQ(outcome(read_raw("v=0\no=- 1 2 IN IP4 h\r\ns=-\r\nt=0 0\r\n")), "ok ~sdp_line_end@3");
  EXPECT_EQ(outcome(read_raw("v=0\r\no=- 1 2 IN IP4 h\r\ns=-\r\nt=0 0")), "ok ~sdp_line_end@33");
  EXPECT_EQ(outcome(read_raw("v=0\r\no=- 1 2 IN IP4 h\r\nt=0 0\r\ns=")),
            "ok ~sdp_line_end ~sdp_line_order ~sdp_value_missing@32");
}

TEST_F(SdpSession, refuses_with_code_and_offset) {
  const Tried tried[] = {
      {"", "sdp_version@0"},
      {"hello\n", "sdp_line@1"},
      {"v=1\n", "sdp_version@2"},
      {"v=00\n", "sdp_version@2"},
      {"o=- 1 2 IN IP4 h\n", "sdp_version@2"},
      {"v=0\ns=-\nt=0 0\n", "sdp_missing_line@17"},
      {"v=0\no=- 1 2 IN IP4 h\nc=IN\n", "sdp_connection@27"},
      {head + "m=audio\n", "sdp_media@70"},
      {head + "m=audio 99999 RTP/AVP 0\n", "sdp_media@71"},
      {head + "x\n", "sdp_line@64"},
      {head + "=x\n", "sdp_line@63"},
      {head + "1=x\n", "sdp_line@63"},
      {head + "a=x\ry\n", "sdp_line_end@67"},
      {head + std::string("a=x\0y\n", 6), "sdp_line@66"},
      {"\xef\xbb\xbfo=- 1 2 IN IP4 h\n", "sdp_version@5"},
      {"v=\n", "sdp_version@2"},
      {"v=0 0\n", "sdp_version@2"},
      {head + "a=x\r\ry", "sdp_line_end@68"},
  };
  for (const Tried& one : tried) EXPECT_EQ(outcome(read(one.lines)), one.outcome) << one.lines;
}

TEST_F(SdpSession, is_refused_by_the_strict_reading_at_the_first_note) {
  EXPECT_EQ(outcome(strictly(read("v=0\no=- x 2 IN IP4 h\ns=\nt=0 0\n"))), "sdp_value@9");
  EXPECT_EQ(outcome(strictly(read("v=0\no=- 1 2 IN IP4 h\ns=-\nt=0 0\nq=x\n"))), "sdp_line@37");
  EXPECT_EQ(outcome(strictly(read("v=0\no=- 1 2 IN IP4 h\ns=-\n"))), "sdp_missing_line@28");
  EXPECT_EQ(outcome(strictly(read_raw("v=0\n"))), "sdp_missing_line@4");
}

TEST_F(SdpSession, keeps_what_it_read_before_the_mistake) {
  ASSERT_FALSE(read(head + "m=audio 1 RTP/AVP 0\na=a\nc=IN\n"));
  ASSERT_EQ(session_.media_count(), 1u);
  EXPECT_TRUE(session_.media(0).has("a"));
}

TEST_F(SdpSession, says_when_there_is_more_than_room) {
  Session small(6, 1, *std::pmr::new_delete_resource());
  EXPECT_TRUE(parse(crlf(head + "m=audio 1 RTP/AVP 0\n"), small));
  EXPECT_EQ(outcome(parse(crlf(head + "m=audio 1 RTP/AVP 0\na=x\n"), small)), "sdp_too_large@86");
  Session one_media(9, 1, *std::pmr::new_delete_resource());
  EXPECT_EQ(outcome(parse(crlf(head + "m=audio 1 RTP/AVP 0\nm=audio 1 RTP/AVP 0\n"), one_media)),
            "sdp_too_large@86");
  EXPECT_EQ(outcome(parse(std::string(65'536, 'v'), session_)), "sdp_too_large@65535");
  EXPECT_EQ(Session::bytes_for(9, 2), 9u * 8 + 2u * 20);
}

TEST_F(SdpSession, hands_out_an_attribute_whose_name_is_none) {
  ASSERT_TRUE(read(head + "m=audio 1 RTP/AVP\na=\na=:x\na=T38 Max=1:2\na=mid:\n"));
  const Media media = session_.media(0);
  EXPECT_TRUE(media.formats().first().empty());
  EXPECT_EQ(media.attribute_at(1).name, "");
  EXPECT_FALSE(media.attribute_at(1).has_value);
  EXPECT_EQ(media.attribute_at(2).value, "x");
  EXPECT_EQ(media.attribute("T38 Max=1"), "2");
  EXPECT_EQ(media.attribute("mid"), "");
  EXPECT_EQ(media.attribute(""), std::nullopt);
}

TEST_F(SdpSession, reads_an_origin_from_its_end) {
  ASSERT_TRUE(read("v=0\no=Acme  Gate 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\n"));
  EXPECT_EQ(session_.origin().username, "Acme  Gate");
  EXPECT_EQ(session_.origin().address, "192.0.2.1");
  ASSERT_TRUE(read("v=0\no= 7 8 IN IP4 192.0.2.1\ns=-\nt=0 0\n"));
  EXPECT_EQ(session_.origin().username, "");
  EXPECT_EQ(session_.origin().session_id, "7");
  ASSERT_TRUE(read("v=0\no=what is this\ns=-\nt=0 0\n"));
  EXPECT_EQ(session_.origin().address, "");
}

TEST_F(SdpSession, is_read_into_again_and_again) {
  ASSERT_TRUE(read(head + "a=one\nm=audio 1 RTP/AVP 0\na=two\n"));
  ASSERT_TRUE(read(head));
  EXPECT_EQ(session_.media_count(), 0u);
  EXPECT_FALSE(session_.head().has("one"));
}

std::vector<std::filesystem::path> session_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(corpus_path() / "sdp"))
    if (entry.path().extension() == ".sdp") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

std::string attribute_text(const Attribute& attribute) {
  const std::string value(attribute.value);
  for (const testing::NamedParser& parser : testing::parsers)
    if (parser.name == attribute.name) return parser.read(value).text;
  return attribute.has_value ? "raw=" + value : "flag";
}

void describe(const Section& section, std::ostream& out) {
  for (std::uint32_t i = 0; i < section.size(); ++i)
    if (section[i].type == 'a')
      out << "  " << section.attribute_at(i).name << ": " << attribute_text(section.attribute_at(i))
          << "\n";
}

std::string described(const Parsed<Reading>& reading, const Session& session) {
  std::ostringstream out;
  if (!reading) return testing::error_text(reading.error()) + "\n";
  out << "ok" << testing::forgiven_text(reading->forgiven) << "\norigin "
      << testing::render(session.origin()) << "\nname " << session.name() << "\n";
  describe(session.head(), out);
  for (const Media media : session.media()) {
    out << media.kind() << " " << media.port() << "/" << media.port_count() << " "
        << media.protocol();
    for (const std::string_view format : media.formats()) out << " " << format;
    const auto connection = media.connection();
    out << " at " << (connection ? connection->address : "nowhere") << " "
        << to_string(media.direction()) << "\n";
    describe(media, out);
  }
  return out.str();
}

TEST_F(SdpSession, reads_whole_files_as_expected) {
  ASSERT_GE(session_files().size(), 8u);
  for (const std::filesystem::path& path : session_files()) {
    const Parsed<Reading> reading = read_raw(read_file(path));
    std::filesystem::path expect = path;
    EXPECT_EQ(described(reading, session_), read_file(expect.replace_extension(".expect"))) << path;
  }
}

std::vector<std::string> bodies() {
  std::vector<std::string> found;
  Message message(128, *std::pmr::new_delete_resource());
  for (const auto& path : sipring::testing::corpus_messages()) {
    std::string text = read_file(path);
    const std::size_t size = text.size();
    text.append(readable_padding, '\0');
    (void)parse(std::string_view(text).substr(0, size), message);
    if (message.first(HeaderId::content_type).value_or("").starts_with("application/sdp"))
      found.emplace_back(message.body());
  }
  return found;
}

TEST_F(SdpSession, reads_every_body_of_the_corpus) {
  std::size_t strict = 0, texts = 0;
  for (const std::string& body : bodies()) {
    if (body.find("o=") == body.npos) continue;  // torture: "testing=123", or nothing
    ++texts;
    const Parsed<Reading> reading = read_raw(body);
    EXPECT_TRUE(reading) << outcome(reading) << "\n" << body;
    strict += strictly(reading).has_value() ? 1 : 0;
  }
  EXPECT_GE(texts, 70u);
  EXPECT_GE(strict, texts / 2);
}

std::vector<std::string> texts() {
  std::vector<std::string> all = bodies();
  for (const auto& path : session_files()) all.push_back(read_file(path));
  return all;
}

TEST_F(SdpSession, is_written_as_it_was_read) {
  Session second(256, 16, *std::pmr::new_delete_resource());
  for (const std::string& text : texts()) {
    if (!read_raw(text)) continue;
    std::string room(text.size() + 256, '\0'), again(text.size() + 256, '\0');
    Writer writer(room), writer_again(again);
    ASSERT_TRUE(writer.write(session_).complete());
    ASSERT_TRUE(parse(writer.view(), second)) << text;
    ASSERT_EQ(second.lines().size(), session_.lines().size());
    for (std::uint32_t i = 0; i < second.lines().size(); ++i)
      EXPECT_EQ(second.lines()[i].value, session_.lines()[i].value);
    EXPECT_EQ(writer_again.write(second).view(), writer.view());
  }
}

TEST_F(SdpSession, agrees_with_a_slow_splitter) {
  std::mt19937 random(8866);
  constexpr std::string_view odd("\r\n\0 \tav=m:x", 12);
  for (const std::string& text : texts())
    for (int round = 0; round < 60; ++round) {
      std::string changed = text;
      for (std::size_t edits = round == 0 ? 0 : 1 + random() % 3; edits != 0 && !changed.empty();
           --edits) {
        const std::size_t at = random() % changed.size();
        switch (random() % 3) {
          case 0: changed.erase(at, 1 + random() % 4); break;
          case 1: changed.insert(at, 1, odd[random() % odd.size()]); break;
          default: changed[at] = odd[random() % odd.size()];
        }
      }
      const std::string_view held = edge_.hold(changed);
      const Parsed<Reading> reading = parse(held, session_);
      ASSERT_EQ(testing::disagreement(held, reading, session_), "") << changed;
    }
}

}  // namespace
}  // namespace sipring::sdp
