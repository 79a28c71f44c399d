// The flows of RFC 3665 section 3 and RFC 5359 as their user agents see them, and crossings of
// them: each file of tests/core/call/flows is a scenario, run in virtual time.
//
//   alice: call bob              what a user does, in his last call
//   bob: hold #1                 the same in his first one
//   > alice INVITE               what goes over the wire then, in this order
//   wait 5                       seconds
//   bob is gone                  and hears nothing any more
//   through proxy1 proxy2        the way of the calls that begin from now on
//   proxy1 asks for a password   of INVITEs; alice has one
//   proxy2 leaves the way        it does not record-route
//   proxy1 relays media          and stands in the descriptions
//
// SPDX-License-Identifier: MIT
#include <source_dir.h>

#include <sipring/core/auth/digest_client.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/call_world.h"
#include "tests/support/flow_proxy.h"
#include "tests/support/openssl_hashes.h"

namespace sipring::test {
namespace {

namespace fs = std::filesystem;

class Scenario {
 public:
  Scenario() {
    for (Phone* const phone : {&alice_, &bob_, &carol_}) {
      phone->on_incoming = [this, phone](const IncomingCall& incoming) {
        calls_[phone].push_back(incoming.call);
      };
      phone->on_redirected = [this, phone](const Redirected& redirected) {
        const NetworkAddress next = named(redirected.target.substr(4)).address;
        EXPECT_TRUE(phone->calls.follow(phone->moment(), redirected.call, next));
      };
    }
    alice_.calls.authenticate(account_);
    world_.elsewhere = [this](const World::Packet& packet) {
      for (FlowProxy* const proxy : {&proxy1_, &proxy2_})
        if (proxy->address == packet.to) proxy->receive(packet);
    };
    for (const FlowProxy* const proxy : {&proxy1_, &proxy2_})
      world_.others.emplace_back(proxy->address, proxy->name);
    world_.lose = [this](const NetworkAddress& from, const std::string& text) {
      return gone_ != nullptr &&
             (from == gone_->address ||
              first_line(text).find(to_text(gone_->address).view()) != std::string::npos);
    };
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
        if (line.starts_with("wait ")) {
          world_.run(seconds(std::stoi(line.substr(5))));
        } else if (line.starts_with("through ")) {
          go_through(line);
        } else if (line.starts_with("proxy")) {
          arrange(line);
        } else if (line.ends_with(" is gone")) {
          gone_ = &named(line);
        } else {
          act(line);
        }
        world_.run(milliseconds(200));
      }
    }
    compare();
    world_.run(minutes(4));
    EXPECT_TRUE(world_.is_at_rest());
    for (const auto& [phone, calls] : calls_)
      EXPECT_EQ(phone->ends, static_cast<int>(calls.size())) << phone->name;
  }

 private:
  // By the name that a text begins with.
  Phone& named(std::string_view text) {
    return text.starts_with("alice") ? alice_ : text.starts_with("bob") ? bob_ : carol_;
  }

  FlowProxy& proxy_of(std::string_view text) {
    return text.starts_with("proxy1") ? proxy1_ : proxy2_;
  }
  void go_through(const std::string& line) {
    proxy1_.next = line.ends_with("proxy2") ? &proxy2_ : nullptr;
    first_proxy_ = &proxy_of(line.substr(8));
  }
  void arrange(const std::string& line) {
    FlowProxy& proxy = proxy_of(line);
    if (line.ends_with("asks for a password")) {
      proxy.challenges = true;
    } else if (line.ends_with("leaves the way")) {
      proxy.record_routes = false;
    } else if (line.ends_with("relays media")) {
      proxy.relays_media = true;
    } else if (line.ends_with("is gone")) {
      proxy.is_gone = true;
    } else {
      FAIL() << "no proxy does this: " << line;
    }
  }
  Handle<Call> invite(Phone& phone, const Phone& whom, std::string_view offer) {
    if (first_proxy_ == nullptr) return phone.call(whom, offer);
    const std::string route = "<sip:" + std::string(to_text(first_proxy_->address).view()) + ";lr>";
    const std::string target = "sip:" + std::string(to_text(whom.address).view());
    return phone.call_address(first_proxy_->address, offer,
                              {.request_uri = target, .route = route});
  }

  // "alice: hang up", "bob: hold #1"
  void act(const std::string& line) {
    const std::size_t colon = line.find(": "), number = line.find(" #");
    Phone& phone = named(line);
    const std::string what = line.substr(colon + 2, number - std::min(number, colon + 2));
    std::vector<Handle<Call>>& own = calls_[&phone];
    const std::size_t index =
        number == line.npos ? own.size() - 1 : std::stoul(line.substr(number + 2)) - 1;
    const Handle<Call> call = own.empty() ? Handle<Call>{} : own.at(index);
    const Moment moment = phone.moment();
    const std::string body = description(phone.name, ++version_);
    Calls& calls = phone.calls;
    bool done = true;
    if (what.starts_with("call ")) {
      const std::string whom = what.substr(5);
      const bool offers = !whom.ends_with(" without offer");
      own.push_back(invite(phone, named(whom), offers ? body : std::string()));
    } else if (what.starts_with("redirect ")) {
      const std::string& contact = named(what.substr(9)).contact;
      const HeaderLine lines[] = {{"Contact", contact}};
      done = calls.reject(moment, call, 302, lines).has_value();
    } else if (what.starts_with("ring ")) {
      done = calls.ring(moment, call, status_of(what)).has_value();
    } else if (what.starts_with("describe ")) {
      done = calls.ring(moment, call, status_of(what), {.body = body}).has_value();
    } else if (what == "accept") {
      done = calls.accept(moment, call, {.body = body}).has_value();
    } else if (what.starts_with("reject ")) {
      done = calls.reject(moment, call, status_of(what)).has_value();
    } else if (what == "hang up") {
      done = calls.end(moment, call).has_value();
    } else if (what == "hold") {
      done = calls.offer(moment, call, description(phone.name, version_, "sendonly")).has_value();
    } else if (what == "offer") {
      done = calls.offer(moment, call, body).has_value();
    } else if (what == "answer") {
      done = calls.answer(moment, call, body).has_value();
    } else if (what == "refuse") {
      done = calls.refuse(moment, call).has_value();
    } else {
      FAIL() << "nobody can do this: " << line;
    }
    EXPECT_TRUE(done) << line;
    phone.take_outputs();
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
    std::string text = "    alice                         others\n";
    for (const std::string& line : lines) {
      const std::string who = line.substr(0, line.find(' '));
      const std::string what = line.substr(who.size() + 1);
      std::string shaft(std::max<std::size_t>(24, what.size()) - what.size(), '-');
      text += who == "alice" ? "      |-- " + what + " " + shaft + ">|\n"
                             : "      |<- " + what + " " + shaft + "-| " + who + "\n";
    }
    return text;
  }

  World world_;
  const CallSettings settings_{.tells_redirections = true};
  Phone& alice_ = world_.add("alice", settings_);
  Phone& bob_ = world_.add("bob", settings_);
  Phone& carol_ = world_.add("carol", settings_);
  const Phone* gone_ = nullptr;
  DigestClient account_{
      {.username = "alice", .password = "secret"}, openssl_hashes(), Entropy{{9, 8, 7, 6}}};
  FlowProxy proxy1_{world_, "proxy1", address("192.0.2.101", 5060)};
  FlowProxy proxy2_{world_, "proxy2", address("192.0.2.102", 5060)};
  const FlowProxy* first_proxy_ = nullptr;
  std::map<const Phone*, std::vector<Handle<Call>>> calls_;
  std::vector<std::string> expected_;
  int version_ = 0;
};

TEST(CallFlows, are_those_of_the_rfcs) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(SIPRING_SOURCE_DIR "/tests/core/call/flows"))
    files.push_back(entry.path());
  std::ranges::sort(files);
  EXPECT_GE(files.size(), 20u);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename().string());
    Scenario().run(file);
  }
}

}  // namespace
}  // namespace sipring::test
