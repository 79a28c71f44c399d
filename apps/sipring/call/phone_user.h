// PhoneUser: a Phone on its shard. It looks at the desk now and then: whoever types can wait for 10
// ms.
// SPDX-License-Identifier: MIT
#pragma once

#include <call/desk.h>
#include <call/phone.h>

#include <sipring/io/transaction_user.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sipring::app {

class PhoneUser : public TransactionUser {
 public:
  PhoneUser(const PhoneOptions& options, std::vector<Endpoint> endpoints, const Entropy& entropy,
            std::pmr::memory_resource& memory, Phone::Tell tell, Desk& desk)
      : phone_(options, std::move(endpoints), entropy, memory, std::move(tell)), desk_(desk) {}

  void on_output(Engine& engine, Instant now, const Output& output) override {
    phone_.on_output(engine, now, output);
  }
  [[nodiscard]] Instant next_deadline() const override {
    return std::min(look_at_, phone_.next_deadline());
  }
  void advance(Engine& engine, Instant now) override {
    if (look_at_ <= now) look(now);
    phone_.advance(engine, now);
    const Desk::State state = phone_.is_over() ? Desk::State::over
                              : phone_.quits() ? Desk::State::quitting
                                               : Desk::State::serving;
    desk_.show(state, phone_.expectations().next());
  }
  void on_drain(Engine& engine, Instant now) override { phone_.on_drain(engine, now); }
  [[nodiscard]] bool is_idle() const override { return phone_.is_idle(); }

 private:
  static constexpr Duration look_every = std::chrono::milliseconds(10);

  void look(Instant now) {
    look_at_ = now + look_every;
    Desk::Given given = desk_.take();
    for (Order& order : given.orders) phone_.give(std::move(order));
    if (given.quits) phone_.quit();
  }

  Phone phone_;
  Desk& desk_;
  Instant look_at_ = Instant::min();
};

}  // namespace sipring::app
