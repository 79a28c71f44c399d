// SPDX-License-Identifier: MIT
#include <sipring/core/routing/target_search.h>

#include <sipring/pools/assert.h>

#include <algorithm>

namespace sipring {
namespace {

using dns::Name;
using dns::Outcome;
using dns::Record;
using dns::RecordType;

// After so many questions that no server answered, the next one would not fare better.
constexpr std::uint32_t most_unanswered = 2;

}  // namespace

std::string_view to_string(NoTarget reason) {
  switch (reason) {
    case NoTarget::all_tried: return "all_tried";
    case NoTarget::no_transport: return "no_transport";
    case NoTarget::bad_host: return "bad_host";
    case NoTarget::no_such_name: return "no_such_name";
    case NoTarget::no_address: return "no_address";
    case NoTarget::not_provided: return "not_provided";
    case NoTarget::no_answer: return "no_answer";
  }
  return "";
}

TargetSearch::TargetSearch(const Destination& destination, const Capabilities& capabilities,
                           std::uint64_t seed)
    : capabilities_(capabilities), draws_(seed) {
  begin(destination);
}

void TargetSearch::begin(const Destination& destination) {
  port_ = destination.port;
  secure_ = destination.secure;
  asked_for_ = destination.transport;
  const std::optional<Transport> transport = asked_for_ ? asked_for_ : usual_transport();
  reason_ = NoTarget::no_transport;
  if (!transport || !can(*transport)) return;
  service_.transport = *transport;
  if (const auto ip = parse_ip_address(destination.host)) {
    ip_ = *ip;
    current_.address.port = port_ != 0 ? port_ : default_port(*transport);
    stage_ = Stage::address;
    return;
  }
  reason_ = NoTarget::bad_host;
  const auto name = Name::parse(destination.host);
  if (!name) return;
  domain_ = *name;
  reason_ = NoTarget::no_address;
  const bool has_services = port_ == 0 && destination.uses_services;
  stage_ = !has_services ? Stage::domain : asked_for_ ? Stage::service : Stage::naptr;
}

// Section 4.1: UDP, below a sips URI TLS; another where we have no UDP.
std::optional<Transport> TargetSearch::usual_transport() const {
  if (secure_) return Transport::tls;
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls})
    if (can(transport)) return transport;
  return std::nullopt;
}

TargetSearch::Step TargetSearch::next(Instant now, const Health& health) {
  while (true) {
    if (auto done = step(now, health)) return *done;
  }
}

std::optional<TargetSearch::Step> TargetSearch::step(Instant now, const Health& health) {
  switch (stage_) {
    case Stage::address:
      stage_ = Stage::avoided;
      current_.address = {ip_, current_.address.port, service_.transport};
      return give(now, health, current_);
    case Stage::naptr:
      query_type_ = RecordType::naptr;
      return TargetQuery{domain_.view(), query_type_};
    case Stage::service: return choose_service();
    case Stage::server: choose_server(); return std::nullopt;
    case Stage::host: return ask_for_host();
    case Stage::addresses: return give_address(now, health);
    case Stage::domain:
      current_ = {};
      go_to_host(domain_, port_ != 0 ? port_ : default_port(service_.transport));
      after_addresses_ = Stage::avoided;
      return std::nullopt;
    case Stage::avoided: return give_avoided();
    case Stage::end: return reason_;
  }
  return reason_;
}

void TargetSearch::take(const dns::Answer& answer) {
  const bool found = answer.outcome == Outcome::records;
  if (answer.outcome == Outcome::failed) {
    if (!any_target_) reason_ = NoTarget::no_answer;
    if (++unanswered_ >= most_unanswered) {
      stage_ = Stage::avoided;
      return;
    }
  }
  switch (query_type_) {
    case RecordType::naptr:
      servers_until_ = std::min(servers_until_, answer.expires);
      if (found) naptr_ = answer.records;
      sort_out_naptr();
      stage_ = Stage::service;
      break;
    case RecordType::srv:
      servers_until_ = std::min(servers_until_, answer.expires);
      servers_ = ServerChoice(answer.records);
      any_service_ |= found;
      stage_ = Stage::server;
      break;
    default:
      if (answer.outcome == Outcome::no_name && !any_service_ && !any_target_) {
        reason_ = NoTarget::no_such_name;
      }
      address_until_ = std::min(address_until_, answer.expires);
      addresses_ = answer.records;
      next_address_ = 0;
      stage_ = Stage::addresses;
  }
}

void TargetSearch::choose_server() {
  const Record* const record = servers_.next(draws_);
  if (record == nullptr) {
    stage_ = Stage::service;
    return;
  }
  if (record->target.empty()) {  // "."
    if (!any_target_) reason_ = NoTarget::not_provided;
    return;
  }
  const auto name = Name::parse(record->target);
  SIPRING_ASSERT(name.has_value());  // it has been one
  current_ = {
      .address = {}, .by_service = true, .priority = record->priority, .weight = record->weight};
  go_to_host(*name, record->port);
  after_addresses_ = Stage::server;
}

void TargetSearch::go_to_host(const Name& name, std::uint16_t port) {
  query_name_ = name;
  current_.address.port = port;
  address_until_ = never;
  other_family_ = false;
  has_address_ = false;
  stage_ = Stage::host;
}

// Of the family that comes first, or of the other; nullopt: we have nothing to send from to it.
std::optional<RecordType> TargetSearch::address_type(bool other) const {
  const bool v6 = capabilities_.v6_first != other;
  if (!(v6 ? capabilities_.v6 : capabilities_.v4)) return std::nullopt;
  return v6 ? RecordType::aaaa : RecordType::a;
}

std::optional<TargetSearch::Step> TargetSearch::ask_for_host() {
  const auto type = address_type(other_family_);
  if (!type) {
    addresses_ = {};
    next_address_ = 0;
    stage_ = Stage::addresses;
    return std::nullopt;
  }
  query_type_ = *type;
  return TargetQuery{query_name_.view(), *type, other_family_ ? std::nullopt : address_type(true)};
}

std::optional<TargetSearch::Step> TargetSearch::give_address(Instant now, const Health& health) {
  if (next_address_ == addresses_.size()) {
    stage_ = other_family_ ? after_addresses_ : Stage::host;
    other_family_ = true;
    has_address_ = !addresses_.empty();
    return std::nullopt;
  }
  Target target = current_;
  target.address.ip = addresses_[next_address_++].address;
  target.address.transport = service_.transport;
  return give(now, health, target);
}

std::optional<TargetSearch::Way> TargetSearch::way() const {
  const bool is_first = on_first_way_ && !has_address_;
  if (stage_ != Stage::addresses || !is_first || addresses_.empty()) return std::nullopt;
  const NetworkAddress address{addresses_[0].address, current_.address.port, service_.transport};
  return Way{current_.by_service ? servers_.all() : std::span<const Record>{}, servers_.last(),
             address, servers_until_, address_until_};
}

std::optional<TargetSearch::Step> TargetSearch::give(Instant now, const Health& health,
                                                     const Target& target) {
  any_target_ = true;
  reason_ = NoTarget::all_tried;
  if (!health.is_avoided(now, target.address)) return target;
  if (avoided_size_ == most_avoided) return std::nullopt;
  avoided_[avoided_size_] = target;
  avoided_[avoided_size_++].avoided = true;
  return std::nullopt;
}

TargetSearch::Step TargetSearch::give_avoided() {
  if (avoided_given_ < avoided_size_) return avoided_[avoided_given_++];
  stage_ = Stage::end;
  return reason_;
}

}  // namespace sipring
