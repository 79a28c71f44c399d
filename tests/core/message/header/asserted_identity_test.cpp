// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/asserted_identity.h>

#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

class AssertedIdentityIn : public ::testing::Test {
 protected:
  Parsed<AssertedIdentity> read(std::string_view fields,
                                HeaderId id = HeaderId::p_asserted_identity) {
    const std::string wire = test::sip("OPTIONS sip:a SIP/2.0\n" + std::string(fields) + "\n");
    EXPECT_TRUE(parse(edge_.hold(wire), message_));
    return asserted_identity(message_, id);
  }
  testing::EdgeText edge_{readable_padding};
  Message message_{16, *std::pmr::new_delete_resource()};
};

TEST_F(AssertedIdentityIn, a_message_without_one_is_absent) {
  const auto identity = read("To: <sip:a>\n");
  ASSERT_TRUE(identity);
  EXPECT_FALSE(identity->sip);
  EXPECT_FALSE(identity->tel);
}

TEST_F(AssertedIdentityIn, one_header_field_or_two_is_the_same) {
  for (const std::string_view fields :
       {"P-Asserted-Identity: \"A\" <sips:a@b>, tel:+1\n",
        "P-Asserted-Identity: TEL:+1\nP-Asserted-Identity: \"A\" <sips:a@b>\n"}) {
    const auto identity = read(fields);
    ASSERT_TRUE(identity) << fields;
    ASSERT_TRUE(identity->sip && identity->tel) << fields;
    EXPECT_EQ(identity->sip->display_name, "\"A\"");
    EXPECT_EQ(identity->sip->uri.host, "b");
    EXPECT_EQ(identity->tel->uri.text.substr(4), "+1");
    EXPECT_TRUE(identity->forgiven.empty());
  }
}

TEST_F(AssertedIdentityIn, the_preferred_one_has_its_own_header_field) {
  const auto identity = read("P-Asserted-Identity: <sip:a@b>\nP-Preferred-Identity: <sip:c@d>\n",
                             HeaderId::p_preferred_identity);
  ASSERT_TRUE(identity && identity->sip);
  EXPECT_EQ(identity->sip->uri.host, "d");
}

TEST_F(AssertedIdentityIn, what_there_is_too_much_of_is_left_out_and_noted) {
  const auto identity = read("P-Asserted-Identity: <sip:a@b>, <sip:c@d>\n");
  ASSERT_TRUE(identity && identity->sip);
  EXPECT_EQ(identity->sip->uri.host, "b");
  EXPECT_TRUE(identity->forgiven.has(Forgiveness::surplus_identity));
  EXPECT_EQ(strictly(identity).error(), (ParseError{ParseErrorCode::repeated_header, 10}));
}

TEST_F(AssertedIdentityIn, another_scheme_is_left_out_and_noted) {
  const auto identity = read("P-Asserted-Identity: <mailto:a@b>\nP-Asserted-Identity: tel:+1\n");
  ASSERT_TRUE(identity);
  EXPECT_FALSE(identity->sip);
  EXPECT_TRUE(identity->tel);
  EXPECT_TRUE(identity->forgiven.has(Forgiveness::surplus_identity));
}

TEST_F(AssertedIdentityIn, a_malformed_value_is_an_error) {
  const auto identity = read("P-Asserted-Identity: <sip:a@b>, <sip:c@\n");
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error(), (ParseError{ParseErrorCode::address, 18}));
}

}  // namespace
}  // namespace sipring
