// What flags become: options of the server, its engines and their users.
// SPDX-License-Identifier: MIT
#include <answer/options.h>
#include <command_line.h>

#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <string>

namespace sipring::app::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

AnswerFlags flags_of(const std::string& line) {
  AnswerFlags flags;
  read_line(line, [&](CommandLine& command) { add_flags(command, flags); });
  return flags;
}

auto try_options_of(const AnswerFlags& flags) {
  return server_options_of(flags, listeners_of(flags.sockets).value(), "name");
}

ServerOptions options_of(const std::string& line) {
  return try_options_of(flags_of(line)).value();
}

TEST(AnswerFlags, reach_the_engine) {
  const Settings settings =
      options_of("--t1 100 --t2 200 --t4 300 --jitter 4 --transactions 5 --retry-after 6").settings;
  EXPECT_EQ(settings.timers.t1, milliseconds(100));
  EXPECT_EQ(settings.timers.t2, milliseconds(200));
  EXPECT_EQ(settings.timers.t4, milliseconds(300));
  EXPECT_EQ(settings.timers.jitter_per_mille, 4u);
  EXPECT_EQ(settings.limits.transactions, 5u);
  EXPECT_EQ(settings.limits.retry_after_seconds, 6u);
  EXPECT_EQ(settings.server, "name");
}

TEST(AnswerFlags, leave_the_size_of_pools_to_the_machine) {
  constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;
  const auto transactions = [](const std::string& line) {
    AnswerFlags flags = flags_of(line);
    fit_to_machine(flags, gibibyte, 2);
    const Limits limits = try_options_of(flags).value().settings.limits;
    EXPECT_EQ(limits.calls, limits.transactions);
    return limits.transactions;
  };
  EXPECT_EQ(transactions("--transactions 5"), 5u);
  EXPECT_GT(transactions("--shards 1"), transactions(""));
  EXPECT_EQ(transactions("--shards 2"), transactions(""));
}

TEST(AnswerFlags, reach_overload_control) {
  EXPECT_FALSE(options_of("").settings.overload.advertise);
  const OverloadSettings loss =
      options_of("--overload-control loss --source-rate 7").settings.overload;
  EXPECT_TRUE(loss.advertise);
  EXPECT_FALSE(loss.prefer_rate);
  EXPECT_EQ(loss.source_rate, 7u);
  EXPECT_TRUE(options_of("--overload-control rate").settings.overload.prefer_rate);
}

TEST(AnswerFlags, say_how_long_answered_transactions_are_remembered) {
  const auto bound = [](const std::string& line) {
    return options_of(line).settings.limits.remember_at_least;
  };
  EXPECT_EQ(bound(""), std::nullopt);
  EXPECT_EQ(bound("--remember-at-least 8000"), milliseconds(8'000));
  EXPECT_EQ(bound("--remember-at-least 0"), Duration::max());
}

TEST(AnswerFlags, reach_the_shards) {
  const ServerOptions options =
      options_of("--shards 2 --cpus 2,3 --nice 4 --prefault --turn-budget 5 --min-wait 6");
  EXPECT_EQ(options.shards, 2u);
  EXPECT_THAT(options.shard.cpus, ::testing::ElementsAre(2, 3));
  EXPECT_EQ(options.shard.nice, 4);
  EXPECT_TRUE(options.shard.pin);
  EXPECT_TRUE(options.shard.prefault);
  EXPECT_EQ(options.shard.turn_limits.budget, milliseconds(5));
  EXPECT_EQ(options.shard.batching.value().at_most, microseconds(6));
  EXPECT_FALSE(options_of("--no-pin").shard.pin);
  EXPECT_FALSE(options_of("--min-wait 0").shard.batching);
}

TEST(AnswerFlags, reach_the_user) {
  const ShardMark mark{};
  const AnswerOptions options = answer_options_of(
      flags_of("--transactions 8 --media-port 9000 --retry-after 6 --work 7 --t1 100"), mark);
  EXPECT_EQ(options.calls, 8u);
  EXPECT_EQ(options.media_port, 9000);
  EXPECT_EQ(options.retry_after_seconds, 6u);
  EXPECT_EQ(options.work, microseconds(7));
  EXPECT_EQ(options.timers.t1, milliseconds(100));
  EXPECT_EQ(answer_options_of(flags_of("--calls 3"), mark).calls, 3u);
}

TEST(AnswerFlags, come_out_of_a_file_where_the_command_line_does_not_name_them) {
  const std::string file = ::testing::TempDir() + "answer_options_test.toml";
  std::ofstream(file) << "listeners = [\"tcp:127.0.0.1:5070\"]\nshards = 3\nstrict = true\n"
                         "[timers]\nt1_ms = 100\nt2_ms = 200\nt4_ms = 300\n"
                         "[limits]\ntransactions = 4\ncalls = 5\nmessage_bytes = 600\n"
                         "[authentication]\nusers = \"u\"\nrealm = \"r\"\n";
  AnswerFlags flags = flags_of("--config " + file);
  if (flags.config_error.find("SIPRING_TOML") != std::string::npos) GTEST_SKIP();
  EXPECT_EQ(flags.config_error, "");
  const ServerOptions options = try_options_of(flags).value();
  ASSERT_EQ(options.listeners.size(), 1u);
  EXPECT_EQ(options.listeners[0].transport, Transport::tcp);
  EXPECT_EQ(options.shards, 3u);
  EXPECT_TRUE(options.settings.strict);
  EXPECT_EQ(options.settings.timers.t1, milliseconds(100));
  EXPECT_EQ(options.settings.timers.t2, milliseconds(200));
  EXPECT_EQ(options.settings.timers.t4, milliseconds(300));
  EXPECT_EQ(options.settings.limits.transactions, 4u);
  EXPECT_EQ(options.settings.limits.calls, 5u);
  EXPECT_EQ(options.settings.limits.message_bytes, 600u);
  EXPECT_EQ(flags.answers.auth, "u");
  EXPECT_EQ(flags.answers.realm, "r");

  const std::string others = "--t1 150 --listen udp:127.0.0.1:5080 --realm x ";
  for (const std::string& line : {others + "--config " + file, "--config " + file + " " + others}) {
    flags = flags_of(line);
    EXPECT_EQ(flags.timing.t1_ms, 150u) << line;
    EXPECT_EQ(flags.timing.t2_ms, 200u) << line;
    EXPECT_EQ(flags.answers.realm, "x") << line;
    EXPECT_EQ(try_options_of(flags).value().listeners.at(0).port, 5080) << line;
  }
  EXPECT_THAT(flags_of("--config /does/not/exist").config_error, HasSubstr("cannot be read"));
}

TEST(AnswerFlags, advertise_a_host_and_nothing_else) {
  AnswerFlags flags = flags_of("");
  for (const char* host : {"", "sip.example.com", "192.0.2.1", "2001:db8::1", "[2001:db8::1]"}) {
    flags.answers.advertise = host;
    EXPECT_TRUE(try_options_of(flags)) << host;
  }
  for (const char* text : {"a b", "host:5060", "user@host", "host;lr", "host>", "x\r\nX: y"}) {
    flags.answers.advertise = text;
    const auto refused = try_options_of(flags);
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(refused.error(), HasSubstr("--advertise"));
  }
}

TEST(AnswerFlags, give_a_trunk_the_first_listener_of_its_family) {
  const std::string listen = "--listen udp:127.0.0.1:5060 --listen udp:[::1]:5060 ";
  const ServerOptions options = options_of(listen + "--trunk udp:[::1]:5070");
  ASSERT_EQ(options.trunks.size(), 1u);
  EXPECT_EQ(options.trunks[0].listener, 1u);
  const auto refused = try_options_of(flags_of("--trunk udp:[::1]:5070"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), HasSubstr("no udp listener of its address family"));
}

}  // namespace
}  // namespace sipring::app::test
