// SPDX-License-Identifier: MIT
#include <log/event_log.h>

#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace sipring::app::test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using Kind = RareEvent::Kind;

class EventLogs : public ::testing::Test {
 protected:
  EventLog log{[this](Severity severity, const std::string& line) {
    lines.push_back((severity == Severity::info ? "info " : "warning ") + line);
  }};
  std::vector<std::string> lines;
  Instant now{seconds(1'000)};
};

TEST_F(EventLogs, write_an_event_as_keys_and_values) {
  log.write(now, {Kind::malformed, 2, 12, "last_source=192.0.2.1:5060"});
  EXPECT_THAT(lines, ElementsAre("warning event=malformed shard=2 count=12 "
                                 "last_source=192.0.2.1:5060"));
}

TEST_F(EventLogs, hold_back_what_comes_too_often_and_tell_how_much_it_was) {
  for (int i = 0; i < 100; ++i) log.write(now, {Kind::icmp_error, 0, 2, {}});
  EXPECT_THAT(lines, SizeIs(EventLog::burst));
  log.write(now + EventLog::interval, {Kind::icmp_error, 0, 1, {}});
  EXPECT_EQ(lines.back(), "warning event=icmp_error shard=0 count=1 suppressed=190");
}

TEST_F(EventLogs, limit_each_kind_for_itself) {
  for (int i = 0; i < 100; ++i) log.write(now, {Kind::icmp_error, 0, 1, {}});
  lines.clear();
  log.write(now, {Kind::overload, 1, 1, {}});
  EXPECT_THAT(lines, ElementsAre("warning event=overload shard=1 count=1"));
}

TEST_F(EventLogs, tell_at_the_end_what_was_held_back) {
  for (int i = 0; i < 7; ++i) log.write(now, {Kind::truncated, 0, 3, {}});
  lines.clear();
  std::vector<Metrics> shards(1);
  shards[0].engine.messages_received = 9;
  log.shards_stopped(now, shards);
  EXPECT_THAT(lines, ElementsAre("warning event=truncated suppressed=6",
                                 "info event=shard_stopped shard=0 count=1 messages_received=9 "
                                 "messages_sent=0 transactions=0"));
}

TEST_F(EventLogs, tell_what_has_happened_to_each_shard_since_they_looked_last) {
  std::vector<Metrics> shards(2);
  shards[1].io.send_queue_full = 3;
  log.observe(now, shards);
  EXPECT_THAT(lines, ElementsAre("warning event=send_queue_full shard=1 count=3"));
  lines.clear();
  log.observe(now, shards);
  EXPECT_THAT(lines, IsEmpty());
  shards[1].io.send_queue_full = 4;
  log.shards_stopped(now, shards);
  EXPECT_EQ(lines.front(), "warning event=send_queue_full shard=1 count=1");
}

class LogFiles : public ::testing::Test {
 protected:
  LogFiles() : path(::testing::TempDir() + "sipring_event_log_test." + std::to_string(::getpid())) {
    (void)std::remove(path.c_str());
  }
  ~LogFiles() override { (void)std::remove(path.c_str()); }
  [[nodiscard]] std::string written() const {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string path;
};

TEST_F(LogFiles, hold_lines_with_time_and_severity) {
  const auto sink = open_log({.level = "info", .file = path});
  ASSERT_TRUE(sink) << sink.error();
  (*sink)(Severity::warning, "event=x");
  (*sink)(Severity::info, "event=y");
  constexpr const char* time = "time=[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9]+Z";
  EXPECT_THAT(written(), MatchesRegex(std::string(time) + " level=warning event=x\n" + time +
                                      " level=info event=y\n"));
}

TEST_F(LogFiles, hold_nothing_below_their_level) {
  const auto sink = open_log({.level = "error", .file = path});
  ASSERT_TRUE(sink) << sink.error();
  (*sink)(Severity::warning, "event=x");
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(LogFiles, that_cannot_be_written_are_an_error_in_one_line) {
  const auto sink = open_log({.file = "/dev/null/log"});
  ASSERT_FALSE(sink);
  EXPECT_THAT(sink.error(), HasSubstr("/dev/null/log"));
  EXPECT_EQ(sink.error().find('\n'), std::string::npos);
}

}  // namespace
}  // namespace sipring::app::test
