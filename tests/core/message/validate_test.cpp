// SPDX-License-Identifier: MIT
#include <sipring/core/message/validate.h>

#include <sipring/core/message/header/registry.h>
#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <array>
#include <memory_resource>
#include <string>
#include <vector>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

const std::string good = test::sip(R"(
OPTIONS sip:bob@192.0.2.9 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1
Max-Forwards: 70
From: Alice <sip:alice@example.com>;tag=a1
To: Bob <sip:bob@example.com>
Call-ID: c1@192.0.2.1
CSeq: 7 OPTIONS
Contact: <sip:alice@192.0.2.1:5062>
Content-Length: 0

)");

std::string changed(std::string_view from, std::string_view to) {
  std::string text = good;
  return text.replace(text.find(from), from.size(), to);
}

class Validate : public ::testing::Test {
 protected:
  std::vector<Finding> findings_in(std::string_view text) {
    EXPECT_TRUE(parse(edge_.hold(text), message_)) << text;
    std::array<Finding, 16> found;
    const std::size_t count = validate(message_, found);
    return {found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count)};
  }
  Finding only_finding_in(std::string_view text) {
    const std::vector<Finding> found = findings_in(text);
    EXPECT_EQ(found.size(), 1U) << text;
    return found.empty() ? Finding{} : found.front();
  }

  testing::EdgeText edge_{readable_padding};
  Message message_{128, *std::pmr::new_delete_resource()};
};

struct Mistake {
  std::string_view from, to;
  HeaderId header;
  ParseErrorCode code;
  std::uint32_t offset;
  Forgiveness forgiven = Forgiveness::count;
};

TEST_F(Validate, finds_nothing_in_a_good_message) {
  EXPECT_TRUE(findings_in(good).empty());
}

TEST_F(Validate, finds_each_mistake_where_it_is) {
  using enum HeaderId;
  constexpr Mistake mistakes[] = {
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:alice@192.0.2.1:0>", contact,
       ParseErrorCode::port, 20, Forgiveness::missing_port},
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:alice@192.0.2.1:65536>", contact,
       ParseErrorCode::port, 21},
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:alice@192..2.1>", contact,
       ParseErrorCode::host, 11, Forgiveness::loose_host},
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:a>, <sip:b", contact,
       ParseErrorCode::address, 15},
      {"Contact: <sip:alice@192.0.2.1:5062>", "Contact: <sip:a>,", contact,
       ParseErrorCode::header_value, 7, Forgiveness::empty_element},
      {"Contact:", "Expires: soon\r\nContact:", expires, ParseErrorCode::number, 0},
      {"Contact:", "Subject: \xc3\r\nContact:", subject, ParseErrorCode::not_utf8, 0,
       Forgiveness::not_utf8},
      {"Contact:", "Subject: a\r\ns: b\r\nContact:", subject, ParseErrorCode::repeated_header, 0,
       Forgiveness::repeated_idle_header},
      {"Contact:", "User-Agent: FPBX-16(18)\r\nContact:", user_agent, ParseErrorCode::field_value,
       7, Forgiveness::unread_value},
      {"sip:bob@192.0.2.9", "sip:*06#@192.0.2.9", extension, ParseErrorCode::uri, 15,
       Forgiveness::unescaped_in_user},
      {"example.com>;tag=a1", "example.com>", from, ParseErrorCode::address, 0,
       Forgiveness::missing_from_tag},
      {"Bob <sip", "<sip:a>, Bob <sip", to, ParseErrorCode::repeated_header, 7},
      {"Max-Forwards: 70\r\n", "", max_forwards, ParseErrorCode::missing_header, 0,
       Forgiveness::missing_max_forwards},
      {"Max-Forwards: 70", "Max-Forwards: 300", max_forwards, ParseErrorCode::number, 0},
      {"branch=z9hG4bK1", "branch=z9hG4bK", via, ParseErrorCode::via, 0,
       Forgiveness::missing_branch},
      {"192.0.2.1:5062;branch", "a_b;branch", via, ParseErrorCode::host, 13,
       Forgiveness::underscore_in_host},
      {"7 OPTIONS", "7 INVITE", cseq, ParseErrorCode::cseq, 2},
      {"sip:bob@192.0.2.9", "sip:bob@192.0.2.9?To=x", extension, ParseErrorCode::request_uri, 8,
       Forgiveness::headers_in_request_uri},
      {"sip:bob@192.0.2.9", "sip:2001:db8::9", extension, ParseErrorCode::port, 17},
  };
  for (const Mistake& mistake : mistakes) {
    const Finding found = only_finding_in(changed(mistake.from, mistake.to));
    EXPECT_EQ(found.header, mistake.header) << mistake.to;
    EXPECT_EQ(to_string(found.error.code), to_string(mistake.code)) << mistake.to;
    EXPECT_EQ(found.error.offset, mistake.offset) << mistake.to;
    EXPECT_EQ(to_string(found.forgiven), to_string(mistake.forgiven)) << mistake.to;
  }
}

// Of this start line and CSeq, with what all have and these lines beside.
std::string message_of(std::string_view start_line, std::string_view method,
                       std::string_view lines = "") {
  const std::string tag = start_line.starts_with("SIP/") ? ";tag=b1" : "";
  return test::sip(std::string(start_line) +
                   "\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\nMax-Forwards: 70\n"
                   "From: <sip:a@h>;tag=a1\nTo: <sip:b@h>" +
                   tag + "\nCall-ID: c1\nCSeq: 1 " + std::string(method) + "\n" +
                   std::string(lines) + "Content-Length: 0\n\n");
}

struct Absence {
  std::string_view start_line, method, lines;
  HeaderId header;
  bool forgiven = true;
};

TEST_F(Validate, finds_what_a_method_or_a_status_must_have) {
  using enum HeaderId;
  const Absence absences[] = {
      {"INVITE sip:b@h SIP/2.0", "INVITE", "", contact, false},
      {"UPDATE sip:b@h SIP/2.0", "UPDATE", "", contact},
      {"REFER sip:b@h SIP/2.0", "REFER", "Contact: <sip:a>\n", refer_to, false},
      {"REFER sip:b@h SIP/2.0", "REFER", "r: <sip:a>\n", contact},
      {"SUBSCRIBE sip:b@h SIP/2.0", "SUBSCRIBE", "m: <sip:a>\n", event, false},
      {"SUBSCRIBE sip:b@h SIP/2.0", "SUBSCRIBE", "o: dialog\n", contact},
      {"NOTIFY sip:b@h SIP/2.0", "NOTIFY", "m: <sip:a>\no: dialog\n", subscription_state},
      {"NOTIFY sip:b@h SIP/2.0", "NOTIFY", "m: <sip:a>\nSubscription-State: active\n", event,
       false},
      {"PUBLISH sip:b@h SIP/2.0", "PUBLISH", "", event, false},
      {"PRACK sip:b@h SIP/2.0", "PRACK", "", rack, false},
      {"SIP/2.0 200 OK", "INVITE", "", contact, false},
      {"SIP/2.0 200 OK", "UPDATE", "", contact},
      {"SIP/2.0 202 Accepted", "SUBSCRIBE", "m: <sip:a>\n", expires},
      {"SIP/2.0 200 OK", "PUBLISH", "Expires: 1\n", sip_etag},
      {"SIP/2.0 401 Unauthorized", "REGISTER", "", www_authenticate, false},
      {"SIP/2.0 407 Proxy Authentication Required", "INVITE", "", proxy_authenticate, false},
      {"SIP/2.0 405 Method Not Allowed", "INVITE", "", allow},
      {"SIP/2.0 420 Bad Extension", "INVITE", "", unsupported},
      {"SIP/2.0 421 Extension Required", "INVITE", "", require},
      {"SIP/2.0 422 Session Interval Too Small", "INVITE", "", min_se},
      {"SIP/2.0 423 Interval Too Brief", "REGISTER", "", min_expires},
      {"SIP/2.0 424 Bad Location Information", "INVITE", "", geolocation_error},
      {"SIP/2.0 469 Bad Info Package", "INFO", "", recv_info},
      {"SIP/2.0 489 Bad Event", "SUBSCRIBE", "", allow_events},
      {"SIP/2.0 494 Security Agreement Required", "REGISTER", "", security_server},
  };
  for (const Absence& absence : absences) {
    const Finding found =
        only_finding_in(message_of(absence.start_line, absence.method, absence.lines));
    EXPECT_EQ(to_string(found.header), to_string(absence.header)) << absence.start_line;
    EXPECT_EQ(found.error.code, ParseErrorCode::missing_header) << absence.start_line;
    EXPECT_EQ(found.is_forgiven(), absence.forgiven) << absence.start_line;
    EXPECT_EQ(found.refusal().reason(),
              "Missing " + std::string(to_string(absence.header)) + " Header Field");
  }
}

TEST_F(Validate, asks_for_nothing_where_nothing_must_be) {
  for (const auto& [start_line, method, lines] :
       {std::array<std::string_view, 3>{"BYE sip:b@h SIP/2.0", "BYE", ""},
        {"ACK sip:b@h SIP/2.0", "ACK", ""},
        {"INFO sip:b@h SIP/2.0", "INFO", ""},
        {"MESSAGE sip:b@h SIP/2.0", "MESSAGE", ""},
        {"FOO sip:b@h SIP/2.0", "FOO", ""},
        {"REGISTER sip:b@h SIP/2.0", "REGISTER", ""},
        {"SIP/2.0 200 OK", "BYE", ""},
        {"SIP/2.0 180 Ringing", "INVITE", ""},
        {"SIP/2.0 486 Busy Here", "INVITE", ""},
        {"SIP/2.0 401 Unauthorized", "INVITE",
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\n"},
        {"SIP/2.0 200 OK", "INVITE", "Contact: <sip:b>\n"}})
    EXPECT_TRUE(findings_in(message_of(start_line, method, lines)).empty()) << start_line;
}

TEST_F(Validate, finds_a_response_without_a_To_tag_unless_it_is_a_100) {
  const std::string ok = message_of("SIP/2.0 200 OK", "BYE");
  const auto without_tag = [&](std::string_view status) {
    return test::replaced(test::replaced(ok, ";tag=b1", ""), "200 OK", status);
  };
  const Finding found = only_finding_in(without_tag("200 OK"));
  EXPECT_EQ(found.header, HeaderId::to);
  EXPECT_EQ(found.forgiven, Forgiveness::missing_to_tag);
  EXPECT_EQ(only_finding_in(without_tag("180 Ringing")).header, HeaderId::to);
  EXPECT_TRUE(findings_in(without_tag("100 Trying")).empty());
  EXPECT_TRUE(findings_in(test::replaced(without_tag("200 OK"), "1 BYE", "1 CANCEL")).empty());
}

TEST_F(Validate, finds_a_body_without_its_type) {
  const std::string with_body =
      test::replaced(good, "Content-Length: 0\r\n\r\n", "Content-Length: 3\r\n\r\nv=0");
  const Finding found = only_finding_in(with_body);
  EXPECT_EQ(found.header, HeaderId::content_type);
  EXPECT_EQ(found.error.code, ParseErrorCode::missing_header);
  EXPECT_FALSE(found.is_forgiven()) << "nobody knows what it is: a callee answers 400";
  EXPECT_TRUE(
      findings_in(test::replaced(with_body, "Contact:", "c: text/plain\r\nContact:")).empty());
  const std::string endless = test::replaced(good, "Content-Length: 0\r\n", "");
  EXPECT_TRUE(findings_in(endless + "\r\n\r\n").empty()) << "line endings too many";
  EXPECT_EQ(only_finding_in(endless + "v=0").header, HeaderId::content_type);
}

constexpr std::array<std::string_view, 2> once[] = {
    {"Answer-Mode", "Manual"},
    {"Content-Disposition", "session"},
    {"Content-ID", "<1@h>"},
    {"Event", "dialog"},
    {"Expires", "60"},
    {"Flow-Timer", "60"},
    {"Join", "c;to-tag=1;from-tag=2"},
    {"Max-Breadth", "60"},
    {"Min-Expires", "60"},
    {"Min-SE", "90"},
    {"P-Called-Party-ID", "<sip:a@h>"},
    {"P-Charging-Vector", "icid-value=1"},
    {"Privacy", "id"},
    {"RAck", "1 1 INVITE"},
    {"Refer-Sub", "false"},
    {"Refer-To", "<sip:a@h>"},
    {"Referred-By", "<sip:a@h>"},
    {"Replaces", "c;to-tag=1;from-tag=2"},
    {"Reply-To", "<sip:a@h>"},
    {"Retry-After", "60"},
    {"RSeq", "1"},
    {"Session-Expires", "1800"},
    {"Session-ID", "f81d4fae7dec11d0a76500a0c91e6bf6"},
    {"SIP-ETag", "a"},
    {"SIP-If-Match", "a"},
    {"Subscription-State", "active"},
    {"Suppress-If-Match", "*"},
    {"Target-Dialog", "c;remote-tag=1;local-tag=2"},
};

TEST_F(Validate, finds_twice_what_may_stand_once) {
  for (const auto& [name, value] : once) {
    const std::string line = std::string(name) + ": " + std::string(value) + "\r\n";
    EXPECT_TRUE(findings_in(changed("Contact:", line + "Contact:")).empty()) << name;
    const Finding found = only_finding_in(changed("Contact:", line + line + line + "Contact:"));
    EXPECT_EQ(to_string(found.header), name);
    EXPECT_EQ(found.index, 7U) << name;
    EXPECT_EQ(found.error.code, ParseErrorCode::repeated_header) << name;
    EXPECT_FALSE(found.is_forgiven()) << name;
  }
}

TEST_F(Validate, lets_stand_twice_what_is_a_list_or_has_a_line_each) {
  for (const std::string_view line :
       {"Allow: BYE", "Supported: timer", "Reason: SIP;cause=200", "Route: <sip:a;lr>",
        "Record-Route: <sip:a;lr>", "P-Asserted-Identity: <sip:a@h>", "Warning: 399 h \"x\"",
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"", "Authorization: Bearer abc",
        "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\"", "Proxy-Authorization: Bearer abc",
        "Subject-Of-Ours: x"}) {
    const std::string twice = std::string(line) + "\r\n" + std::string(line) + "\r\nContact:";
    EXPECT_TRUE(findings_in(changed("Contact:", twice)).empty()) << line;
  }
}

TEST_F(Validate, lets_the_wildcard_stand_alone_in_a_REGISTER_only) {
  const std::string registers = message_of("REGISTER sip:h SIP/2.0", "REGISTER", "Contact: *\n");
  const Finding timeless = only_finding_in(registers);
  EXPECT_EQ(timeless.header, HeaderId::expires);
  EXPECT_EQ(timeless.error.code, ParseErrorCode::missing_header);
  const auto with = [&](std::string_view lines) {
    return test::replaced(registers, "Contact: *\r\n", test::sip(lines));
  };
  EXPECT_TRUE(findings_in(with("Expires: 0\nm: *\n")).empty());
  EXPECT_EQ(only_finding_in(with("Expires: 60\nm: *\n")).error.code, ParseErrorCode::number);
  for (const std::string_view both :
       {"Expires: 0\nContact: *\nContact: <sip:a@h>\n", "Expires: 0\nContact: <sip:a@h>\nm: *\n",
        "Expires: 0\nContact: *\nContact: *\n"}) {
    const Finding found = only_finding_in(with(both));
    EXPECT_EQ(found.header, HeaderId::contact) << both;
    EXPECT_EQ(found.error.code, ParseErrorCode::repeated_header) << both;
    EXPECT_EQ(found.index, 8U) << both;
  }
  const Finding elsewhere =
      only_finding_in(message_of("INVITE sip:b@h SIP/2.0", "INVITE", "Contact: *\n"));
  EXPECT_EQ(elsewhere.header, HeaderId::contact);
  EXPECT_FALSE(elsewhere.is_forgiven());
}

TEST_F(Validate, finds_more_Contacts_than_a_dialog_has) {
  for (const auto& [start_line, method] :
       {std::array<std::string_view, 2>{"INVITE sip:b@h SIP/2.0", "INVITE"},
        {"SIP/2.0 200 OK", "INVITE"}})
    for (const std::string_view two :
         {"Contact: <sip:a>\nContact: <sip:b>\n", "Contact: <sip:a>, <sip:b>\n"})
      EXPECT_EQ(only_finding_in(message_of(start_line, method, two)).forgiven,
                Forgiveness::surplus_contact)
          << start_line << two;
  EXPECT_TRUE(
      findings_in(message_of("SIP/2.0 302 Moved", "INVITE", "Contact: <sip:a>\nContact: <sip:b>\n"))
          .empty());
}

TEST_F(Validate, counts_what_does_not_fit) {
  EXPECT_TRUE(parse(edge_.hold("OPTIONS sip:a SIP/2.0\r\nX-Own: y\r\n\r\n"), message_));
  std::array<Finding, 2> found;
  EXPECT_EQ(validate(message_, found), 6U) << "five mandatory header fields, Max-Forwards";
  EXPECT_EQ(found[1].header, HeaderId::from);
  EXPECT_EQ(found[1].refusal().reason(), "Missing From Header Field");
}

TEST_F(Validate, leaves_the_values_of_extensions_alone) {
  EXPECT_TRUE(findings_in(changed("Contact:", "X-Any: \xff\r\nContact:")).empty());
}

TEST_F(Validate, a_broken_header_field_spoils_no_other) {
  (void)findings_in(changed("Contact: <sip", "Contact: <sip:a b"));
  EXPECT_EQ(message_.first(HeaderId::call_id), "c1@192.0.2.1");
  EXPECT_EQ(message_.header_count(), 8U);
}

TEST(HeaderRegistry, knows_every_header_field_that_the_envelope_reads) {
  for (const HeaderId id : {HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::call_id,
                            HeaderId::cseq, HeaderId::max_forwards, HeaderId::content_length}) {
    ASSERT_NE(header_check(id), nullptr) << to_string(id);
    EXPECT_NE(header_check(id)("").error.code, ParseErrorCode::none) << to_string(id);
  }
  EXPECT_EQ(header_check(HeaderId::extension), nullptr);
  EXPECT_EQ(header_check(HeaderId::contact)("*").error.code, ParseErrorCode::none);
}

}  // namespace
}  // namespace sipring
