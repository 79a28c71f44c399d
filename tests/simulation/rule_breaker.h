// A peer that breaks the rules: no engine, but octets. It sends requests whose CSeq lies, uses a
// branch twice, acknowledges and cancels what nobody sent, answers what nobody asked, twice or not
// at all, floods, and speaks RFC 2543. Engines must stay consistent, shed, and come to rest.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/simulation/directory.h"
#include "tests/simulation/node.h"
#include "tests/simulation/random.h"
#include "tests/simulation/weights.h"

namespace sipring::simulation {

class RuleBreaker final : public Node {
 public:
  RuleBreaker(std::size_t number, const Weights& weights, const Directory& directory,
              Random& random, Network& network);

  void begin(Instant now) override;
  void receive(Instant now, const Packet& packet) override;
  void advance(Instant) override {}
  [[nodiscard]] Instant next_event() const override { return never; }
  void retire() override { is_retired_ = true; }
  [[nodiscard]] bool is_at_rest() const override { return true; }
  void add_to(Account& account) const override { account.outrages += outrages_; }

 private:
  // What makes up a request; each part may be another than it should be.
  struct Draft {
    std::string method, cseq_method, branch, call_id;
    std::uint64_t cseq = 1;
    std::size_t target = 0;  // node
  };

  Draft draw_draft();
  std::string write(const Draft& draft) const;
  void send(Instant now, const Draft& draft) { put(now, draft.target, write(draft)); }
  void put(Instant now, std::size_t target, std::string_view bytes);
  Draft& some_draft() { return drafts_[random_.below(drafts_.size())]; }
  const Packet& some_packet() { return seen_[random_.below(seen_.size())]; }

  void send_new(Instant now);
  void send_old(Instant now);
  void send_flood(Instant now);
  void send_mutation(Instant now);
  void send_answer_to_nothing(Instant now);
  void send_noise(Instant now);
  void answer_oddly(Instant now, const Packet& packet);
  std::string write_answer(std::string_view request);

  std::size_t number_;
  Weights weights_;
  const Directory& directory_;
  Random& random_;
  Network& network_;
  std::string sent_by_;
  std::array<Draft, 16> drafts_;  // sent before
  std::array<Packet, 16> seen_;
  Message scratch_;
  std::string octets_;
  std::uint64_t made_ = 0, received_ = 0, outrages_ = 0;
  bool is_retired_ = false;
};

}  // namespace sipring::simulation
