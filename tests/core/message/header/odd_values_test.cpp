// Parameters as the field writes them, put into every header field that has parameters: each is
// taken, noted, refused strictly, and found again octet for octet.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/params.h>
#include <sipring/core/message/header/registry.h>
#include <sipring/core/message/header/via.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

struct Sample {
  std::string_view name;
  std::string_view value;  // a parameter may follow
};

constexpr Sample samples[] = {
    {"Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1"},
    {"Via", "SIP/2.0/TCP h.example:5060;branch=z9hG4bK1;rport=5070;received=2001:db8::1"},
    {"From", "<sip:a@h.example>;tag=1"},
    {"From", "\"A\" <sip:a@h.example>"},
    {"To", "sip:a@h.example"},
    {"Contact", "<sip:a@h.example>;q=0.5"},
    {"Route", "<sip:p.example;lr>"},
    {"Record-Route", "<sip:p.example;lr>"},
    {"Path", "<sip:p.example;lr>"},
    {"Service-Route", "<sip:p.example;lr>"},
    {"Reply-To", "<sip:a@h.example>"},
    {"Refer-To", "<sip:a@h.example>"},
    {"Referred-By", "<sip:a@h.example>"},
    {"P-Asserted-Identity", "<sip:a@h.example>"},
    {"P-Preferred-Identity", "<sip:a@h.example>"},
    {"P-Associated-URI", "<sip:a@h.example>"},
    {"P-Called-Party-ID", "<sip:a@h.example>"},
    {"History-Info", "<sip:a@h.example>;index=1"},
    {"Diversion", "<sip:a@h.example>;reason=user-busy"},
    {"Alert-Info", "<http://h.example/a>"},
    {"Call-Info", "<http://h.example/a>;purpose=icon"},
    {"Error-Info", "<sip:a@h.example>"},
    {"Geolocation", "<cid:a@h.example>"},
    {"Geolocation-Error", "100"},
    {"Accept", "application/sdp"},
    {"Accept-Encoding", "gzip"},
    {"Accept-Language", "en"},
    {"Accept-Contact", "*;audio"},
    {"Reject-Contact", "*;video"},
    {"Answer-Mode", "Auto"},
    {"Priv-Answer-Mode", "Manual"},
    {"Content-Type", "multipart/mixed;boundary=b"},
    {"Content-Disposition", "session;handling=optional"},
    {"Event", "presence"},
    {"Subscription-State", "active;expires=60"},
    {"Session-Expires", "1800;refresher=uac"},
    {"Min-SE", "90"},
    {"Retry-After", "60 (busy)"},
    {"Refer-Sub", "false"},
    {"Info-Package", "foo"},
    {"Recv-Info", "foo"},
    {"Replaces", "a@h;to-tag=1;from-tag=2"},
    {"Join", "a@h;to-tag=1;from-tag=2"},
    {"Target-Dialog", "a@h;local-tag=1;remote-tag=2"},
    {"Reason", "Q.850;cause=16"},
    {"Security-Client", "tls"},
    {"Security-Server", "tls"},
    {"Security-Verify", "ipsec-3gpp;q=0.1"},
    {"Identity", "a.b.c;info=<https://h.example/c>"},
    {"P-Access-Network-Info", "3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=1"},
    {"P-Visited-Network-ID", "other.example"},
    {"P-Charging-Vector", "icid-value=1"},
    {"User-to-User", "00;encoding=hex"},
    {"Session-ID", "ab30317f1a784dc48ff824d0d3715d86"},
};

struct Odd {
  std::string_view value;
  Forgiveness kind;
};

constexpr Odd odd_values[] = {
    {"z9hG4bKQ+ta2mJ+C+VV/L50aPO1lFJnrag=", Forgiveness::loose_value},
    {"ab==", Forgiveness::loose_value},
    {"=", Forgiveness::loose_value},
    {"a/b", Forgiveness::loose_value},
    {"a@b.example", Forgiveness::loose_value},
    {"a:b", Forgiveness::loose_value},
    {"urn:uuid:1", Forgiveness::loose_value},
    {"application/rlmi+xml", Forgiveness::loose_value},
    {"----=_Part_1", Forgiveness::loose_value},
    {"{a}|b\\c^[d]?&$#", Forgiveness::loose_value},
    {"\xd0\x91", Forgiveness::loose_value},
    {"[::g]", Forgiveness::loose_value},
    {"", Forgiveness::empty_parameter},
};

HeaderVerdict verdict(std::string_view name, std::string_view value) {
  return verdict_of({header_id_from(name), name, value});
}

class OddValues : public ::testing::Test {
 protected:
  // What comes of one header field's value with `added` behind it.
  HeaderVerdict read(const Sample& sample, std::string_view added) {
    return verdict(sample.name, edge_.hold(std::string(sample.value) + std::string(added)));
  }
  testing::EdgeText edge_{0, 4096};
};

TEST_F(OddValues, samples_are_good_as_they_are) {
  for (const Sample& sample : samples) {
    const HeaderVerdict read_well = read(sample, ";x=1;y=\"a;b\";z=[::1]");
    EXPECT_EQ(to_string(read_well.error.code), to_string(ParseErrorCode::none)) << sample.name;
    EXPECT_TRUE(read_well.forgiven.empty())
        << sample.name << " " << to_string(read_well.forgiven.first());
  }
}

TEST_F(OddValues, of_any_parameter_are_taken_and_noted_in_every_header_field) {
  for (const Sample& sample : samples)
    for (const Odd& odd : odd_values)
      for (const std::string_view before : {";x=", " ; x = ", ";a=1;x="})
        for (const std::string_view behind : {"", ";y=2", " ; y"}) {
          const std::string added =
              std::string(before) + std::string(odd.value) + std::string(behind);
          const HeaderVerdict found = read(sample, added);
          EXPECT_EQ(to_string(found.error.code), to_string(ParseErrorCode::none))
              << sample.name << ": " << sample.value << added;
          EXPECT_TRUE(found.forgiven.has(odd.kind)) << sample.name << ": " << added;
          EXPECT_FALSE(found.forgiven.has(Forgiveness::unread_value))
              << sample.name << ": " << added;
        }
}

TEST_F(OddValues, semicolons_too_many_are_noted_in_every_header_field) {
  for (const Sample& sample : samples)
    for (const std::string_view added : {";", " ; ", ";;", ";;x", "; ;x=1", ";x;"}) {
      const HeaderVerdict found = read(sample, added);
      EXPECT_EQ(to_string(found.error.code), to_string(ParseErrorCode::none))
          << sample.name << ": " << added;
      EXPECT_TRUE(found.forgiven.has(Forgiveness::empty_parameter)) << sample.name << ": " << added;
    }
}

TEST_F(OddValues, that_may_end_something_are_refused) {
  for (const Sample& sample : samples)
    for (const std::string_view added :
         {";x=a\"b", ";x=a<b", ";x=a b", ";x=\"a", ";x=a\x01", ";x=>"}) {
      const HeaderVerdict found = read(sample, added);
      EXPECT_TRUE(found.error.code != ParseErrorCode::none ||
                  found.forgiven.has(Forgiveness::unread_value))
          << sample.name << ": " << added;
    }
}

TEST_F(OddValues, are_found_again_octet_for_octet) {
  for (const Odd& odd : odd_values) {
    const std::string text = ";a=1;x=" + std::string(odd.value) + ";y=2";
    EXPECT_EQ(parameter(text, "x"), odd.value);
    EXPECT_EQ(parameter(text, "y"), "2");
  }
  EXPECT_EQ(parameter(";;a=1;", "a"), "1");
}

TEST_F(OddValues, of_branch_and_tag_are_the_identifiers) {
  for (const std::string_view value :
       {"z9hG4bKab==", "z9hG4bKa/b", "z9hG4bKa@b", "z9hG4bKa:b", "\"z9hG4bKa b\""}) {
    const std::string via = "SIP/2.0/UDP h.example;branch=" + std::string(value) + ";rport";
    const Parsed<Via> read_via = parse_via(edge_.hold(via));
    ASSERT_TRUE(read_via) << via;
    EXPECT_EQ(read_via->branch, value);
    EXPECT_TRUE(read_via->has_rport);
    EXPECT_FALSE(strictly(read_via));
    const std::string from = "<sip:a@h.example>;tag=" + std::string(value);
    const Parsed<Address> read_from = parse_address(edge_.hold(from));
    ASSERT_TRUE(read_from) << from;
    EXPECT_EQ(read_from->tag, value);
    EXPECT_FALSE(strictly(read_from));
  }
}

TEST_F(OddValues, of_rport_received_and_maddr_are_passed_over) {
  for (const auto* odd : {";rport=70000", ";rport=0", ";rport=\"1\"", ";received=nowhere.example",
                          ";received=fe80::1%eth0", ";maddr=[1]"}) {
    const Parsed<Via> via = parse_via(edge_.hold("SIP/2.0/UDP h.example" + std::string(odd)));
    ASSERT_TRUE(via) << odd;
    EXPECT_TRUE(via->forgiven.has(Forgiveness::malformed_parameter)) << odd;
    EXPECT_EQ(via->rport, 0U);
    EXPECT_EQ(via->maddr, "");
  }
}

// An address has no octets but those of one, and is seen by who uses it; what the grammar has not
// is noted.
TEST_F(OddValues, of_received_are_noted_whatever_is_missing) {
  const auto forgiven_in = [&](std::string_view parameters) {
    const auto via = parse_via(edge_.hold("SIP/2.0/UDP h.example" + std::string(parameters)));
    EXPECT_TRUE(via && via->has_rport) << parameters;
    return via ? via->forgiven : Forgiven{};
  };
  EXPECT_TRUE(forgiven_in(";received=;rport").has(Forgiveness::empty_parameter));
  EXPECT_TRUE(forgiven_in(";received;rport").has(Forgiveness::malformed_parameter));
  EXPECT_TRUE(forgiven_in(";received=192.0.2.1:5060;rport").has(Forgiveness::loose_value));
  EXPECT_TRUE(forgiven_in(";received=2001:db8::1;rport").empty());
}

TEST_F(OddValues, of_branch_and_tag_that_are_empty_or_come_twice_are_refused) {
  for (const auto* via : {";branch=", ";branch", ";branch=\"\"", ";branch=a;branch=\"b\"",
                          ";rport=0;rport=1", ";received=a;received=b"})
    EXPECT_FALSE(parse_via(edge_.hold("SIP/2.0/UDP h.example" + std::string(via)))) << via;
  for (const auto* tag : {";tag=", ";tag", ";tag=\"\"", ";tag=a/b;tag=c", ";tag=\"a\";tag=\"b\""})
    EXPECT_FALSE(parse_address(edge_.hold("<sip:a@h.example>" + std::string(tag)))) << tag;
}

}  // namespace
}  // namespace sipring
