// The accelerated parser, the plain grammar and the splitter say the same of every text.
// SPDX-License-Identifier: MIT
#include "tests/core/message/agreement.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/core/message/texts.h"

namespace sipring::testing {
namespace {

class Agreement : public ::testing::Test {
 protected:
  // True when all agree; says where they do not.
  bool agree(std::string_view text, const std::string& what) {
    const std::string found = disagreement(edge_.hold(text), message_);
    if (!found.empty()) ADD_FAILURE() << what << ": " << found << "\n" << text;
    return found.empty();
  }

  EdgeText edge_{readable_padding};
  Message message_{max_headers, *std::pmr::new_delete_resource()};
};

// Octets that mean something somewhere, and one of each class that does not.
constexpr std::string_view telling_octets{"\0\x01\t\n\r !\"%,/0:;<=>?@AZ[\\]_az{\x7f\x80\xff", 31};

TEST_F(Agreement, holds_on_every_corpus_message) {
  ASSERT_GT(corpus_messages().size(), 200U);
  for (const auto& path : corpus_messages()) agree(read_file(path), path.filename());
}

// A build that watches every octet takes ten times as long, and looks at every fifth place.
#if defined(__has_feature)
constexpr std::size_t step = __has_feature(address_sanitizer) ? 5 : 1;
#else
constexpr std::size_t step = 1;
#endif

TEST_F(Agreement, holds_on_every_prefix) {
  for (const auto& path : corpus_messages()) {
    const std::string text = read_file(path);
    const std::string_view whole = text;
    for (std::size_t size = 0; size < text.size(); size += step)
      if (!agree(whole.substr(0, size), path.filename())) return;
  }
}

TEST_F(Agreement, holds_on_every_single_octet_mutation) {
  for (const auto* name : {"messages/1_invite_rfc.sip", "messages/3_200ok.sip", "rfc4475/wsinv.dat",
                           "rfc4475/intmeth.dat", "rfc4475/noreason.dat"}) {
    std::string text = read_file(corpus_path() / name);
    for (std::size_t at = 0; at < text.size(); at += step) {
      const char original = text[at];
      for (const char octet : telling_octets) {
        text[at] = octet;
        if (!agree(text, std::string{name} + " at " + std::to_string(at))) return;
      }
      text[at] = original;
    }
  }
}

// One octet of each class that the grammar of framing tells apart; SIPRING_EVERY_OCTET in the
// environment asks for all 256, of every corpus message.
constexpr std::string_view class_octets{"\x01\t\n\r /:0SZ\\\xc3", 12};

std::string octets_to_try(bool every) {
  if (!every) return std::string{class_octets};
  std::string all(256, '\0');
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
  return all;
}

TEST_F(Agreement, holds_on_every_class_of_octet_in_every_place_of_the_torture_messages) {
  const bool every = std::getenv("SIPRING_EVERY_OCTET") != nullptr;
  const std::string octets = octets_to_try(every);
  for (const auto& path : corpus_messages()) {
    if (!every && path.string().find("/rfc") == std::string::npos) continue;
    if (!every && path.string().find("/flows/") != std::string::npos) continue;
    std::string text = read_file(path);
    const std::size_t last = every ? text.size() : std::min<std::size_t>(text.size(), 600);
    for (std::size_t at = 0; at < last; at += step) {
      const char original = text[at];
      for (const char octet : octets) {
        text[at] = octet;
        if (!agree(text, path.filename().string() + " at " + std::to_string(at))) return;
      }
      text[at] = original;
    }
  }
}

// Pieces that a line is made of, in any order: finds what no mutation of a good message reaches.
TEST_F(Agreement, holds_on_random_arrangements_of_pieces) {
  constexpr std::string_view pieces[] = {"\r\n",
                                         "\r",
                                         "\n",
                                         " ",
                                         "\t",
                                         ":",
                                         ": ",
                                         "Via: x",
                                         "l: 3",
                                         "Content-Length: 2\r\n",
                                         "\\",
                                         "\\\r\n",
                                         "\x01",
                                         "abc",
                                         "INVITE sip:a@b SIP/2.0\r\n",
                                         "SIP/2.0 200 OK\r\n",
                                         "\r\n ",
                                         "To:",
                                         "v : y\r\n",
                                         "P-Charging-Function-Addresses: a\r\n",
                                         "X-A-Name-That-Is-Longer-Than-A-Vector: z\r\n",
                                         "\xc3\xa4"};
  std::mt19937 random{3261};
  for (std::size_t round = 0; round < 60000; round += step) {
    std::string text = round % 3 == 0   ? ""
                       : round % 3 == 1 ? "OPTIONS sip:a SIP/2.0\r\n"
                                        : "SIP/2.0 100 \r\n";
    for (auto count = random() % 12; count > 0; --count)
      text += pieces[random() % std::size(pieces)];
    if (!agree(text, "round " + std::to_string(round))) return;
  }
}

}  // namespace
}  // namespace sipring::testing
