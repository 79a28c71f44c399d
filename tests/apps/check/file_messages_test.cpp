// SPDX-License-Identifier: MIT
#include <check/file_messages.h>

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/sip_text.h"

namespace sipring::app::test {
namespace {

using namespace sipring::test;
using ::testing::ElementsAre;

const std::string options = sip(R"(
OPTIONS sip:bob@example.com SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa
Content-Length: 0

)");
const std::string message = sip(R"(
MESSAGE sip:bob@example.com SIP/2.0
Content-Type: text/plain
l: 5

)") + "hello";
const std::string no_length = sip("SIP/2.0 200 OK\nVia: SIP/2.0/UDP h\n\n");

std::vector<std::string> all_of(std::string_view octets) {
  FileMessages messages(octets);
  std::vector<std::string> all;
  while (const auto each = messages.next()) {
    EXPECT_EQ(each->number, all.size() + 1);
    EXPECT_EQ(octets.substr(each->offset, each->octets.size()), each->octets);
    all.emplace_back(each->octets);
  }
  return all;
}

TEST(FileMessages, are_cut_where_another_start_line_follows) {
  EXPECT_THAT(all_of(options + message + options), ElementsAre(options, message, options));
  EXPECT_THAT(all_of(options + "\r\n\n" + message), ElementsAre(options, message));
  EXPECT_THAT(all_of(no_length + options), ElementsAre(no_length, options));
}

TEST(FileMessages, keep_what_stands_behind_the_last_of_them) {
  EXPECT_THAT(all_of(options), ElementsAre(options));
  EXPECT_THAT(all_of(options + "more"), ElementsAre(options + "more"));
  EXPECT_THAT(all_of(options + message + "\r\n"), ElementsAre(options, message + "\r\n"));
  EXPECT_THAT(all_of(""), ElementsAre(""));
}

// A body that may be a message, a message that is not whole, and what is none.
TEST(FileMessages, are_one_where_the_end_of_the_first_is_not_known) {
  const std::string fragment =
      sip("NOTIFY sip:a@h SIP/2.0\nContent-Type: message/sip\n\n") + options;
  EXPECT_THAT(all_of(fragment), ElementsAre(fragment));
  const std::string broken = replaced(options, "Content-Length: 0", "Content-Length: x") + options;
  EXPECT_THAT(all_of(broken), ElementsAre(broken));
  EXPECT_THAT(all_of("v=0\r\n"), ElementsAre("v=0\r\n"));
}

}  // namespace
}  // namespace sipring::app::test
