// A zone as a text, and a name server that answers from it, octet by octet: what a resolver is
// tested against. It writes messages by itself and shares nothing with core/dns but the numbers.
//
//   example.com NAPTR 10 20 s SIP+D2U _sip._udp.example.com
//   _sip._udp.example.com SRV 1 0 5060 a.example.com
//   a.example.com A 192.0.2.1
//
// A TTL may stand behind the name. A name with one record only "FAIL" is answered with SERVFAIL.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::test {

class WireText {
 public:
  WireText& u8(unsigned value) {
    octets.push_back(static_cast<char>(value));
    return *this;
  }
  WireText& u16(unsigned value) { return u8(value >> 8 & 0xff).u8(value & 0xff); }
  WireText& u32(std::uint32_t value) { return u16(value >> 16).u16(value & 0xffff); }
  WireText& string(std::string_view text) {
    u8(static_cast<unsigned>(text.size()));
    octets += text;
    return *this;
  }
  WireText& name(std::string_view text) {
    while (!text.empty() && text != ".") {
      const std::string_view label = text.substr(0, text.find('.'));
      string(label);
      text.remove_prefix(std::min(label.size() + 1, text.size()));
    }
    return u8(0);
  }
  std::string octets;
};

struct WireQuery {
  unsigned id = 0;
  std::string name;
  unsigned type = 0;
};

// Of a query as core/dns writes it: one question, no compression.
inline WireQuery read_query(std::string_view octets) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(octets.at(i)); };
  WireQuery query{.id = static_cast<unsigned>(at(0) << 8 | at(1)), .name = {}, .type = 0};
  std::size_t from = 12;
  while (at(from) != 0) {
    if (!query.name.empty()) query.name += '.';
    query.name += octets.substr(from + 1, at(from));
    from += 1 + std::size_t{at(from)};
  }
  query.type = static_cast<unsigned>(at(from + 1) << 8 | at(from + 2));
  return query;
}

inline constexpr unsigned wire_a = 1, wire_cname = 5, wire_soa = 6, wire_aaaa = 28, wire_srv = 33,
                          wire_naptr = 35;

class Zone {
 public:
  explicit Zone(std::string_view text) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) add(line);
  }

  // `asked` counts questions by "name TYPE".
  std::string answer(std::string_view query_octets) {
    const WireQuery query = read_query(query_octets);
    ++asked[query.name + " " + name_of(query.type)];
    std::string owner = query.name;
    std::string answers;
    unsigned count = 0;
    const auto put = [&](const Entry& entry) {
      answers += WireText().name(owner).u16(entry.type).u16(1).u32(entry.ttl).octets;
      answers += WireText().u16(static_cast<unsigned>(entry.data.size())).octets + entry.data;
      ++count;
    };
    for (int hops = 0; hops < 20; ++hops) {  // more than any resolver follows
      const Entry* alias = nullptr;
      for (const Entry& entry : entries_[owner])
        if (entry.type == wire_cname) alias = &entry;
      if (alias == nullptr) break;
      put(*alias);
      owner = alias->alias;
    }
    for (const Entry& entry : entries_[owner])
      if (entry.type == query.type) put(entry);
    const bool fails = !entries_[owner].empty() && entries_[owner].front().type == 0;
    const bool exists = !entries_[owner].empty() || is_above_another(owner);
    const unsigned rcode = fails ? 2 : exists ? 0 : 3;
    const bool negative = count == 0 || rcode == 3;
    std::string message = WireText()
                              .u16(query.id)
                              .u16(0x8180 | rcode)
                              .u16(1)
                              .u16(count)
                              .u16(negative && !fails ? 1 : 0)
                              .u16(0)
                              .name(query.name)
                              .u16(query.type)
                              .u16(1)
                              .octets;
    message += answers;
    if (negative && !fails) message += soa();
    return message;
  }

  std::map<std::string, int> asked;
  std::uint32_t negative_ttl = 60;

  static std::string name_of(unsigned type) {
    switch (type) {
      case wire_a: return "A";
      case wire_aaaa: return "AAAA";
      case wire_srv: return "SRV";
      case wire_naptr: return "NAPTR";
      default: return std::to_string(type);
    }
  }

 private:
  struct Entry {
    unsigned type = 0;
    std::uint32_t ttl = 300;
    std::string data;
    std::string alias;  // of a CNAME
  };

  void add(const std::string& line) {
    std::istringstream words{line};
    std::string owner, type;
    if (!(words >> owner >> type)) return;
    Entry entry;
    if (type.front() >= '0' && type.front() <= '9') {
      entry.ttl = static_cast<std::uint32_t>(std::stoul(type));
      words >> type;
    }
    unsigned first = 0, second = 0, third = 0;
    std::string text, more, target;
    if (type == "A" || type == "AAAA") {
      words >> text;
      const IpAddress ip = *parse_ip_address(text);
      entry.type = type == "A" ? wire_a : wire_aaaa;
      entry.data.assign(ip.octets.begin(), ip.octets.begin() + (type == "A" ? 4 : 16));
    } else if (type == "CNAME") {
      words >> entry.alias;
      entry.type = wire_cname;
      entry.data = WireText().name(entry.alias).octets;
    } else if (type == "SRV") {
      words >> first >> second >> third >> target;
      entry.type = wire_srv;
      entry.data = WireText().u16(first).u16(second).u16(third).name(target).octets;
    } else if (type == "NAPTR") {  // order preference flags service replacement [regexp]
      words >> first >> second >> text >> more >> target;
      std::string regexp;
      words >> regexp;
      entry.type = wire_naptr;
      entry.data = WireText()
                       .u16(first)
                       .u16(second)
                       .string(text == "-" ? "" : text)
                       .string(more == "-" ? "" : more)
                       .string(regexp)
                       .name(target)
                       .octets;
    }
    entries_[owner].push_back(entry);
  }

  // "b.c" exists where "a.b.c" does (RFC 8020).
  bool is_above_another(const std::string& name) const {
    return std::ranges::any_of(entries_, [&](const auto& known) {
      return !known.second.empty() && known.first.ends_with("." + name);
    });
  }

  std::string soa() const {
    const std::string data =
        WireText().name("ns").name("me").u32(1).u32(2).u32(3).u32(4).u32(negative_ttl).octets;
    return WireText()
               .name("zone")
               .u16(wire_soa)
               .u16(1)
               .u32(3600)
               .u16(static_cast<unsigned>(data.size()))
               .octets +
           data;
  }

  std::map<std::string, std::vector<Entry>> entries_;
};

}  // namespace sipring::test
