// What an engine takes from its memory resource, measured, beside what Limits say it needs.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>
#include <sipring/core/limits.h>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

class CountingResource : public std::pmr::memory_resource {
 public:
  [[nodiscard]] std::size_t taken() const { return taken_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    taken_ += bytes;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    taken_ -= bytes;
    std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
  std::size_t taken_ = 0;
};

struct Use {
  std::size_t taken = 0;       // from the resource, but for message buffers
  std::size_t in_buffers = 0;  // what kept responses occupy
  std::size_t responses = 0;   // their octets
};

Settings settings_for(std::uint32_t transactions) {
  Settings settings;
  settings.limits.transactions = transactions;
  settings.limits.one_reserved_of = 0;
  return settings;
}

// With so many OPTIONS outstanding until timer J, each with this response.
Use use_of_outstanding(std::uint32_t count, const Response& response) {
  const Settings settings = settings_for(count);
  CountingResource memory;
  Engine engine(settings, Entropy{{1, 2, 3, 4}}, memory);
  Use use;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(1'000'000 + i);
    std::string text = replaced(with_method("OPTIONS"), "z9hG4bK1", "z9hG4bK" + number);
    text = replaced(text, "c1@", number + "@");
    text.append(64, '\0');
    engine.receive(Instant{}, {std::string_view(text).substr(0, text.size() - 64),
                               {*parse_ip_address("192.0.2.1"), 5060, Transport::udp},
                               Flow::of_listener(0)});
    while (const std::optional<Output> output = engine.next_output()) {
      if (const auto* request = std::get_if<RequestReceived>(&*output)) {
        EXPECT_TRUE(engine.respond(Instant{}, request->transaction, response));
      } else if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        use.responses += transmit->bytes->size();
      }
    }
  }
  EXPECT_EQ(engine.transactions_alive(), count);
  use.taken = memory.taken() - engine.buffers().bytes();
  use.in_buffers = engine.buffers().bytes_in_use();
  return use;
}

TEST(Limits, a_non_invite_transaction_takes_at_most_1024_octets_beyond_its_response) {
  constexpr std::uint32_t few = 10'000, many = 30'000;
  const Response with_text{.status = 200, .reason = "Fine"};
  const Use less = use_of_outstanding(few, with_text), more = use_of_outstanding(many, with_text);
  const std::size_t beyond = (more.taken - less.taken) + (more.in_buffers - less.in_buffers) -
                             (more.responses - less.responses);
  EXPECT_LE(beyond / (many - few), 1'024U);
  EXPECT_GE(beyond / (many - few), 100U) << "something has not been counted";
}

TEST(Limits, a_non_invite_transaction_takes_at_most_160_octets_where_it_has_no_text_of_its_own) {
  constexpr std::uint32_t few = 10'000, many = 30'000;
  const Use less = use_of_outstanding(few, {.status = 200});
  const Use more = use_of_outstanding(many, {.status = 200});
  EXPECT_EQ(more.in_buffers, less.in_buffers);
  EXPECT_LE((more.taken - less.taken) / (many - few), 160U);
}

TEST(Limits, have_buffers_for_those_transactions_that_keep_a_message) {
  Settings settings = settings_for(50'000);
  const std::size_t all = buffer_bytes(settings.limits);
  settings.limits.kept_messages = 1'000;
  EXPECT_LT(buffer_bytes(settings.limits), all / 5);
  Engine engine(settings, Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource());
  EXPECT_GE(engine.buffers().bytes(), buffer_bytes(settings.limits));
  std::vector<Ref<Buffer>> kept(1'000);
  for (Ref<Buffer>& message : kept) {
    EXPECT_TRUE(message = engine.buffers().acquire(settings.limits.typical_message_bytes));
  }
}

TEST(Limits, say_what_an_engine_takes) {
  for (const std::uint32_t transactions : {1'000U, 50'000U}) {
    const Settings settings = settings_for(transactions);
    CountingResource memory;
    const Engine engine(settings, Entropy{{1, 2, 3, 4}}, memory);
    const auto needed = static_cast<double>(memory_needs(settings.limits).total());
    EXPECT_NEAR(static_cast<double>(memory.taken()) / needed, 1.0, 0.05) << transactions;
  }
}

}  // namespace
}  // namespace sipring::test
