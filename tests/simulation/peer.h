// A user agent: a transaction user that calls, answers, cancels, hangs up, forgets and makes
// mistakes.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header_block.h>
#include <sipring/core/message/request_builder.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/simulation/agenda.h"
#include "tests/simulation/directory.h"
#include "tests/simulation/node.h"
#include "tests/simulation/random.h"
#include "tests/simulation/site.h"
#include "tests/simulation/weights.h"

namespace sipring::simulation {

class Peer final : public Node, private SimulatedUser {
 public:
  Peer(std::size_t number, const Weights& weights, const Directory& directory, Random& random,
       Network& network, const Canary& canary);

  void begin(Instant now) override;
  void receive(Instant now, const Packet& packet) override { site_.receive(now, packet); }
  void advance(Instant now) override;
  [[nodiscard]] Instant next_event() const override {
    return std::min(site_.next_event(), agenda_.next());
  }
  [[nodiscard]] bool is_at_rest() const override { return site_.is_at_rest() && agenda_.empty(); }
  void check_at_rest() override { site_.check_at_rest(); }
  [[nodiscard]] std::size_t alive() const override { return site_.alive(); }
  void add_to(Account& account) const override { site_.add_to(account); }

 private:
  enum class Plan : std::uint8_t { respond, finish, repeat, cancel };
  struct Task {
    Plan plan;
    std::uint64_t attached;
    Duration interval{};  // repeat
  };

  void on_request(Instant now, WatchedEngine& engine, std::uint64_t attached,
                  const RequestReceived& request) override;
  void on_response(Instant now, WatchedEngine& engine, const ResponseReceived& response) override;
  void on_cancelled(Instant now, WatchedEngine& engine, std::uint64_t attached) override;
  void on_failed(Instant, WatchedEngine&, std::uint64_t, bool) override {}
  void on_terminated(WatchedEngine&, std::uint64_t) override {}

  std::string new_call_id();
  NetworkAddress draw_target();
  void plan_cancels(Instant now, std::uint64_t attached);
  void plan_answers(Instant now, WatchedEngine& engine, std::uint64_t attached, bool invite);
  void perform(Instant now, const Task& task);
  void respond(Instant now, WatchedEngine& engine, std::uint64_t attached, bool final);
  void repeat(Instant now, WatchedEngine& engine, const Task& task);
  void cancel(Instant now, WatchedEngine& engine, std::uint64_t attached);
  void on_call(Instant now, WatchedEngine& engine, const ResponseReceived& response);
  bool follow_up(Instant now, WatchedEngine& engine, const ResponseReceived& response,
                 Method method);
  int draw_final(bool invite);

  std::size_t number_;
  Weights weights_;
  const Directory& directory_;
  Random& random_;
  Site site_;
  std::string contact_;
  HeaderBlock block_;
  Agenda<Task> agenda_;
  RequestBuilder builder_;
  std::uint64_t calls_ = 0;
  std::string body_;
};

}  // namespace sipring::simulation
