// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <gtest/gtest.h>

namespace sipring {
namespace {

TEST(ConnectionMemory, of_a_stream_without_tls_is_ours_alone_and_small) {
  for (const Transport transport : {Transport::tcp, Transport::ws}) {
    const auto memory = Server::connection_memory(transport);
    ASSERT_TRUE(memory);
    EXPECT_GE(memory->connection, sizeof(Connection));
    EXPECT_GT(memory->socket, 0u);
    EXPECT_EQ(memory->tls + memory->openssl + memory->openssl_buffers, 0u);
    EXPECT_LE(memory->idle(), 320u);
  }
}

// In a process of its own, as ctest runs it: nothing has used OpenSSL before.
TEST(ConnectionMemory, of_tls_is_openssl_s_for_the_most_part_and_the_same_each_time) {
  for (const Transport transport : {Transport::tls, Transport::wss}) {
    const auto memory = Server::connection_memory(transport);
    if (!memory) GTEST_SKIP();
    EXPECT_GT(memory->openssl, 4'096u);
    EXPECT_LE(memory->idle(), 16'384u);
    EXPECT_GT(memory->openssl_buffers, 32'768u) << "a record each way, as the allocator rounds it";
    EXPECT_LT(memory->openssl_buffers, 45'000u);
    const auto again = Server::connection_memory(transport);
    ASSERT_TRUE(again);
    EXPECT_NEAR(static_cast<double>(memory->openssl), static_cast<double>(again->openssl), 256);
  }
}

}  // namespace
}  // namespace sipring
