// The services of a domain, by NAPTR or by what we have: RFC 3263 section 4.1.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/routing/target_search.h>

#include <algorithm>
#include <array>

namespace sipring {
namespace {

using dns::Name;
using dns::Record;
using dns::RecordType;

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

}  // namespace sipring
