// SPDX-License-Identifier: MIT
#include <sipring/core/auth/digest.h>
#include <sipring/io/digest_hashes.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring::test {
namespace {

HexDigest hash_of(const HashFunctions& functions, DigestAlgorithm algorithm, std::string_view user,
                  std::string_view realm) {
  return make_userhash(functions, algorithm, user, realm);
}

// printf 'a:b' | openssl dgst -md5, -sha256, -sha512-256
TEST(DigestHashes, are_those_of_openssl) {
  DigestHashes hashes;
  const HashFunctions functions = hashes.functions();
  EXPECT_EQ(hash_of(functions, DigestAlgorithm::md5, "a", "b").view(),
            "d8160c9b3dc20d4e931aeb4f45262155");
  EXPECT_EQ(hash_of(functions, DigestAlgorithm::sha_256, "a", "b").view(),
            "6783a31eabf68ccc0660f935c0826282bdd2241f3a80a9f2d10d59aea9ebb5d8");
  EXPECT_EQ(hash_of(functions, DigestAlgorithm::sha_512_256, "a", "b").view(),
            "399ce3b985f4a59dcded69bacdd23f8fe39ff5dacb7ced8431ff48ca561cf644");
}

TEST(DigestHashes, are_used_again_and_again_in_any_order) {
  DigestHashes hashes;
  const HashFunctions functions = hashes.functions();
  constexpr DigestAlgorithm all[] = {DigestAlgorithm::md5, DigestAlgorithm::sha_256,
                                     DigestAlgorithm::sha_512_256};
  std::string first[3];
  for (int i = 0; i < 30; ++i) {
    const std::string hash(hash_of(functions, all[i % 3], "user", std::string(200, 'r')).view());
    if (i < 3) first[i] = hash;
    EXPECT_EQ(hash, first[i % 3]);
  }
}

}  // namespace
}  // namespace sipring::test
