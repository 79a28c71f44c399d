// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/registration.h>

#include "tests/core/outbound/read_message.h"

namespace sipring::test {
namespace {

constexpr std::string_view from_client = "Via: SIP/2.0/TCP 192.0.2.9;branch=z9hG4bKa\n";
constexpr std::string_view by_edge =
    "Via: SIP/2.0/TCP edge.example;branch=z9hG4bKb\nVia: SIP/2.0/TCP 192.0.2.9;branch=z9hG4bKa\n";
constexpr std::string_view flow_contact =
    "Contact: <sip:bob@192.0.2.9>;reg-id=1;+sip.instance=\"<urn:uuid:1>\"\n";

class Registration : public ReadMessage {
 protected:
  RegistrationVerdict judge(std::string_view vias, std::string_view headers) {
    return judge_registration(read("REGISTER sip:example.com SIP/2.0\n" + std::string(vias) +
                                   "Supported: path, outbound\n" + std::string(headers)));
  }
  RegistrationVerdict judge_without_support(std::string_view vias, std::string_view headers) {
    return judge_registration(read("REGISTER sip:example.com SIP/2.0\n" + std::string(vias) +
                                   "Supported: path\n" + std::string(headers)));
  }
};

TEST_F(Registration, by_a_flow_of_an_instance_is_one_of_outbound) {
  const RegistrationVerdict verdict = judge(from_client, flow_contact);
  EXPECT_EQ(verdict.refuse, 0);
  EXPECT_TRUE(verdict.by_flow);
  EXPECT_TRUE(verdict.require_outbound);
}

TEST_F(Registration, outbound_is_required_of_nobody_who_does_not_support_it) {
  const RegistrationVerdict verdict = judge_without_support(from_client, flow_contact);
  EXPECT_TRUE(verdict.by_flow);
  EXPECT_FALSE(verdict.require_outbound);
}

TEST_F(Registration, without_reg_id_it_is_an_ordinary_one) {
  const RegistrationVerdict verdict =
      judge(from_client, "Contact: <sip:bob@192.0.2.9>;+sip.instance=\"<urn:uuid:1>\"\n");
  EXPECT_EQ(verdict.refuse, 0);
  EXPECT_FALSE(verdict.by_flow);
  EXPECT_FALSE(verdict.require_outbound);
}

TEST_F(Registration, a_reg_id_without_instance_is_passed_over) {
  const RegistrationVerdict verdict = judge(from_client, "Contact: <sip:bob@192.0.2.9>;reg-id=1\n");
  EXPECT_EQ(verdict.refuse, 0);
  EXPECT_FALSE(verdict.by_flow);
  EXPECT_FALSE(verdict.require_outbound);
}

TEST_F(Registration, a_first_hop_that_does_not_know_outbound_is_told_by_439) {
  EXPECT_EQ(judge(by_edge, flow_contact).refuse, 439);
  EXPECT_EQ(judge(by_edge, "Path: <sip:edge.example;lr>\n" + std::string(flow_contact)).refuse,
            439);
  const RegistrationVerdict unaware = judge_without_support(by_edge, flow_contact);
  EXPECT_EQ(unaware.refuse, 0);
  EXPECT_FALSE(unaware.by_flow);
}

TEST_F(Registration, the_path_of_the_first_hop_is_the_last) {
  const std::string contact(flow_contact);
  EXPECT_TRUE(judge(by_edge, "Path: <sip:t@edge.example;lr;ob>\n" + contact).by_flow);
  EXPECT_TRUE(judge(by_edge, "Path: <sip:core.example;lr>, <sip:t@edge.example;lr;ob>\n" + contact)
                  .by_flow);
  EXPECT_TRUE(
      judge(by_edge, "Path: <sip:core.example;lr>\nPath: <sip:t@edge.example;lr;ob>\n" + contact)
          .by_flow);
  EXPECT_EQ(
      judge(by_edge, "Path: <sip:t@core.example;lr;ob>, <sip:edge.example;lr>\n" + contact).refuse,
      439);
}

TEST_F(Registration, one_flow_registers_one_contact) {
  const std::string contact(flow_contact);
  EXPECT_EQ(judge(from_client, contact + "Contact: <sip:bob@192.0.2.10>\n").refuse, 400);
  // Others may be removed by it.
  const RegistrationVerdict verdict =
      judge(from_client, contact + "Contact: <sip:bob@192.0.2.10>;expires=0\n");
  EXPECT_EQ(verdict.refuse, 0);
  EXPECT_TRUE(verdict.by_flow);
  EXPECT_EQ(judge(from_client, "Expires: 0\n" + contact + "Contact: <sip:bob@192.0.2.10>\n").refuse,
            0);
}

TEST_F(Registration, another_flow_is_tried_after_408_and_430_alone) {
  for (const int status : {408, 430}) EXPECT_TRUE(may_try_other_flow(status));
  for (const int status : {200, 403, 404, 480, 486, 487, 503, 603})
    EXPECT_FALSE(may_try_other_flow(status));
}

}  // namespace
}  // namespace sipring::test
