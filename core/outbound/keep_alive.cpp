// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/detail/keep_alive.h>

#include <sipring/core/message/header/option_tag.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/routing/detail/server_choice.h>

namespace sipring {
namespace {

using Interval = KeepAliveSettings::Interval;

std::optional<ViaConnection> connection_of_top_via(const Message& message) {
  const auto value = message.first(HeaderId::via);
  const auto via = value ? parse_via(*value) : Parsed<Via>(std::unexpected(ParseError{}));
  const auto connection =
      via ? parse_via_connection(via->parameters) : Parsed<ViaConnection>(ViaConnection{});
  return connection ? std::optional(*connection) : std::nullopt;
}

}  // namespace

KeepAliveTerms keep_alive_terms(const Message& response) {
  const auto via = connection_of_top_via(response);
  if (via && via->keep_seconds) return {true, std::chrono::seconds(*via->keep_seconds)};
  if (!option_tags(response, HeaderId::require).has(OptionTag::outbound)) return {};
  const auto value = response.first(HeaderId::flow_timer);
  const auto seconds = value ? parse_flow_timer(*value) : Parsed<std::uint32_t>(0u);
  return {true, std::chrono::seconds(seconds.value_or(0))};
}

KeepAlive::KeepAlive(const KeepAliveSettings& settings, Transport transport, std::uint64_t seed)
    : settings_(settings), transport_(transport), random_(seed) {}

void KeepAlive::start(Instant now, const KeepAliveTerms& terms) {
  if (!terms.wanted) return stop();
  terms_ = terms;
  // Section 4.4: between 80 and 100 per cent of what is recommended.
  interval_ = terms.at_most != Duration{} ? Interval{terms.at_most * 4 / 5, terms.at_most}
              : is_reliable(transport_)   ? settings_.by_stream
                                          : settings_.by_udp;
  // An answer that is due stays due.
  if (state_ != State::pinged) wait(now);
}

void KeepAlive::wait(Instant now) {
  SplitMix64 draws(random_);
  random_ = draws.up_to(UINT64_MAX - 1);
  const auto spread = static_cast<std::uint64_t>((interval_.most - interval_.least).count());
  state_ = State::waiting;
  deadline_ = now + interval_.least + Duration(static_cast<Duration::rep>(draws.up_to(spread)));
}

void KeepAlive::pong(Instant now) {
  if (state_ == State::pinged) wait(now);
}

KeepAlive::Due KeepAlive::advance(Instant now) {
  if (now < deadline_) return Due::nothing;
  if (state_ == State::pinged) {
    stop();
    return Due::failed;
  }
  if (is_reliable(transport_)) {
    state_ = State::pinged;
    deadline_ = now + settings_.pong_within;
  } else {
    wait(now);
  }
  return Due::ping;
}

}  // namespace sipring
