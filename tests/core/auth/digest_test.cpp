// SPDX-License-Identifier: MIT
#include <sipring/core/auth/digest.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/message/table.h"
#include "tests/support/openssl_hashes.h"

namespace sipring::test {
namespace {

using sipring::testing::read_table;
using sipring::testing::Row;
using sipring::testing::unescaped;

const HashFunctions hashes = openssl_hashes();

// Columns: id, source, username, realm, password, nonce, uri, method, algorithm, qop, nc, cnonce,
// body, ha1, ha2, response, verified, note.
TEST(Digest, is_that_of_every_vector) {
  std::size_t wrong_in_print = 0;
  const auto rows = read_table("digest.tsv");
  for (Row row : rows) {
    for (std::string& cell : row) cell = unescaped(cell);
    const DigestAlgorithm algorithm = digest_algorithm_from(row[8]);
    const Qop qop = row[9].empty() ? Qop::none : qop_from(row[9]);
    const HexDigest ha1 = make_ha1(hashes, algorithm, row[2], row[3], row[4]);
    const HexDigest ha2 = make_ha2(hashes, algorithm, qop, row[7], row[6], row[12]);
    const HexDigest response = make_response(hashes, algorithm,
                                             {.ha1 = ha1.view(),
                                              .nonce = row[5],
                                              .nc = row[10],
                                              .cnonce = row[11],
                                              .qop = qop,
                                              .ha2 = ha2.view()});
    EXPECT_EQ(ha2.view(), row[14]) << row[0];
    if (!is_session(algorithm)) {
      EXPECT_EQ(ha1.view(), row[13]) << row[0];
    }
    // One row is as RFC 7616 section 3.9.2 prints it, which no hash gives.
    const bool is_misprint = row[16].starts_with("NO");
    wrong_in_print += is_misprint;
    EXPECT_EQ(response.view() == row[15], !is_misprint) << row[0] << " " << response.view();
  }
  EXPECT_EQ(rows.size(), 31u);
  EXPECT_EQ(wrong_in_print, 1u);
}

// Columns: id, source, algorithm, username, realm, password, ha1.
TEST(Digest, has_the_ha1_of_other_stacks) {
  const auto rows = read_table("digest_ha1.tsv");
  for (const Row& row : rows)
    EXPECT_EQ(make_ha1(hashes, digest_algorithm_from(row[2]), row[3], row[4], row[5]).view(),
              row[6])
        << row[0];
  EXPECT_EQ(rows.size(), 5u);
}

TEST(Digest, of_a_user_name_hides_it) {
  // echo -n 'Mufasa:http-auth@example.org' | md5sum
  EXPECT_EQ(make_userhash(hashes, DigestAlgorithm::md5, "Mufasa", "http-auth@example.org").view(),
            "4238f3a16167373febb9bc4d43db9cc4");
}

TEST(Digest, of_integrity_covers_the_body_an_empty_one_too) {
  const auto of = [](Qop qop, std::string_view body) {
    return make_ha2(hashes, DigestAlgorithm::md5, qop, "INVITE", "sip:b@h", body);
  };
  EXPECT_NE(of(Qop::auth_int, ""), of(Qop::auth, ""));
  EXPECT_NE(of(Qop::auth_int, "a"), of(Qop::auth_int, "b"));
  EXPECT_EQ(of(Qop::auth, "a"), of(Qop::auth, "b"));
}

TEST(Digest, is_compared_whole) {
  const std::string text(64, 'a');
  EXPECT_TRUE(equal_in_constant_time(text, text));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = 'b';
    EXPECT_FALSE(equal_in_constant_time(text, other));
  }
  EXPECT_FALSE(equal_in_constant_time(text, text.substr(1)));
  EXPECT_TRUE(equal_in_constant_time("", ""));
}

TEST(HashFunctions, know_what_was_handed_in) {
  HashFunctions some = hashes;
  some.sha_512_256 = nullptr;
  EXPECT_TRUE(some.knows(DigestAlgorithm::md5_sess));
  EXPECT_TRUE(some.knows(DigestAlgorithm::sha_256));
  EXPECT_FALSE(some.knows(DigestAlgorithm::sha_512_256_sess));
  EXPECT_FALSE(some.knows(DigestAlgorithm::unknown));
}

}  // namespace
}  // namespace sipring::test
