// SPDX-License-Identifier: MIT
#include <sipring/io/tls_material.h>

#include <sipring/io/tls/certificate.h>

#include "tests/io/tls/authority.h"
#include "tests/io/tls/joined.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace sipring {
namespace {

using test::Identity;

class MaterialTest : public testing::Test {
 protected:
  MaterialTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("material_" +
                 std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    std::filesystem::create_directories(folder_);
  }
  ~MaterialTest() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  static TlsFailureCode refused(const TlsFiles& files) {
    const auto loaded = load_material(files);
    EXPECT_FALSE(loaded);
    if (loaded) return TlsFailureCode::internal;
    EXPECT_NE(loaded.error().text.find('/'), std::string::npos) << loaded.error().text;
    return loaded.error().code;
  }

  std::filesystem::path folder_;
  Identity one_{{.common_name = "one"}};
  Identity two_{{.common_name = "two"}};
};

TEST_F(MaterialTest, a_pair_is_loaded_from_two_files_or_from_one) {
  const std::string certificate = file("c.pem", one_.certificate_text());
  const std::string key = file("k.pem", one_.key_text());
  EXPECT_TRUE(load_material({.certificate = certificate, .key = key}));
  const std::string both = file("both.pem", one_.key_text() + one_.certificate_text());
  EXPECT_TRUE(load_material({.certificate = both}));
}

TEST_F(MaterialTest, what_is_wrong_is_named_with_its_file) {
  const std::string certificate = file("c.pem", one_.certificate_text());
  const std::string key = file("k.pem", one_.key_text());
  const std::string other_key = file("other.pem", two_.key_text());
  const std::string empty = file("empty.pem", "");
  const std::string half = file("half.pem", one_.certificate_text().substr(0, 200));
  const std::string locked = file("locked.pem", one_.key_text("secret"));
  using Code = TlsFailureCode;
  EXPECT_EQ(refused({.certificate = folder_ / "absent.pem", .key = key}), Code::unreadable_file);
  EXPECT_EQ(refused({.certificate = certificate, .key = folder_ / "absent.pem"}),
            Code::unreadable_file);
  EXPECT_EQ(refused({.certificate = folder_, .key = key}), Code::unreadable_file);
  EXPECT_EQ(refused({.certificate = empty, .key = key}), Code::no_certificate_in_file);
  EXPECT_EQ(refused({.certificate = half, .key = key}), Code::no_certificate_in_file);
  EXPECT_EQ(refused({.certificate = certificate, .key = empty}), Code::no_key_in_file);
  EXPECT_EQ(refused({.certificate = certificate}), Code::no_key_in_file);
  EXPECT_EQ(refused({.certificate = certificate, .key = locked}), Code::no_key_in_file);
  EXPECT_EQ(refused({.certificate = certificate, .key = other_key}), Code::key_mismatch);
  EXPECT_EQ(refused({.certificate = certificate, .key = key, .authorities = empty}),
            Code::bad_authorities);
  EXPECT_EQ(refused({.certificate = certificate, .key = key, .authorities = half}),
            Code::bad_authorities);
}

TEST_F(MaterialTest, a_chain_that_breaks_off_is_refused_whole) {
  const std::string text = one_.certificate_text() + two_.certificate_text().substr(0, 200);
  const std::string key = file("k.pem", one_.key_text());
  EXPECT_EQ(refused({.certificate = file("c.pem", text), .key = key}),
            TlsFailureCode::no_certificate_in_file);
}

TEST(SelfSigned, is_believed_by_whoever_trusts_it_for_each_of_its_names) {
  const std::vector<std::string> names{"example.com", "192.0.2.1", "2001:db8::1"};
  const TlsMaterial pair = make_self_signed(names).value();
  ASSERT_TRUE(check_material(pair));
  TlsLibrary library;
  const TlsContext server = TlsContext::server(library, std::vector{pair}, {}).value();
  const TlsContext client =
      TlsContext::client(library, {.authorities = pair.certificate}, {}).value();
  for (const std::string& name : names) {
    test::Pair ends = test::join(client, server, name);
    ends.run();
    EXPECT_TRUE(ends.is_open()) << name;
  }
}

}  // namespace
}  // namespace sipring
