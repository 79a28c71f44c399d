// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/fax.h>
#include <sipring/core/sdp/writer.h>

#include <gtest/gtest.h>

#include "tests/core/sdp/texts.h"

namespace sipring::sdp {
namespace {

using testing::head;
using testing::ReadSession;

Parsed<Fax> fax_of(const std::string& attributes) {
  static std::optional<ReadSession> session;  // the views point into it
  session.emplace(head + "m=image 1 udptl t38\n" + attributes);
  return read_fax((*session)->media(0));
}

const std::string all =
    "a=T38FaxVersion:3\na=T38MaxBitRate:14400\na=T38FaxFillBitRemoval\na=T38FaxTranscodingMMR\n"
    "a=T38FaxTranscodingJBIG\na=T38FaxRateManagement:transferredTCF\na=T38FaxMaxBuffer:200\n"
    "a=T38FaxMaxDatagram:72\na=T38FaxUdpEC:t38UDPRedundancy\na=T38VendorInfo:0 0 0\n";

TEST(Fax, reads_and_writes_all_that_T38_has) {
  const Parsed<Fax> fax = fax_of(all);
  ASSERT_TRUE(fax);
  EXPECT_EQ(fax->version, 3u);
  EXPECT_EQ(fax->max_bit_rate, 14'400u);
  EXPECT_TRUE(fax->fill_bit_removal && fax->transcoding_mmr && fax->transcoding_jbig);
  EXPECT_EQ(fax->rate_management, "transferredTCF");
  EXPECT_EQ(fax->max_buffer, 200u);
  EXPECT_EQ(fax->max_datagram, 72u);
  EXPECT_EQ(fax->error_correction, "t38UDPRedundancy");
  EXPECT_EQ(fax->vendor_info, "0 0 0");
  char room[1024];
  Writer writer(room);
  EXPECT_EQ(testing::lines_of(writer.write(*fax).view()), all);
}

TEST(Fax, takes_flags_with_a_state_and_names_in_any_case) {
  EXPECT_FALSE(fax_of("a=T38FaxFillBitRemoval:0\n")->fill_bit_removal);
  EXPECT_TRUE(fax_of("a=T38FaxFillBitRemoval:1\n")->fill_bit_removal);
  EXPECT_EQ(fax_of("a=T38maxBitRate: 9600\n")->max_bit_rate, 9'600u);
  EXPECT_EQ(fax_of("a=x:y\n")->version, std::nullopt);
}

TEST(Fax, refuses_values_that_are_none) {
  for (const char* attribute :
       {"a=T38FaxVersion:x\n", "a=T38MaxBitRate\n", "a=T38FaxFillBitRemoval:2\n",
        "a=T38FaxRateManagement:\n", "a=T38FaxMaxDatagram:4294967296\n"})
    EXPECT_EQ(fax_of(attribute).error().code, ParseErrorCode::sdp_attribute) << attribute;
}

}  // namespace
}  // namespace sipring::sdp
