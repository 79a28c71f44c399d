// SPDX-License-Identifier: MIT
#include <sipring/core/routing/target_search.h>

#include <sipring/core/message/detail/octets.h>
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

struct ServiceName {
  Transport transport;
  std::string_view naptr;  // RFC 3263 section 9, RFC 7118 section 10.2
  std::string_view srv;
};
constexpr std::array<ServiceName, 5> service_names{{
    {Transport::udp, "SIP+D2U", "_sip._udp"},
    {Transport::tcp, "SIP+D2T", "_sip._tcp"},
    {Transport::tls, "SIPS+D2T", "_sips._tcp"},
    {Transport::ws, "SIP+D2W", "_sip._ws"},
    {Transport::wss, "SIPS+D2W", "_sips._ws"},
}};

// "_sip._udp" in front of the domain; the root when that is too long.
Name service_at(Transport transport, const Name& domain) {
  for (const ServiceName& names : service_names) {
    if (names.transport != transport) continue;
    Name name = Name::parse(names.srv).value_or(Name{});
    return name.add(domain) ? name : Name{};
  }
  return {};
}

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

// Whether any of its records is for us: if not, it is as if there were none.
void TargetSearch::sort_out_naptr() {
  Transport transport{};
  follows_naptr_ = std::ranges::any_of(
      naptr_.all(), [&](const Record& record) { return is_service_of_ours(record, transport); });
}

bool TargetSearch::is_service_of_ours(const Record& record, Transport& transport) const {
  const bool terminal = detail::equals_ignoring_case(record.flags, "s") ||
                        detail::equals_ignoring_case(record.flags, "a");
  if (!terminal || !record.regexp.empty() || record.target.empty()) return false;
  for (const ServiceName& names : service_names) {
    if (!detail::equals_ignoring_case(record.services, names.naptr)) continue;
    transport = names.transport;
    return can(transport) && (!secure_ || has_tls(transport));
  }
  return false;
}

std::optional<TargetSearch::Step> TargetSearch::choose_service() {
  if (any_service_) on_first_way_ = false;
  Name name;
  const bool found = follows_naptr_ ? next_of_naptr(service_, name) : next_of_ours(service_, name);
  if (!found) {
    // Records that led nowhere are records: the domain's own address is not what it wants used.
    stage_ = any_service_ ? Stage::avoided : Stage::domain;
    if (stage_ == Stage::domain && !asked_for_ && !follows_naptr_) {
      service_.transport = *usual_transport();
    }
    return std::nullopt;
  }
  if (service_.has_addresses) {
    current_ = {};
    any_service_ = true;
    go_to_host(name, default_port(service_.transport));
    after_addresses_ = Stage::service;
    return std::nullopt;
  }
  query_name_ = name;
  query_type_ = RecordType::srv;
  return TargetQuery{query_name_.view(), query_type_};
}

// The one of the lowest order, then of the lowest preference (RFC 3403 section 4.1).
bool TargetSearch::next_of_naptr(Service& service, Name& name) {
  const Record* best = nullptr;
  std::size_t best_index = 0;
  for (std::size_t i = 0; i < naptr_.size(); ++i) {
    const Record& record = naptr_[i];
    Transport transport{};
    if ((naptr_taken_ >> i & 1) != 0 || !is_service_of_ours(record, transport)) continue;
    const bool better = best == nullptr || record.priority < best->priority ||
                        (record.priority == best->priority && record.weight < best->weight);
    if (!better) continue;
    best = &record;
    best_index = i;
    service = {transport, detail::equals_ignoring_case(record.flags, "a")};
  }
  if (best == nullptr) return false;
  naptr_taken_ |= std::uint64_t{1} << best_index;
  name = Name::parse(best->target).value_or(Name{});
  return !name.is_root();
}

// Without NAPTR: what the URI names, or what we have (section 4.1), one after the other.
bool TargetSearch::next_of_ours(Service& service, Name& name) {
  constexpr std::array usual{Transport::udp, Transport::tcp, Transport::tls};
  while (services_tried_ < (asked_for_ ? 1 : usual.size())) {
    const Transport transport = asked_for_.value_or(usual[services_tried_]);
    ++services_tried_;
    if (!can(transport) || (secure_ && !has_tls(transport))) continue;
    service = {transport, false};
    name = service_at(transport, domain_);
    if (!name.is_root()) return true;
  }
  return false;
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
