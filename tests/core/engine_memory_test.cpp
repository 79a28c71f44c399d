// That memory is there before a message needs it.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>

#include <string>

#include "tests/support/engine_fixture.h"
#include "tests/support/resident_memory.h"

namespace sipring {
namespace {

using test::sip;

// Before the fixture, whose engine takes its memory from here.
struct Memory {
  test::ResidentMemory memory;
};

class EngineMemory : protected Memory, public test::EngineFixture {
 protected:
  EngineMemory() : EngineFixture(settings(), memory) {}
  static Settings settings() {
    Settings settings;
    settings.limits.transactions = 65'536;
    return settings;
  }

  void answer_options(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string number = std::to_string(++number_);
      receive(sip("\nOPTIONS sip:bob@192.0.2.9 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" +
                  number +
                  "\nFrom: <sip:alice@192.0.2.1>;tag=a\nTo: <sip:bob@192.0.2.9>\nCall-ID: " +
                  number + "\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n"));
      ASSERT_TRUE(engine.respond(now, requests.back(), {.status = 200, .body = "v=0\r\n"}));
      take_outputs();
    }
    sent.clear();
  }
  // Pieces until there are none.
  int bring_all() {
    for (int pieces = 0;; ++pieces) {
      const std::span<std::byte> piece = engine.coming_memory();
      if (piece.empty()) return pieces;
      test::touch(piece);
    }
  }
  std::size_t resident() const { return memory.resident_pages(); }

 private:
  int number_ = 0;
};

TEST_F(EngineMemory, of_the_next_thousand_transactions_is_there_when_it_was_asked_for) {
  ASSERT_GT(bring_all(), 0);
  answer_options(900);  // rings that have been round once are all there
  ASSERT_GT(bring_all(), 0);
  for (int i = 0; i < 8; ++i) {
    const std::size_t before = resident();
    answer_options(900);
    EXPECT_EQ(resident(), before);
    EXPECT_GT(bring_all(), 0);
  }
}

TEST_F(EngineMemory, is_brought_by_who_uses_it_where_nobody_asks) {
  answer_options(1);
  const std::size_t before = resident();
  answer_options(900);
  EXPECT_GT(resident(), before + 40);
}

TEST_F(EngineMemory, is_little_while_nothing_happens) {
  (void)bring_all();
  EXPECT_EQ(bring_all(), 0);
  EXPECT_LT(resident(), memory.pages() / 8);
}

}  // namespace
}  // namespace sipring
