// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/feature_caps.h>
#include <sipring/core/message/header/feature_tag.h>

#include <gtest/gtest.h>

namespace sipring {
namespace {

constexpr std::string_view phone =
    "<sip:u1@h.example>;audio;methods=\"INVITE,BYE,OPTIONS\";+sip.rendering=\"no\";q=0.5";

TEST(FeatureTags, of_a_contact_are_read_by_name) {
  const auto contact = parse_contact(phone);
  ASSERT_TRUE(contact);
  EXPECT_EQ(feature_tag(contact->parameters, "Audio"), "");
  EXPECT_EQ(feature_tag(contact->parameters, "methods"), "INVITE,BYE,OPTIONS");
  EXPECT_EQ(feature_tag(contact->parameters, "+sip.rendering"), "no");
  EXPECT_EQ(feature_tag(contact->parameters, "video"), std::nullopt);
}

TEST(FeatureTags, of_a_proxy_are_read_the_same_way) {
  const auto caps = parse_feature_caps("*;+sip.607;+g.3gpp.atcf=\"<tel:+1-237>\"");
  ASSERT_TRUE(caps);
  EXPECT_EQ(feature_tag(caps->parameters, "+g.3gpp.atcf"), "<tel:+1-237>");
  EXPECT_EQ(feature_tag(caps->parameters, "+sip.607"), "");
}

TEST(FeatureTags, are_those_of_the_base_set_and_those_with_a_plus) {
  for (const std::string_view name : {"audio", "IsFocus", "extensions", "+sip.instance", "+a!'.-%"})
    EXPECT_TRUE(is_feature_tag(name)) << name;
  for (const std::string_view name :
       {"q", "expires", "sip.instance", "+", "+1", "+a_b", "", "audio "})
    EXPECT_FALSE(is_feature_tag(name)) << name;
}

TEST(FeatureTags, have_values_between_commas) {
  EXPECT_TRUE(has_tag_value("INVITE,BYE,OPTIONS", "bye"));
  EXPECT_TRUE(has_tag_value("INVITE,BYE,OPTIONS", "OPTIONS"));
  EXPECT_TRUE(has_tag_value("TRUE", "true"));
  EXPECT_FALSE(has_tag_value("INVITE,BYE", "BY"));
  EXPECT_FALSE(has_tag_value("INVITE,BYE", "INVITE,BYE"));
  EXPECT_FALSE(has_tag_value("", "INVITE"));
}

}  // namespace
}  // namespace sipring
