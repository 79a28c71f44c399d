// SPDX-License-Identifier: MIT
#include <answer/auth_file.h>

#include <sipring/io/digest_hashes.h>

#include <gmock/gmock.h>

#include <string>

namespace sipring::app::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using enum DigestAlgorithm;

class AuthFileTest : public ::testing::Test {
 protected:
  std::expected<AuthFile, std::string> parse(std::string_view text, const std::string& realm = "") {
    return AuthFile::parse(text, "users", realm, hashes.functions());
  }
  std::string error_of(std::string_view text, const std::string& realm = "") {
    const auto file = parse(text, realm);
    return file ? "no error" : file.error();
  }
  DigestHashes hashes;
};

const std::string md5_digits(32, 'a'), sha_digits(64, 'B');

TEST_F(AuthFileTest, holds_passwords_as_the_HA1_of_every_algorithm) {
  const auto file = parse("# users of the lab\n\nbob:zanzibar\r\nalice:a b c\n");
  ASSERT_TRUE(file) << file.error();
  EXPECT_EQ(file->realm(), "sipring");
  EXPECT_THAT(file->algorithms(), ElementsAre(sha_512_256, sha_256, DigestAlgorithm::md5));
  for (const DigestAlgorithm algorithm : file->algorithms()) {
    const HexDigest ha1 = make_ha1(hashes.functions(), algorithm, "bob", "sipring", "zanzibar");
    EXPECT_EQ(file->ha1("bob", false, algorithm), ha1);
    const HexDigest hash = make_userhash(hashes.functions(), algorithm, "bob", "sipring");
    EXPECT_EQ(file->ha1(hash.view(), true, algorithm), ha1);
    EXPECT_FALSE(file->ha1("bob", true, algorithm));
    EXPECT_FALSE(file->ha1("carol", false, algorithm));
  }
}

TEST_F(AuthFileTest, takes_the_realm_from_its_lines_or_from_the_flag) {
  const auto file = parse("bob:example.com:" + md5_digits + "\nalice:secret\n");
  ASSERT_TRUE(file) << file.error();
  EXPECT_EQ(file->realm(), "example.com");
  EXPECT_THAT(file->algorithms(), ElementsAre(DigestAlgorithm::md5));
  EXPECT_EQ(file->ha1("bob", false, DigestAlgorithm::md5)->view(), md5_digits);
  EXPECT_EQ(parse("bob:zanzibar", "biloxi.com")->realm(), "biloxi.com");
  const auto strong = parse("bob:example.com:" + sha_digits);
  EXPECT_THAT(strong->algorithms(), ElementsAre(sha_256));
  EXPECT_EQ(strong->ha1("bob", false, sha_256)->view(), std::string(64, 'b'));
}

TEST_F(AuthFileTest, is_refused_by_name_and_line) {
  EXPECT_THAT(error_of("bob:x\n# y\nalice\n"), HasSubstr("users line 3: there is no colon"));
  EXPECT_THAT(error_of(":x\n"), HasSubstr("users line 1: the user name is empty"));
  EXPECT_THAT(error_of("bob:\n"), HasSubstr("users line 1: the password is empty"));
  EXPECT_THAT(error_of("bob:x\nbob:y\n"), HasSubstr("users line 2: the user bob was there before"));
  EXPECT_THAT(error_of("bob:a:b\n"), HasSubstr("users line 1: the HA1 is not"));
  EXPECT_THAT(error_of("bob::" + md5_digits), HasSubstr("users line 1: the realm is empty"));
  EXPECT_THAT(error_of("bob:a:" + md5_digits + "\nalice:b:" + md5_digits),
              HasSubstr("users line 2: the realm is b, and a"));
  EXPECT_THAT(error_of("bob:a:" + md5_digits, "b"),
              HasSubstr("users line 1: the realm is a, and b"));
  EXPECT_THAT(error_of("bob:a:" + md5_digits + "\nalice:a:" + sha_digits),
              HasSubstr("users: no algorithm serves all"));
  EXPECT_THAT(error_of("\n# nobody\n"), HasSubstr("users: there is no user"));
  EXPECT_THAT(AuthFile::read("/nowhere/users", "", hashes.functions()).error(),
              HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace sipring::app::test
