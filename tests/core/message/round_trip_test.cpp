// Read, build, read: every message of the corpus that can be read comes back, octet for octet.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/envelope.h>
#include <sipring/core/message/message_edit.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/message/request_builder.h>
#include <sipring/core/message/response_builder.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <vector>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

class RoundTrip : public ::testing::Test {
 protected:
  static constexpr std::uint32_t headers = HeaderList::capacity;

  // Those with what the transaction layer needs; the others are not for building.
  template <class Check>
  void for_each_valid(Check&& check) {
    int count = 0;
    for (const auto& path : testing::corpus_messages()) {
      const std::string text = testing::read_file(path);
      Envelope envelope;
      if (!parse(edge_.hold(text), message_) || !read_envelope(message_, envelope)) continue;
      ++count;
      SCOPED_TRACE(path.filename());
      check(std::string(message_.bytes()));
    }
    EXPECT_GT(count, 180);
  }
  Built rebuild(NameForm form) {
    return message_.is_request() ? request_.start_copy(message_).names(form).build(buffers_)
                                 : response_.start_copy(message_).names(form).build(buffers_);
  }
  // Sent by somebody who left out what its method or status asks for, or whose CSeq has another
  // method: named, and so not built.
  static bool is_lacking(const Built& built) {
    return !built && (built.error().problem == BuildProblem::missing ||
                      built.error().problem == BuildProblem::contradiction);
  }

  testing::EdgeText edge_{readable_padding};
  testing::EdgeText again_{readable_padding};
  Message message_{headers, *std::pmr::new_delete_resource()};
  Message copy_{headers, *std::pmr::new_delete_resource()};
  BufferPool buffers_{1U << 22, *std::pmr::new_delete_resource()};
  RequestBuilder request_;
  ResponseBuilder response_;
};

// What build() adds to a message without them.
std::string without_added(std::string text, const Message& original) {
  const auto drop = [&](HeaderId id, std::string_view line) {
    if (original.first(id)) return;
    const std::size_t at = text.find(line);
    ASSERT_NE(at, std::string::npos);
    text.erase(at, text.find("\r\n", at) + 2 - at);
  };
  if (original.is_request()) drop(HeaderId::max_forwards, "Max-Forwards: 70\r\n");
  drop(HeaderId::content_length, "Content-Length: ");
  return text;
}

TEST_F(RoundTrip, is_identity_where_nothing_is_changed) {
  int lacking = 0;
  for_each_valid([&](const std::string& text) {
    const Built built = rebuild(NameForm::as_given);
    if (is_lacking(built)) {
      ++lacking;
      return;
    }
    ASSERT_TRUE(built) << to_string(built.error().problem) << to_string(built.error().header);
    // What was forgiven (bare line feeds, spaces in the start line) is written as it should be.
    const std::string again = without_added(std::string((*built)->view()), message_);
    if (message_.forgiven().empty()) {
      EXPECT_EQ(again, text);
    }
  });
  EXPECT_LT(lacking, 25);
}

TEST_F(RoundTrip, through_compact_names_and_back_means_the_same) {
  for_each_valid([&](const std::string&) {
    const Built full = rebuild(NameForm::full);
    if (!full) return;
    const Built compact = rebuild(NameForm::compact);
    ASSERT_TRUE(compact);
    EXPECT_LE((*compact)->view().size(), (*full)->view().size());
    ASSERT_TRUE(parse(again_.hold((*compact)->view()), copy_));
    // The values are those of the original, the kinds too.
    std::uint32_t at = 0;
    for (std::uint32_t i = 0; i < copy_.header_count(); ++i) {
      const HeaderField field = copy_.header(i);
      if (at == message_.header_count() || field.id != message_.id(at)) continue;  // added
      EXPECT_EQ(field.value, message_.header(at++).value);
      EXPECT_EQ(field.name.size() == 1, compact_form(field.id).has_value()) << field.name;
    }
    EXPECT_EQ(at, message_.header_count());
    EXPECT_EQ(copy_.body(), message_.body());
    const std::string text(copy_.bytes());
    ASSERT_TRUE(parse(edge_.hold(text), message_));
    const Built back = rebuild(NameForm::full);
    ASSERT_TRUE(back);
    EXPECT_EQ((*back)->view(), (*full)->view());
  });
}

TEST_F(RoundTrip, through_an_edit_of_nothing_is_one_piece) {
  MessageEdit edit;
  for_each_valid([&](const std::string&) {
    const auto pieces = edit.start(message_).pieces();
    ASSERT_TRUE(pieces);
    ASSERT_EQ(pieces->size(), 1U);
    EXPECT_EQ(pieces->front().data(), message_.bytes().data());
    EXPECT_EQ(pieces->front().size(), message_.bytes().size());
  });
}

}  // namespace
}  // namespace sipring
