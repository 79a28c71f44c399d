// Sets that are read from a whole message: option tags, methods, directives.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/option_tag.h>

#include <gtest/gtest.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/caller_preferences.h>
#include <sipring/core/message/header/token.h>
#include <sipring/core/message/parser.h>

#include <memory_resource>
#include <vector>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

class SetsOf : public ::testing::Test {
 protected:
  const Message& parsed(std::string_view headers) {
    const std::string wire = test::sip("OPTIONS sip:a SIP/2.0\n" + std::string(headers) + "\n");
    EXPECT_TRUE(parse(edge_.hold(wire), message_));
    return message_;
  }
  testing::EdgeText edge_{readable_padding};
  Message message_{128, *std::pmr::new_delete_resource()};
};

TEST_F(SetsOf, option_tags_come_from_all_header_fields_of_the_kind) {
  const Message& message = parsed("Supported: 100rel, Timer\nRequire: path\nk: replaces\n");
  const OptionTags tags = option_tags(message, HeaderId::supported);
  EXPECT_TRUE(tags.has(OptionTag::reliable_provisional));
  EXPECT_TRUE(tags.has(OptionTag::timer));
  EXPECT_TRUE(tags.has(OptionTag::replaces));
  EXPECT_FALSE(tags.has(OptionTag::path));
  EXPECT_FALSE(tags.has(OptionTag::unknown));
  EXPECT_TRUE(has_option_tag(message, HeaderId::supported, "TIMER"));
  EXPECT_FALSE(has_option_tag(message, HeaderId::supported, "path"));
  EXPECT_TRUE(option_tags(message, HeaderId::proxy_require).empty());
}

TEST_F(SetsOf, option_tags_tell_what_is_not_supported) {
  const Message& message = parsed("Require: 100rel, nothingSupportsThis, timer\n");
  OptionTags known;
  known.add(OptionTag::timer);
  const OptionTags missing = option_tags(message, HeaderId::require).without(known);
  EXPECT_TRUE(missing.has(OptionTag::reliable_provisional));
  EXPECT_TRUE(missing.has(OptionTag::unknown));
  EXPECT_FALSE(missing.has(OptionTag::timer));
  EXPECT_TRUE(has_option_tag(message, HeaderId::require, "nothingsupportsthis"));
}

TEST_F(SetsOf, methods_are_compared_with_case) {
  const Methods methods = allowed_methods(parsed("Allow: INVITE, bye\nAllow: ACK\n"));
  EXPECT_TRUE(methods.has(Method::invite));
  EXPECT_TRUE(methods.has(Method::ack));
  EXPECT_FALSE(methods.has(Method::bye));
  EXPECT_TRUE(methods.has(Method::unknown));
  EXPECT_TRUE(allowed_methods(parsed("To: x\n")).empty());
}

TEST_F(SetsOf, directives_add_up) {
  const Directives said =
      request_disposition(parsed("Request-Disposition: proxy, No-Fork, x\nd: queue\n"));
  EXPECT_TRUE(said.has(Directive::proxy));
  EXPECT_TRUE(said.has(Directive::no_fork));
  EXPECT_TRUE(said.has(Directive::queue));
  EXPECT_TRUE(said.has(Directive::other));
  EXPECT_FALSE(said.has(Directive::fork));
}

TEST_F(SetsOf, an_empty_header_field_have_nothing_where_that_is_allowed) {
  const Message& message = parsed("Supported:\nAllow: \nk: timer\nSupported:\nRequire:\n");
  std::vector<bool> good;
  for (const Parsed<Token>& token : elements<parse_token>(message, HeaderId::supported))
    good.push_back(token.has_value());
  EXPECT_EQ(good, std::vector<bool>{true});
  EXPECT_TRUE(allowed_methods(message).empty());
  good.clear();
  for (const Parsed<Token>& token : elements<parse_token>(message, HeaderId::require))
    good.push_back(token.has_value());
  EXPECT_EQ(good, std::vector<bool>{false});
}

TEST(OptionTagNames, go_both_ways) {
  for (std::uint8_t i = 1; i < std::to_underlying(OptionTag::count); ++i) {
    const auto tag = static_cast<OptionTag>(i);
    EXPECT_EQ(option_tag_from(to_string(tag)), tag) << to_string(tag);
  }
  EXPECT_EQ(option_tag_from(""), OptionTag::unknown);
  EXPECT_EQ(to_string(OptionTag::unknown), "");
}

TEST(DirectiveNames, go_both_ways) {
  for (std::uint8_t i = 1; i <= std::to_underlying(Directive::no_queue); ++i) {
    const auto directive = static_cast<Directive>(i);
    EXPECT_EQ(directive_from(to_string(directive)), directive) << to_string(directive);
  }
  EXPECT_EQ(directive_from(""), Directive::other);
}

}  // namespace
}  // namespace sipring
