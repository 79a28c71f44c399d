// SPDX-License-Identifier: MIT
#include "tests/simulation/weights.h"

namespace sipring::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void draw_topology(Weights& weights, Random& random) {
  weights.transport = random.chance(150) ? Transport::tcp : Transport::udp;
  weights.peers = random.pick({2U, 2U, 3U, 4U});
  weights.proxies = random.pick({0U, 1U, 2U});
  weights.rule_breakers = random.pick({0U, 0U, 1U});
  weights.most_shards = random.pick({1U, 1U, 2U, 4U});
  weights.most_forks = random.pick({1U, 2U, 4U});
  weights.longest_handover =
      random.pick<Duration>({Duration{}, std::chrono::microseconds(50), milliseconds(20)});
  weights.mailbox = random.pick({1U, 4U, 1'024U});
  weights.receive_buffers = random.pick({1U, 4U, 64U});
  weights.reset = random.pick({0U, 0U, 2U, 50U});
  weights.removal = random.pick({0U, 0U, 1U, 20U});
}

void draw_network(Weights& weights, Random& random) {
  weights.delay = random.pick<Duration>(
      {milliseconds(0), milliseconds(1), milliseconds(30), milliseconds(400)});
  weights.bounce = random.pick({0U, 0U, 2U, 20U});
  if (is_reliable(weights.transport)) return;
  weights.jitter = random.pick<Duration>(
      {milliseconds(0), milliseconds(20), seconds(1), seconds(8), seconds(40)});
  weights.loss = random.pick({0U, 0U, 10U, 100U, 300U, 700U});
  weights.duplication = random.pick({0U, 10U, 200U});
  weights.corruption = random.pick({0U, 0U, 0U, 5U, 50U});
  weights.asymmetry = random.pick({0U, 0U, 300U, 1'000U});
}

void draw_users(Weights& weights, Random& random) {
  weights.begin = random.pick({10U, 50U, 200U});
  weights.via_proxy = random.pick({200U, 800U, 1'000U});
  weights.invite = random.pick({0U, 300U, 600U, 1'000U});
  weights.cancel = random.pick({0U, 200U, 800U});
  weights.crossing = random.pick({0U, 0U, 200U, 1'000U});
  weights.answer_at_once = random.pick({0U, 300U, 1'000U});
  weights.provisional = random.pick({0U, 500U, 900U});
  weights.success = random.pick({0U, 500U, 900U});
  weights.tells_ack = random.pick({0U, 500U, 1000U});
  weights.own_text = random.pick({0U, 500U, 1000U});
  weights.silence = random.pick({0U, 50U, 500U});
  weights.hang_up = random.pick({0U, 300U});
  weights.mischief = random.pick({0U, 20U});
  weights.patience = random.pick<Duration>({milliseconds(100), seconds(5), seconds(60)});
}

void draw_rule_breakers(Weights& weights, Random& random) {
  weights.outrage = random.pick({2U, 10U, 50U});
  weights.retort = random.pick({0U, 200U, 700U});
  weights.flood = random.pick({0U, 0U, 20U, 200U});
}

void draw_machine(Weights& weights, Random& random) {
  weights.failing_acquire = random.pick({0U, 0U, 5U, 50U});
  weights.failing_send = random.pick({0U, 0U, 2U, 20U});
  weights.stall = random.pick({0U, 0U, 20U});
  weights.longest_stall = weights.stall == 0
                              ? Duration{}
                              : random.pick<Duration>({milliseconds(50), seconds(3), seconds(50)});
  weights.work = random.pick<Duration>({Duration{}, Duration{}, milliseconds(1), milliseconds(30)});
  weights.turn_limits = {.budget = milliseconds(20),
                         .patience = random.pick<Duration>({Duration{}, milliseconds(100)})};
  weights.suspend = random.pick({0U, 0U, 100U, 2'000U});
  weights.transactions = random.pick({1U, 2U, 7U, 64U, 1'024U});
  weights.remember_at_least = random.pick<std::optional<Duration>>(
      {std::nullopt, std::nullopt, Duration::max(), seconds(1)});
  weights.outputs = random.pick({1U, 8U, 256U});
  weights.sends_in_flight = random.pick({1U, 16U});
  weights.timers.t1 =
      random.pick<Duration>({milliseconds(500), milliseconds(500), milliseconds(100)});
  weights.timers.t2 = random.pick<Duration>({seconds(4), seconds(4), seconds(3)});
  weights.timers.t4 = random.pick<Duration>({seconds(5), seconds(5), seconds(2)});
}

}  // namespace

Weights draw_weights(Random& random) {
  Weights weights;
  draw_topology(weights, random);
  draw_network(weights, random);
  draw_users(weights, random);
  draw_rule_breakers(weights, random);
  draw_machine(weights, random);
  return weights;
}

}  // namespace sipring::simulation
