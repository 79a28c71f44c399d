// What the field sends, and every octet of it replaced: the accelerated readers, the plain grammars
// and the splitter say the same. Whole messages, then each value that has an accelerated reader.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "tests/core/message/agreement.h"
#include "tests/core/message/table.h"
#include "tests/core/message/value_agreement.h"

namespace sipring::testing {
namespace {

// Octets that mean something somewhere, and one of each class that does not.
// Framing knows fewer.
constexpr std::string_view framing_octets{"\0\n\r :", 5};
constexpr std::string_view field_octets{"\0\x01\t\n\r \"%,/0:;<=>@A[\\_\x7f\xd0", 23};

using Disagreement = std::string_view (*)(std::string_view);

Disagreement disagreement_for(HeaderId id) {
  switch (id) {
    case HeaderId::via: return via_disagreement;
    case HeaderId::cseq: return cseq_disagreement;
    case HeaderId::from:
    case HeaderId::to:
    case HeaderId::contact:
    case HeaderId::route:
    case HeaderId::record_route:
    case HeaderId::refer_to:
    case HeaderId::referred_by:
    case HeaderId::reply_to:
    case HeaderId::history_info:
    case HeaderId::p_asserted_identity:
    case HeaderId::p_preferred_identity: return address_disagreement;
    default: return nullptr;
  }
}

class FieldAgreement : public ::testing::Test {
 protected:
  // As it is, and with each octet replaced by others. `differs(text)` says what does.
  template <class Differs>
  void hold_around(std::string text, std::string_view octets, Differs differs,
                   const std::string& what) {
    ASSERT_EQ(differs(std::string_view(text)), "") << what << "\n" << text;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char original = text[at];
      for (const char octet : octets) {
        text[at] = octet;
        ASSERT_EQ(differs(std::string_view(text)), "") << what << " at " << at << "\n" << text;
      }
      text[at] = original;
    }
  }
  void hold_around_value(Disagreement disagreement, std::string_view value,
                         const std::string& what) {
    hold_around(
        std::string(value), field_octets,
        [&](std::string_view text) { return disagreement(value_edge_.hold(text)); }, what);
  }

  EdgeText message_edge_{readable_padding};
  EdgeText value_edge_{0, 4096};  // not an octet behind a value can be read
  Message message_{64, *std::pmr::new_delete_resource()};
};

TEST_F(FieldAgreement, holds_around_every_message) {
  ASSERT_GT(field_messages().size(), 80U);
  Message small{max_headers, *std::pmr::new_delete_resource()};
  for (const auto& path : field_messages()) {
    const auto differs = [&](std::string_view text) {
      return disagreement(message_edge_.hold(text), small);
    };
    hold_around(read_file(path), framing_octets, differs, path.filename());
  }
}

TEST_F(FieldAgreement, holds_around_every_value) {
  std::size_t values = 0;
  for (const auto& path : field_messages()) {
    const std::string text = read_file(path);
    if (!parse(message_edge_.hold(text), message_)) continue;
    if (!message_.request_uri().empty())
      hold_around_value(uri_disagreement, message_.request_uri(), path.filename());
    for (std::uint32_t i = 0; i < message_.header_count(); ++i)
      if (const auto disagreement = disagreement_for(message_.id(i))) {
        hold_around_value(disagreement, message_.header(i).value, path.filename());
        ++values;
      }
  }
  EXPECT_GT(values, 400U);
}

TEST_F(FieldAgreement, holds_around_every_variant) {
  for (const Row& row : read_table("field/variants.tsv"))
    if (const auto disagreement = disagreement_for(header_id_from(row[0])))
      hold_around_value(disagreement, unescaped(row[1]), row[0]);
}

}  // namespace
}  // namespace sipring::testing
