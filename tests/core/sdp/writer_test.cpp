// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/writer.h>

#include <gtest/gtest.h>

#include "tests/core/sdp/texts.h"

namespace sipring::sdp {
namespace {

TEST(SdpWriter, writes_lines_raw_and_typed_in_the_order_of_the_calls) {
  char room[512];
  Writer writer(room);
  writer.line('v', "0").write(Origin{"-", "1", "2", "IN", "IP4", "h", {}}).line('s', "-");
  writer.write(Connection{"IN", "IP4", "233.252.0.1", "127", {}}).write(Bandwidth{"AS", 64, {}});
  writer.write(Timing{}).attribute("ice-lite").attribute("ptime", 20).attribute("x", "y z");
  writer.write(MediaLine{"audio", 4000, 2, "RTP/AVP", "0 8", {}}).write(Direction::inactive);
  ASSERT_TRUE(writer.complete());
  EXPECT_EQ(testing::lines_of(writer.view()),
            "v=0\no=- 1 2 IN IP4 h\ns=-\nc=IN IP4 233.252.0.1/127\nb=AS:64\nt=0 0\na=ice-lite\n"
            "a=ptime:20\na=x:y z\nm=audio 4000/2 RTP/AVP 0 8\na=inactive\n");
}

TEST(SdpWriter, remembers_what_did_not_fit) {
  for (std::size_t size = 0; size < 10; ++size) {
    std::string room(size, '\0');
    Writer writer(room);
    writer.attribute("abc:def");  // 11 octets with its line end
    EXPECT_TRUE(writer.overflowed()) << size;
    EXPECT_FALSE(writer.complete());
    EXPECT_LE(writer.view().size(), size);
  }
  char room[11];
  EXPECT_TRUE(Writer(room).attribute("abc:def").complete());
}

TEST(SdpWriter, takes_nothing_after_what_did_not_fit) {
  char room[12];
  Writer writer(room);
  writer.attribute("a-long-name").line('s', "-");
  EXPECT_TRUE(writer.overflowed());
  EXPECT_EQ(writer.view(), "a=");
  writer.clear();
  EXPECT_TRUE(writer.line('s', "-").complete());
}

TEST(SdpWriter, lets_no_text_smuggle_in_a_line) {
  for (const std::string_view text :
       {std::string_view("x\r\na=y"), std::string_view("x\ny"), std::string_view("x\0y", 3)}) {
    char room[64];
    Writer writer(room);
    EXPECT_FALSE(writer.attribute("tool", text).complete());
    EXPECT_FALSE(writer.overflowed());
  }
}

TEST(SdpWriter, finds_a_line_end_at_any_place_of_a_line_and_in_any_of_its_pieces) {
  for (const std::size_t size : {1, 5, 6, 7, 8, 15, 16, 33}) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'x');
      char room[128];
      Writer writer(room);
      EXPECT_TRUE(writer.line('s', text).complete());
      text[place] = '\t';
      EXPECT_TRUE(writer.line('s', text).complete()) << size << " " << place;
      writer.clear();
      text[place] = '\n';
      EXPECT_FALSE((writer.begin('a') << "b" << text << "c").end().complete())
          << size << " " << place;
    }
  }
}

TEST(SdpWriter, is_not_complete_in_the_middle_of_a_line) {
  char room[64];
  Writer writer(room);
  writer.begin('a') << "x";
  EXPECT_FALSE(writer.complete());
  EXPECT_TRUE(writer.end().complete());
}

TEST(SdpWriter, is_copied_into_a_pooled_buffer) {
  BufferPool pool(1 << 20, *std::pmr::new_delete_resource());
  char room[64];
  Writer writer(room);
  writer.line('v', "0");
  {
    const Ref<Buffer> buffer = copy(writer, pool);
    ASSERT_TRUE(buffer);
    EXPECT_EQ(buffer->view(), "v=0\r\n");
    pool.fail_nth_acquire(1);
    EXPECT_FALSE(copy(writer, pool));
    writer.line('s', "a\nb");
    EXPECT_FALSE(copy(writer, pool));
  }
  EXPECT_EQ(pool.size(), 0u);
}

}  // namespace
}  // namespace sipring::sdp
