// SPDX-License-Identifier: MIT
#include <sipring/io/config.h>

#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <string>

namespace sipring {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Without toml++ there is nothing to read one with.
class ConfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto empty = parse_config("", "x");
    if (!empty && empty.error().find("SIPRING_TOML") != std::string::npos) {
      GTEST_SKIP() << empty.error();
    }
  }
  static std::string error_of(std::string_view text) {
    const auto config = parse_config(text, "sipring.toml");
    return config ? "no error" : config.error();
  }
};

TEST_F(ConfigTest, names_what_differs_and_leaves_the_rest) {
  const auto config = parse_config(R"(
listeners = ["udp:192.0.2.1:5070", "tcp:[2001:db8::1]:0", "ws:192.0.2.1",
             {address = "tls:192.0.2.1", certificate = "c", key = "k", authorities = "a", verify = "peer"}]
shards = 2
strict = true
[timers]
t1_ms = 100
[limits]
calls = 1000
message_bytes = 4096
[authentication]
users = "users.txt"
realm = "example.com"
)",
                                   "x", {.transactions = 77});
  ASSERT_TRUE(config) << config.error();
  ASSERT_EQ(config->listeners.size(), 4u);
  EXPECT_EQ(to_text(config->listeners[0].address).view(), "192.0.2.1:5070");
  EXPECT_EQ(to_text(config->listeners[1].address).view(), "[2001:db8::1]:0");
  EXPECT_EQ(config->listeners[1].address.transport, Transport::tcp);
  EXPECT_EQ(config->listeners[2].address.port, 80);
  EXPECT_EQ(config->listeners[3].address.port, 5061);
  EXPECT_EQ(config->listeners[3].files, (TlsFiles{"c", "k", "a"}));
  EXPECT_EQ(config->listeners[3].verify, TlsVerify::require);
  EXPECT_EQ(config->timers.t1, std::chrono::milliseconds(100));
  EXPECT_EQ(config->timers.t2, TimerSettings{}.t2);
  EXPECT_EQ(config->transactions, 77u) << "as it was";
  EXPECT_EQ(config->authentication.users, "users.txt");
  EXPECT_EQ(config->call_limits().calls, 1'000u);
  EXPECT_EQ(config->call_settings().timers.t1, std::chrono::milliseconds(100));
  EXPECT_FALSE(config->server_options()) << "there is no such certificate";
}

TEST_F(ConfigTest, becomes_the_options_of_a_server) {
  const auto config = parse_config(R"(
listeners = ["udp:192.0.2.1", {address = "wss:192.0.2.1", verify = "request"}]
shards = 2
strict = true
[limits]
calls = 1000
message_bytes = 4096
)",
                                   "x");
  ASSERT_TRUE(config) << config.error();
  const auto options = config->server_options();
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->shards, 2u);
  EXPECT_TRUE(options->settings.strict);
  EXPECT_EQ(options->settings.limits.message_bytes, 4'096u);
  EXPECT_EQ(options->settings.limits.calls, 1'000u) << "there is room for them";
  ASSERT_EQ(options->tls.size(), 1u);
  EXPECT_EQ(options->tls[0].listener, 1u);
  EXPECT_EQ(options->tls[0].verify, TlsVerify::request);
  EXPECT_EQ(options->tls[0].materials.size(), 1u) << "signed by ourselves";
}

TEST_F(ConfigTest, is_refused_with_file_line_and_reason) {
  EXPECT_THAT(error_of("shards = 2\n[timers]\nt1_ms = 0"), StartsWith("sipring.toml:3: t1_ms"));
  EXPECT_THAT(error_of("shards = 256"), HasSubstr("is not 0 to 255"));
  EXPECT_THAT(error_of("shards = \"2\""), HasSubstr("is not a whole number"));
  EXPECT_THAT(error_of("\nstrict = 1"), StartsWith("sipring.toml:2: strict is neither"));
  EXPECT_THAT(error_of("[limits]\ncals = 1"), StartsWith("sipring.toml:2: cals is not known"));
  EXPECT_THAT(error_of("limits = 1"), HasSubstr("limits is no table"));
  EXPECT_THAT(error_of("[authentication]\nrealm = 1"), HasSubstr("realm is no string"));
  EXPECT_THAT(error_of("listeners = []"), HasSubstr("listeners is no list"));
  for (const char* const listener :
       {"udp:host:5060", "192.0.2.1:5060", "udp:a@192.0.2.1", "udp:192.0.2.1;lr", "udp:"}) {
    EXPECT_THAT(error_of("listeners = [\n\"" + std::string(listener) + "\"]"),
                StartsWith("sipring.toml:2: listeners has an element"))
        << listener;
  }
  EXPECT_THAT(error_of("listeners = [{address = 1}]"),
              StartsWith("sipring.toml:1: address is no string"));
  EXPECT_THAT(error_of("listeners = [{}]"), HasSubstr("address is missing"));
  EXPECT_THAT(error_of("listeners = [{address = \"tls:[::1]\", verify = \"all\"}]"),
              HasSubstr("verify is none of"));
  EXPECT_THAT(error_of("listeners = [{address = \"udp:[::1]\", certificate = \"c\"}]"),
              HasSubstr("no tls"));
  EXPECT_THAT(error_of("listeners = [{address = \"tls:[::1]\", key = \"k\"}]"),
              HasSubstr("a key without"));
  EXPECT_THAT(error_of("listeners = [{address = \"tls:[::1]\", cert = \"c\"}]"),
              HasSubstr("cert is not known"));
  EXPECT_THAT(error_of("[timers]\nt1_ms = 5000"), HasSubstr("T2 is less than T1"));
  EXPECT_THAT(error_of("shards = \n"), StartsWith("sipring.toml:1: "));
  EXPECT_THAT(error_of("shards = 1\nshards = 2"), StartsWith("sipring.toml:2: "));
}

TEST_F(ConfigTest, is_read_from_a_file_that_can_be_read) {
  EXPECT_THAT(read_config("/does/not/exist").error(), HasSubstr("cannot be read"));
  const std::string file = ::testing::TempDir() + "config_test.toml";
  std::ofstream(file) << "shards = 3\n";
  const auto config = read_config(file);
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->shards, 3u);
}

}  // namespace
}  // namespace sipring
