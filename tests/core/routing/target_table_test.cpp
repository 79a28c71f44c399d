// RFC 3263 by its table: tests/corpus/routing/targets.txt.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <source_dir.h>

#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "tests/core/routing/located.h"

namespace sipring::test {
namespace {

class Table {
 public:
  void read(const std::string& file) {
    std::ifstream lines(file);
    ASSERT_TRUE(lines.is_open()) << file;
    for (std::string line; std::getline(lines, line);) {
      ++line_number_;
      if (!line.empty() && line.front() != '#') take(line);
    }
  }
  [[nodiscard]] int cases() const { return cases_; }

 private:
  void take(const std::string& line) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    const std::size_t arrow = line.find(" >");
    if (first == "zone") {
      zone_text_.clear();
    } else if (first == "have") {
      have(words);
    } else if (first == "avoid") {
      avoided_ = line.substr(6);
    } else if (arrow == std::string::npos) {
      zone_text_ += line + "\n";
    } else if (first == "asks") {
      check(line.substr(5, arrow - 5), line.substr(arrow + 2), true);
    } else {
      check(line.substr(0, arrow), line.substr(arrow + 2), false);
    }
  }

  void have(std::istringstream& words) {
    have_ = {.transports = {}, .v4 = false, .v6 = false, .v6_first = false};
    for (std::string word; words >> word;) {
      const bool all = word == "all";
      for (const Transport transport :
           {Transport::udp, Transport::tcp, Transport::tls, Transport::ws, Transport::wss}) {
        const NetworkAddress address{{}, 0, transport};
        if (all || text_of(address).starts_with(word + " ")) have_.transports.add(transport);
      }
      have_.v4 |= all || word == "v4";
      have_.v6 |= all || word == "v6";
      have_.v6_first |= word == "v6first";
    }
  }

  static std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream list(text);
    for (std::string part; std::getline(list, part, ',');) {
      const std::size_t begin = part.find_first_not_of(' ');
      if (begin != std::string::npos) parts.push_back(part.substr(begin));
    }
    return parts;
  }

  void check(const std::string& uri, const std::string& expected, bool questions) {
    SCOPED_TRACE("targets.txt:" + std::to_string(line_number_));
    Zone zone(zone_text_);
    Located located;
    located.capabilities = have_;
    for (const std::string& target : split(std::exchange(avoided_, {})))
      located.health.failed(located.now, address_of(target));
    const std::vector<std::string> found = located.find(uri, zone);
    EXPECT_EQ(questions ? located.questions : found, split(expected)) << uri;
    ++cases_;
  }

  // "udp 192.0.2.1:5060"
  static NetworkAddress address_of(const std::string& text) {
    const std::size_t space = text.find(' ');
    const std::size_t colon = text.rfind(':');
    NetworkAddress address{*parse_ip_address(text.substr(space + 1, colon - space - 1)),
                           static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1))),
                           Transport::udp};
    for (const Transport transport : {Transport::tcp, Transport::tls, Transport::ws}) {
      const NetworkAddress other{address.ip, address.port, transport};
      if (text_of(other) == text) return other;
    }
    return address;
  }

  std::string zone_text_;
  std::string avoided_;
  Capabilities have_;
  int line_number_ = 0;
  int cases_ = 0;
};

TEST(TargetTable, each_uri_leads_to_its_targets_in_order) {
  Table table;
  table.read(std::string(SIPRING_SOURCE_DIR) + "/tests/corpus/routing/targets.txt");
  EXPECT_GE(table.cases(), 120);
}

}  // namespace
}  // namespace sipring::test
