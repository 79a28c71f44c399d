// SPDX-License-Identifier: MIT
#include <sipring/core/message/unframed.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring {
namespace {

std::string request_with(std::string_view line) {
  return "OPTIONS sip:a@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKi\r\n" +
         std::string(line) + "\r\nContent-Length: 0\r\n\r\n";
}

std::optional<std::string_view> call_id_of(std::string_view message) {
  return find_unframed(message, HeaderId::call_id);
}

TEST(Unframed, finds_the_call_id_however_it_is_spelled) {
  for (const char* line : {"Call-ID: 7@host", "i: 7@host", "I:7@host", "CALL-ID \t:  7@host  ",
                           "call-id:7@host\t", "Call-ID:\r\n 7@host", "i\t:\r\n\t 7@host"}) {
    EXPECT_EQ(call_id_of(request_with(line)), "7@host") << line;
  }
}

TEST(Unframed, takes_no_other_header_for_a_call_id) {
  for (const char* line : {"Call-Info: 7@host", "Contact: i: 7", "Identity: 7", "Call-IDs: 7",
                           "In-Reply-To: 7@host", "Subject: x\r\n Call-ID: 7"}) {
    EXPECT_EQ(call_id_of(request_with(line)), std::nullopt) << line;
  }
}

TEST(Unframed, does_not_look_into_the_body) {
  EXPECT_EQ(call_id_of("OPTIONS sip:a SIP/2.0\r\nTo: a\r\n\r\ni: 7\r\n"), std::nullopt);
}

TEST(Unframed, skips_empty_lines_before_the_start_line) {
  EXPECT_EQ(call_id_of("\r\n\r\n" + request_with("i: 7")), "7");
}

TEST(Unframed, ends_well_on_any_prefix) {
  const std::string whole = request_with("Call-ID:\r\n 7@host");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string prefix =
        whole.substr(0, size);  // its own memory, so a sanitizer sees the end
    const auto found = call_id_of(prefix);
    if (found) {
      EXPECT_TRUE(std::string_view("7@host").starts_with(*found)) << size;
    }
  }
  EXPECT_EQ(call_id_of("\r\n\r\n"), std::nullopt);
  EXPECT_EQ(call_id_of(std::string(1'000, 'i')), std::nullopt);
}

TEST(Unframed, finds_names_with_and_without_a_compact_form) {
  const std::string message = "OPTIONS sip:a SIP/2.0\r\nL : 12\r\nCSeq:\t7 OPTIONS\r\n\r\n";
  EXPECT_EQ(find_unframed(message, HeaderId::content_length), "12");
  EXPECT_EQ(find_unframed(message, HeaderId::cseq), "7");
  EXPECT_EQ(find_unframed(message, HeaderId::expires), std::nullopt);
}

TEST(Unframed, value_is_the_whole_field_as_it_stands) {
  const auto to_of = [](std::string_view message) {
    return find_unframed_values(message, HeaderId::to, HeaderId::cseq)[0];
  };
  EXPECT_EQ(to_of("OPTIONS sip:a SIP/2.0\r\nT: \"B\" <sip:b>\r\n ;tag=1 \r\nCSeq: 1 A\r\n"),
            " \"B\" <sip:b>\r\n ;tag=1 ");
  EXPECT_EQ(to_of("OPTIONS sip:a SIP/2.0\nTo :x\n\ny"), "x");
  EXPECT_EQ(to_of("OPTIONS sip:a SIP/2.0\r\nTo:\r\n\r\n"), "");
  EXPECT_EQ(to_of("OPTIONS sip:a SIP/2.0\r\nTo: cut of"), " cut of");
  EXPECT_EQ(to_of("OPTIONS sip:a SIP/2.0\r\nTo:"), "");
  EXPECT_EQ(to_of("OPTIONS sip:a SIP/2.0\r\n\r\nTo: body\r\n"), std::nullopt);
}

TEST(Unframed, values_of_two_kinds_are_found_in_any_order_and_have_the_same_first_word) {
  for (const char* head : {"To: a\r\ni:\r\n 7 8\r\n", "i:\r\n 7 8\r\nTo: a\r\n"}) {
    const std::string message = "OPTIONS sip:a SIP/2.0\r\n" + std::string(head) + "\r\n";
    const auto [to, call_id] = find_unframed_values(message, HeaderId::to, HeaderId::call_id);
    EXPECT_EQ(to, " a");
    ASSERT_TRUE(call_id.has_value());
    EXPECT_EQ(first_word(*call_id), call_id_of(message));
  }
  const auto none = find_unframed_values("OPTIONS", HeaderId::to, HeaderId::call_id);
  EXPECT_FALSE(none[0] || none[1]);
}

}  // namespace
}  // namespace sipring
