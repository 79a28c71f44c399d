// An engine and a user for errands to be run on.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/io/errand.h>
#include <sipring/io/transaction_user.h>

#include <gtest/gtest.h>

#include <memory_resource>

namespace sipring::test {

class ErrandFixture : public ::testing::Test {
 protected:
  class Nobody : public TransactionUser {
   public:
    void on_output(Engine&, Instant, const Output&) override {}
  };
  void run(Errand& errand) { errand(user_, engine_, Instant(std::chrono::seconds(7))); }

  Nobody user_;
  static Settings small_settings() {
    Settings settings;
    settings.limits.transactions = 1;
    return settings;
  }
  Engine engine_{small_settings(), Entropy{}, *std::pmr::new_delete_resource()};
};

}  // namespace sipring::test
