// The accelerated readers of URIs and addresses say what the plain grammar says: of ordinary and
// odd values, of all their prefixes, with any octet replaced, and of pieces in any order.
// SPDX-License-Identifier: MIT
#include "tests/core/message/value_agreement.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/core/message/texts.h"

namespace sipring::testing {
namespace {

constexpr std::string_view uris[] = {
    "sip:h",
    "SIP:bob@biloxi.com",
    "sips:bob@biloxi.com:5061",
    "sip:+441632960123@198.51.100.20:5060;user=phone;transport=udp",
    "sip:203.0.113.10;lr;ftag=gK0c7d21fa;did=5a1.f0e2",
    "sip:alice:secret@atlanta.com",
    "sip:a;b=c@h;d=e?f=g",
    "sip:a%20b@[2001:db8::9]:5060;maddr=[::1]",
    "sip:a_b@h-1.example.net:05060",
    "tel:+14155550100;phone-context=example.com",
    "tel:112",
    "sip:*06#%@[fe80::1%eth0]:0;x=\"a b\";y?a=\"b\"&c",
    "sip:\xd0\xb1@h:;lr",
};

constexpr std::string_view addresses[] = {
    "<sip:h>",
    "Bob <sip:bob@biloxi.com>",
    "Bob<sip:bob@biloxi.com:5062;lr>;tag=a6c85cf;x=\"y\",<sip:b>",
    "\"Alice Example\" <sip:+14155550100@carrier.example.net;user=phone>;tag=gK0c7d21fa",
    "\"a \\\" b\"  <sip:a@b> ; tag = 1 ;q=0.5",
    "Al B. <sip:a@b>;expires=3600,<sip:c@d>",
    "sip:a@b;tag=1",
    "<sip:a@b?c=d>;tag=1;tag=2",
    "<sip:a@b>;x=a/b==;;tag=\"1\";y=",
    "<sip:a@b;x=\"c d\"?e=\"f>\">;tag=a@b=, <sip:\xd0\xb1@b>",
};

constexpr std::string_view value_octets{"\0\x01\x1a\t\n\r !\"%&,./0:;<=>?@AZ[\\]_az{\x7f\x80\xff",
                                        34};

class ValueAgreement : public ::testing::Test {
 protected:
  using Disagreement = std::string_view (*)(std::string_view);

  bool agree(Disagreement disagreement, std::string_view text) {
    const std::string_view found = disagreement(edge_.hold(text));
    if (!found.empty()) ADD_FAILURE() << found << " of " << text;
    return found.empty();
  }
  // Every prefix, and every octet replaced by every telling one.
  bool agree_around(Disagreement disagreement, std::string_view text) {
    for (std::size_t size = 0; size <= text.size(); ++size)
      if (!agree(disagreement, text.substr(0, size))) return false;
    std::string changed{text};
    for (char& octet : changed) {
      const char original = octet;
      for (const char other : value_octets) {
        octet = other;
        if (!agree(disagreement, changed)) return false;
      }
      octet = original;
    }
    return true;
  }
  template <std::size_t count>
  void agree_on_arrangements(Disagreement disagreement, const std::string_view (&pieces)[count],
                             std::string_view beginning) {
    std::mt19937 random{1911};
    for (int round = 0; round < 40000; ++round) {
      std::string text{round % 2 == 0 ? beginning : ""};
      for (auto length = random() % 9; length > 0; --length) text += pieces[random() % count];
      if (!agree(disagreement, text)) return;
    }
  }

  EdgeText edge_{0, 4096};  // not an octet behind the text can be read
};

TEST_F(ValueAgreement, holds_around_uris) {
  EXPECT_TRUE(uri_disagreement({}).empty());  // a view of nothing
  for (const std::string_view uri : uris) ASSERT_TRUE(agree_around(uri_disagreement, uri));
}

TEST_F(ValueAgreement, holds_around_addresses) {
  EXPECT_TRUE(address_disagreement({}).empty());
  for (const std::string_view address : addresses)
    ASSERT_TRUE(agree_around(address_disagreement, address));
}

TEST_F(ValueAgreement, holds_on_random_arrangements_of_pieces) {
  constexpr std::string_view of_uris[] = {
      "a", "host.example", "@",     ":", "5060", ";", "lr",  "=", "x=y", "?",
      "&", "%41",          "[::1]", "_", "+",    "0", "sip:"};
  agree_on_arrangements(uri_disagreement, of_uris, "sip:");
  constexpr std::string_view of_addresses[] = {"<",     ">",       "sip:a@b", "sip:host:5060;lr",
                                               "\"",    " ",       ";",       "tag=",
                                               "tag=1", "x",       "=",       "\"q\"",
                                               ",",     "Bob",     "\t",      "\r\n ",
                                               "\\",    "<sip:a>", ";tag=2",  "\xc3\xa4"};
  agree_on_arrangements(address_disagreement, of_addresses, "<sip:a@b>");
}

}  // namespace
}  // namespace sipring::testing
