// RFC 3261 section 12: what makes a dialog, what is sent within it, what is taken.
// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/detail/effect.h>
#include <sipring/core/dialog/dialog.h>
#include <sipring/core/dialog/request.h>

#include <gmock/gmock.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "tests/core/message/parsed_message.h"
#include "tests/support/sip_text.h"

namespace sipring::test {
namespace {

using sipring::testing::ParsedMessage;

const std::string invite_text = R"(
INVITE sip:bob@192.0.2.4 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1
Record-Route: <sip:a.example.com;lr>, <sip:b.example.com;lr>
Record-Route: <sip:c.example.com;lr>
From: Alice <sip:alice@example.com>;tag=a1
To: Bob <sip:bob@example.com>
Call-ID: c1
CSeq: 7 INVITE
Contact: <sip:alice@192.0.2.1:5062>
Content-Length: 0

)";

const std::string ok_text = R"(
SIP/2.0 200 OK
Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK1
Record-Route: <sip:a.example.com;lr>, <sip:b.example.com;lr>
From: Alice <sip:alice@example.com>;tag=a1
To: Bob <sip:bob@example.com>;tag=b1
Call-ID: c1
CSeq: 7 INVITE
Contact: <sip:bob@192.0.2.4>
Content-Length: 0

)";

class DialogTest : public ::testing::Test {
 protected:
  std::expected<Dialog, DialogError> asked(std::string_view text) {
    message.emplace(text);
    EXPECT_TRUE(read_envelope(**message, envelope));
    return Dialog::from_request(buffers, **message, envelope, "ours", from);
  }
  std::expected<Dialog, DialogError> asking(std::string_view response) {
    const auto begun = Dialog::beginning(buffers,
                                         {.target = "sip:bob@example.com",
                                          .route = {},
                                          .local = "Alice <sip:alice@example.com>;tag=a1",
                                          .remote = "Bob <sip:bob@example.com>",
                                          .call_id = "c1",
                                          .extra = {},
                                          .cseq = 7},
                                         from);
    EXPECT_TRUE(begun);
    message.emplace(response);
    return begun->from_response(buffers, **message, "b1");
  }
  static std::string value_of(const Request& request, std::string_view name) {
    for (const HeaderLine& line : request.headers)
      if (line.name == name) return std::string(line.value);
    return "(none)";
  }

  BufferPool buffers{1 << 20, *std::pmr::new_delete_resource()};
  std::optional<ParsedMessage> message;
  Envelope envelope;
  Hop from{{*parse_ip_address("192.0.2.9"), 5060, Transport::udp}, {}};
};

TEST_F(DialogTest, of_the_one_who_is_asked_has_the_route_set_as_it_stands) {
  const auto dialog = asked(invite_text);
  ASSERT_TRUE(dialog);
  const DialogRequest bye(*dialog, "BYE", 1);
  const Request request = bye.request("192.0.2.4");
  EXPECT_EQ(request.request_uri, "sip:alice@192.0.2.1:5062");
  EXPECT_EQ(value_of(request, "Route"),
            "<sip:a.example.com;lr>, <sip:b.example.com;lr>, <sip:c.example.com;lr>");
  EXPECT_EQ(value_of(request, "From"), "Bob <sip:bob@example.com>;tag=ours");
  EXPECT_EQ(value_of(request, "To"), "Alice <sip:alice@example.com>;tag=a1");
  EXPECT_EQ(value_of(request, "Call-ID"), "c1");
  EXPECT_EQ(value_of(request, "CSeq"), "1 BYE");
  EXPECT_EQ(to_text(request.destination).view(), "192.0.2.9:5060") << "a route that is a name";
}

TEST_F(DialogTest, of_the_one_who_asks_has_the_route_set_in_reverse) {
  auto dialog = asking(ok_text);
  ASSERT_TRUE(dialog);
  const DialogRequest bye(*dialog, "BYE", dialog->next_cseq());
  const Request request = bye.request("192.0.2.9");
  EXPECT_EQ(value_of(request, "Route"), "<sip:b.example.com;lr>, <sip:a.example.com;lr>");
  EXPECT_EQ(value_of(request, "CSeq"), "8 BYE");
  EXPECT_EQ(value_of(request, "To"), "Bob <sip:bob@example.com>;tag=b1");
  EXPECT_EQ(dialog->remote_tag(), "b1");
}

TEST_F(DialogTest, is_made_of_the_response_alone) {
  const auto kept = asking(ok_text);
  EXPECT_TRUE(read_envelope(**message, envelope));
  auto dialog = Dialog::of_response(buffers, **message, envelope, from);
  ASSERT_TRUE(dialog && kept);
  for (const auto part : {DialogText::route, DialogText::target, DialogText::local,
                          DialogText::remote, DialogText::call_id}) {
    EXPECT_EQ(dialog->text(part), kept->text(part));
  }
  EXPECT_EQ(dialog->remote_tag(), "b1");
  EXPECT_EQ(dialog->next_cseq(), 8u);
  EXPECT_EQ(dialog->destination(), from.address) << "wherever the target is";
  message.emplace(replaced(ok_text, "Contact", "X-Contact"));
  EXPECT_EQ(Dialog::of_response(buffers, **message, envelope, from).error(),
            DialogError::missing_contact);
}

TEST_F(DialogTest, puts_a_strict_first_route_into_the_request_uri_and_the_target_last) {
  auto dialog = asking(replaced(ok_text, "<sip:b.example.com;lr>", "<sip:b.example.com;x=1?a=b>"));
  ASSERT_TRUE(dialog);
  const DialogRequest bye(*dialog, "BYE", 8);
  const Request request = bye.request("192.0.2.9");
  EXPECT_EQ(request.request_uri, "sip:b.example.com;x=1");
  EXPECT_EQ(value_of(request, "Route"), "<sip:a.example.com;lr>, <sip:bob@192.0.2.4>");
  message.emplace(replaced(ok_text, "sip:bob@192.0.2.4", "sip:bob@192.0.2.44"));
  ASSERT_TRUE(dialog->refresh_target(buffers, **message));
  const DialogRequest again(*dialog, "BYE", 8);
  EXPECT_EQ(value_of(again.request("192.0.2.9"), "Route"),
            "<sip:a.example.com;lr>, <sip:bob@192.0.2.44>");
}

TEST_F(DialogTest, with_one_strict_route_has_the_target_alone_in_route) {
  const std::string strict =
      replaced(ok_text, "Record-Route: <sip:a.example.com;lr>, <sip:b.example.com;lr>",
               "Record-Route: <sip:192.0.2.77>");
  const auto dialog = asking(strict);
  ASSERT_TRUE(dialog);
  const DialogRequest bye(*dialog, "BYE", 8);
  EXPECT_EQ(value_of(bye.request("x"), "Route"), "<sip:bob@192.0.2.4>");
  EXPECT_EQ(to_text(bye.request("x").destination).view(), "192.0.2.77:5060");
}

TEST_F(DialogTest, takes_the_route_set_of_the_2xx_and_never_another_one_later) {
  const auto early = asking(replaced(ok_text, "SIP/2.0 200 OK", "SIP/2.0 180 Ringing"));
  ASSERT_TRUE(early);
  message.emplace(replaced(ok_text, ", <sip:b.example.com;lr>", ""));
  auto confirmed = early->from_response(buffers, **message, "b1");
  ASSERT_TRUE(confirmed);
  EXPECT_EQ(confirmed->text(DialogText::route), "<sip:a.example.com;lr>");
  message.emplace(replaced(ok_text, "bob@192.0.2.4", "bob@192.0.2.5"));
  ASSERT_TRUE(confirmed->refresh_target(buffers, **message));
  EXPECT_EQ(confirmed->remote_target(), "sip:bob@192.0.2.5");
  EXPECT_EQ(confirmed->text(DialogText::route), "<sip:a.example.com;lr>");
}

TEST_F(DialogTest, is_made_by_101_to_299_with_a_tag_only) {
  EXPECT_FALSE(makes_dialog(180, ""));
  EXPECT_FALSE(makes_dialog(100, "b1"));
  EXPECT_TRUE(makes_dialog(183, "b1"));
  EXPECT_TRUE(makes_dialog(200, "b1"));
  EXPECT_FALSE(makes_dialog(300, "b1"));
}

TEST_F(DialogTest, of_a_response_without_contact_keeps_the_target_of_the_request) {
  const auto early = asking(replaced(replaced(ok_text, "SIP/2.0 200 OK", "SIP/2.0 180 Ringing"),
                                     "Contact: <sip:bob@192.0.2.4>\n", ""));
  ASSERT_TRUE(early);
  EXPECT_EQ(early->remote_target(), "sip:bob@example.com");
  const auto confirmed = asking(replaced(ok_text, "Contact: <sip:bob@192.0.2.4>\n", ""));
  ASSERT_TRUE(confirmed);
  EXPECT_EQ(confirmed->remote_target(), "sip:bob@example.com");
}

TEST_F(DialogTest, refuses_a_sequence_number_that_is_not_above_the_last_one) {
  auto dialog = asked(invite_text);
  ASSERT_TRUE(dialog);
  EXPECT_FALSE(dialog->take_cseq(6));
  EXPECT_FALSE(dialog->take_cseq(7));
  EXPECT_TRUE(dialog->take_cseq(1'007));
  EXPECT_EQ(dialog->remote_cseq(), 1'007u);
  EXPECT_FALSE(dialog->take_cseq(1'006));
}

TEST_F(DialogTest, of_the_one_who_asks_takes_any_first_number_of_the_other_side) {
  auto dialog = asking(ok_text);
  ASSERT_TRUE(dialog);
  EXPECT_EQ(dialog->remote_cseq(), std::nullopt);
  EXPECT_TRUE(dialog->take_cseq(0));
  EXPECT_FALSE(dialog->take_cseq(0));
}

TEST_F(DialogTest, knows_its_other_side_by_its_tag) {
  const auto dialog = asked(invite_text);
  ASSERT_TRUE(dialog);
  EXPECT_TRUE(dialog->is_from("a1"));
  EXPECT_FALSE(dialog->is_from("a2"));
  EXPECT_FALSE(dialog->is_from(""));
}

// D15.
TEST_F(DialogTest, with_a_peer_that_has_no_tag_takes_requests_without_one) {
  const auto dialog = asked(replaced(invite_text, ";tag=a1", ""));
  ASSERT_TRUE(dialog);
  EXPECT_TRUE(dialog->is_from(""));
  EXPECT_FALSE(dialog->is_from("a1"));
}

// D16.
TEST_F(DialogTest, is_secure_when_the_request_uri_or_the_topmost_record_route_is_sips) {
  EXPECT_FALSE(asked(invite_text)->is_secure());
  EXPECT_TRUE(asked(replaced(invite_text, "INVITE sip:", "INVITE sips:"))->is_secure());
  EXPECT_TRUE(asked(replaced(invite_text, "<sip:a.example", "<sips:a.example"))->is_secure());
}

TEST_F(DialogTest, is_not_made_from_a_contact_that_is_missing_or_no_sip_uri) {
  EXPECT_EQ(asked(replaced(invite_text, "Contact: <sip:alice@192.0.2.1:5062>\n", "")).error(),
            DialogError::missing_contact);
  EXPECT_EQ(asked(replaced(invite_text, "<sip:alice@192.0.2.1:5062>", "<tel:+1555>")).error(),
            DialogError::missing_contact);
}

TEST_F(DialogTest, is_not_made_when_the_memory_is_used_up_and_leaves_nothing) {
  for (std::uint64_t nth = 1;; ++nth) {
    buffers.fail_nth_acquire(nth);
    const auto dialog = asked(invite_text);
    if (dialog) break;
    EXPECT_EQ(dialog.error(), DialogError::no_room);
    EXPECT_EQ(buffers.size(), 0u);
  }
  buffers.fail_nth_acquire(0);
}

TEST_F(DialogTest, writes_folded_values_as_one_line) {
  const auto dialog = asked(
      replaced(invite_text, "Alice <sip:alice@example.com>", "Alice\n <sip:alice@example.com>"));
  ASSERT_TRUE(dialog);
  EXPECT_EQ(dialog->text(DialogText::remote), "Alice   <sip:alice@example.com>;tag=a1");
}

// The table, read a second time from sections 12.3, 13.2.2.4 and 15.
TEST(DialogMachine, moves_as_sections_12_and_15_say) {
  using enum DialogState;
  struct Claim {
    DialogState state;
    DialogEvent event;
    DialogState to;
    DialogAction action = DialogAction::none;
  };
  constexpr Claim claims[] = {
      {early, DialogEvent::success, confirmed},
      {early, DialogEvent::failure, ended},
      {early, DialogEvent::bye_sent, ending},
      {early, DialogEvent::bye_received, ended, DialogAction::answer_bye},
      {early, DialogEvent::gone, ended},
      {confirmed, DialogEvent::bye_sent, ending},
      {confirmed, DialogEvent::bye_received, ended, DialogAction::answer_bye},
      {confirmed, DialogEvent::gone, ended},
      {ending, DialogEvent::bye_answered, ended},
      {ending, DialogEvent::bye_received, ending, DialogAction::answer_bye},
      {ending, DialogEvent::gone, ended},
  };
  for (std::size_t s = 0; s < enumerators<DialogState>; ++s) {
    for (std::size_t e = 0; e < enumerators<DialogEvent>; ++e) {
      const auto state = static_cast<DialogState>(s);
      const auto event = static_cast<DialogEvent>(e);
      const auto& transition = dialog::machine.on(state, event);
      const auto* const claim = std::ranges::find_if(
          claims, [&](const Claim& c) { return c.state == state && c.event == event; });
      ASSERT_EQ(transition.exists, claim != std::end(claims))
          << to_string(state) << " on " << to_string(event);
      if (!transition.exists) continue;
      EXPECT_EQ(transition.to, claim->to) << to_string(state) << " on " << to_string(event);
      EXPECT_EQ(transition.actions[0], claim->action);
    }
  }
}

// RFC 5057, table 2.
TEST(Effect, of_each_failure_is_that_of_rfc_5057) {
  const auto statuses_with = [](Effect effect, bool integral) {
    std::vector<int> statuses;
    for (std::uint16_t status = 300; status < 700; ++status)
      if (effect_of(status, integral) == effect) statuses.push_back(status);
    return statuses;
  };
  EXPECT_THAT(statuses_with(Effect::dialog, true),
              ::testing::ElementsAre(404, 410, 416, 482, 483, 484, 485, 502, 604));
  EXPECT_THAT(statuses_with(Effect::usage, true),
              ::testing::ElementsAre(405, 408, 480, 481, 489, 501));
  EXPECT_THAT(statuses_with(Effect::usage, false), ::testing::ElementsAre(408, 481))
      << "an INFO that is not known ends nothing";
}

}  // namespace
}  // namespace sipring::test
