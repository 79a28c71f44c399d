// PhoneUser: a Phone on its shard. Orders come as errands of the main thread; its state goes to the
// desk.
// SPDX-License-Identifier: MIT
#pragma once

#include <call/desk.h>
#include <call/phone.h>

#include <sipring/io/transaction_user.h>

#include <utility>

namespace sipring::app {

class PhoneUser : public TransactionUser {
 public:
  PhoneUser(const PhoneOptions& options, std::vector<Endpoint> endpoints, const Entropy& entropy,
            std::pmr::memory_resource& memory, Phone::Tell tell, Desk& desk)
      : phone_(options, std::move(endpoints), entropy, memory, std::move(tell)), desk_(desk) {}

  void on_output(Engine& engine, Instant now, const Output& output) override {
    phone_.on_output(engine, now, output);
    show();
  }
  [[nodiscard]] Instant next_deadline() const override { return phone_.next_deadline(); }
  void advance(Engine& engine, Instant now) override {
    phone_.advance(engine, now);
    show();
  }
  // Errands'; done with the next advance(), which is due then.
  void give(Order order) { phone_.give(std::move(order)); }
  void quit() {
    phone_.quit();
    show();
  }
  void on_drain(Engine& engine, Instant now) override { phone_.on_drain(engine, now); }
  [[nodiscard]] bool is_idle() const override { return phone_.is_idle(); }

 private:
  void show() {
    const Desk::State state = phone_.is_over() ? Desk::State::over
                              : phone_.quits() ? Desk::State::quitting
                                               : Desk::State::serving;
    desk_.show(state, phone_.expectations().next());
  }

  Phone phone_;
  Desk& desk_;
};

}  // namespace sipring::app
