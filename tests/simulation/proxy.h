// A stateful forking proxy: RFC 3261 section 16, as a transaction user.
//
// A request goes on to one or more targets, each in a client transaction of its own. Provisional
// responses go back as they come, all 2xx to an INVITE too (RFC 6026 section 7.3); of the others
// the best one, when all have answered. A CANCEL, a 2xx and a 6xx cancel the branches that are
// open. An ACK for a 2xx is passed on without state.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message_edit.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/simulation/agenda.h"
#include "tests/simulation/directory.h"
#include "tests/simulation/node.h"
#include "tests/simulation/random.h"
#include "tests/simulation/site.h"
#include "tests/simulation/weights.h"

namespace sipring::simulation {

class Proxy final : public Node, private SimulatedUser {
 public:
  Proxy(std::size_t number, const Weights& weights, const Directory& directory, Random& random,
        Network& network, const Canary& canary);

  void begin(Instant) override {}
  void receive(Instant now, const Packet& packet) override { site_.receive(now, packet); }
  void advance(Instant now) override;
  [[nodiscard]] Instant next_event() const override {
    return std::min(site_.next_event(), agenda_.next());
  }
  [[nodiscard]] bool is_at_rest() const override { return site_.is_at_rest() && agenda_.empty(); }
  void check_at_rest() override;
  [[nodiscard]] std::size_t alive() const override { return site_.alive(); }
  void add_to(Account& account) const override;

 private:
  struct Branch {
    std::uint64_t attached;
    bool is_final = false;
  };
  // The response context of section 16.7.
  struct Relay {
    std::uint64_t server = 0;
    bool is_invite = false;
    std::vector<Branch> branches;
    std::size_t alive = 1;  // transactions
    int best = 0;           // of the final responses so far
    std::string best_tag;
    int answered = 0;  // with which final response
    std::string answered_tag;
  };
  enum class Plan : std::uint8_t { cancel, answer };
  struct Task {
    Plan plan;
    std::uint64_t attached;  // cancel: a branch; answer: the server
  };

  void on_request(Instant now, WatchedEngine& engine, std::uint64_t attached,
                  const RequestReceived& request) override;
  void on_response(Instant now, WatchedEngine& engine, const ResponseReceived& response) override;
  void on_cancelled(Instant now, WatchedEngine& engine, std::uint64_t attached) override;
  void on_failed(Instant now, WatchedEngine& engine, std::uint64_t attached,
                 bool timed_out) override;
  void on_terminated(WatchedEngine& engine, std::uint64_t attached) override;

  [[nodiscard]] bool is_routed_here(const Message& request) const;
  [[nodiscard]] std::optional<std::size_t> next_hop_of(const Message& request) const;
  MessageEdit& edit(const Message& request, bool records_route);
  void forward(Instant now, WatchedEngine& engine, Relay& relay, const Message& message);
  void forward_to(Instant now, WatchedEngine& engine, Relay& relay, const Message& message,
                  std::size_t target);
  void forward_ack(WatchedEngine& engine, const Message& message);
  std::vector<std::size_t> draw_targets();
  void pass_on(Instant now, WatchedEngine& engine, Relay& relay, const ResponseReceived& response);
  WatchedEngine::Done pass_back(Instant now, WatchedEngine& engine, const Relay& relay,
                                const ResponseReceived& response);
  void on_success(Instant now, WatchedEngine& engine, Relay& relay,
                  const ResponseReceived& response);
  void pass_another_success(Instant now, WatchedEngine& engine, const Relay& relay,
                            const ResponseReceived& response);
  void conclude(Instant now, WatchedEngine& engine, Relay& relay, std::uint64_t branch, int status,
                std::string_view tag);
  void answer(Instant now, WatchedEngine& engine, Relay& relay);
  void cancel_others(Instant now, WatchedEngine& engine, const Relay& relay, std::uint64_t branch);
  void cancel(Instant now, WatchedEngine& engine, std::uint64_t branch);
  Relay* relay_of_branch(std::uint64_t attached);

  std::size_t number_;
  Weights weights_;
  const Directory& directory_;
  Random& random_;
  Site site_;
  std::string record_route_;
  Agenda<Task> agenda_;
  std::unordered_map<std::uint64_t, Relay> relays_;           // by server
  std::unordered_map<std::uint64_t, std::uint64_t> servers_;  // by branch
  MessageEdit edit_;
  std::uint64_t forked_ = 0;
};

}  // namespace sipring::simulation
