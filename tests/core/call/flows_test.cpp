// The flows of RFC 3665 section 3 and RFC 5359 as their user agents see them, and crossings of
// them: each file of tests/core/call/flows is a scenario, run in virtual time.
//
//   alice: call bob              what a user does
//   > alice INVITE               what goes over the wire then, in this order
//   wait 5                       seconds
//
// SPDX-License-Identifier: MIT
#include <source_dir.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/call_world.h"

namespace sipring::test {
namespace {

namespace fs = std::filesystem;

class Scenario {
 public:
  Scenario() {
    for (Phone* const phone : {&alice_, &bob_}) {
      phone->on_incoming = [this, phone](const IncomingCall& incoming) {
        calls_[phone] = incoming.call;
      };
    }
  }

  void run(const fs::path& file) {
    std::ifstream in(file);
    ASSERT_TRUE(in) << file;
    std::string line;
    while (std::getline(in, line) && !::testing::Test::HasFailure()) {
      if (line.empty() || line.starts_with('#')) continue;
      if (line.starts_with("> ")) {
        expected_.push_back(line.substr(2));
      } else {
        compare();
        line.starts_with("wait ") ? world_.run(seconds(std::stoi(line.substr(5)))) : act(line);
        world_.run(milliseconds(200));
      }
    }
    compare();
    world_.run(minutes(4));
    EXPECT_TRUE(world_.is_at_rest());
    EXPECT_EQ(alice_.ends, 1);
    EXPECT_LE(bob_.ends, 1);
  }

 private:
  // "alice: hang up"
  void act(const std::string& line) {
    const std::size_t colon = line.find(": ");
    Phone& phone = line.starts_with("alice") ? alice_ : bob_;
    Phone& other = &phone == &alice_ ? bob_ : alice_;
    const std::string what = line.substr(colon + 2);
    const Handle<Call> call = calls_[&phone];
    const Place place = phone.place();
    const std::string body = description(phone.name, ++version_);
    Calls& calls = phone.calls;
    bool done = true;
    if (what == "call") {
      calls_[&phone] = phone.call(other, body);
    } else if (what == "call without offer") {
      calls_[&phone] = phone.call(other, {});
    } else if (what.starts_with("ring ")) {
      done = calls.ring(place, call, status_of(what)).has_value();
    } else if (what.starts_with("describe ")) {
      done = calls.ring(place, call, status_of(what), {.body = body}).has_value();
    } else if (what == "accept") {
      done = calls.accept(place, call, {.body = body}).has_value();
    } else if (what.starts_with("reject ")) {
      done = calls.reject(place, call, status_of(what)).has_value();
    } else if (what == "hang up") {
      done = calls.end(place, call).has_value();
    } else if (what == "hold") {
      done = calls.offer(place, call, description(phone.name, version_, "sendonly")).has_value();
    } else if (what == "offer") {
      done = calls.offer(place, call, body).has_value();
    } else if (what == "answer") {
      done = calls.answer(place, call, body).has_value();
    } else if (what == "refuse") {
      done = calls.refuse(place, call).has_value();
    } else {
      FAIL() << "nobody can do this: " << line;
    }
    EXPECT_TRUE(done) << line;
    phone.drain();
  }

  static std::uint16_t status_of(const std::string& what) {
    return static_cast<std::uint16_t>(std::stoi(what.substr(what.find(' ') + 1)));
  }

  // With both ladders when they differ.
  void compare() {
    const std::vector<std::string> said = world_.take_ladder();
    EXPECT_EQ(said, expected_) << "said:\n" << ladder(said) << "expected:\n" << ladder(expected_);
    expected_.clear();
  }
  static std::string ladder(const std::vector<std::string>& lines) {
    std::string text = "    alice                         bob\n";
    for (const std::string& line : lines) {
      const std::string what = line.substr(line.find(' ') + 1);
      std::string shaft(std::max<std::size_t>(24, what.size()) - what.size(), '-');
      text += line.starts_with("alice") ? "      |-- " + what + " " + shaft + ">|\n"
                                        : "      |<- " + what + " " + shaft + "-|\n";
    }
    return text;
  }

  World world_;
  Phone& alice_ = world_.add("alice");
  Phone& bob_ = world_.add("bob");
  std::map<const Phone*, Handle<Call>> calls_;
  std::vector<std::string> expected_;
  int version_ = 0;
};

TEST(CallFlows, are_those_of_the_rfcs) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(SIPRING_SOURCE_DIR "/tests/core/call/flows"))
    files.push_back(entry.path());
  std::ranges::sort(files);
  EXPECT_GE(files.size(), 10u);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename().string());
    Scenario().run(file);
  }
}

}  // namespace
}  // namespace sipring::test
