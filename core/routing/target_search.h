// TargetSearch: from a Destination to the targets of a request, one after the other: RFC 3263
// sections 4.1 to 4.3, with SRV as RFC 2782 and NAPTR as RFC 3403 say.
//
//   NAPTR of the domain ──▶ SRV of each service ──▶ A, AAAA of each server ──▶ targets
//     │ none                   ▲       │ none at all                             ▲
//     └─ services that we have ┘       └────── A, AAAA of the domain ────────────┘
//
// It is pulled: next() gives a Query, a Target, or says that there is none left; a Query wants
// take() before next() is called again. Nothing is asked before it is needed: the address of a
// second server only after the first has failed. But for the addresses of both families, which go
// out together: a target of the one that comes first does not wait for the other. The URI is not
// changed by it, and neither are the records; what has failed is in Health, and comes last.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/name.h>
#include <sipring/core/dns/record.h>
#include <sipring/core/network_address.h>
#include <sipring/core/routing/destination.h>
#include <sipring/core/routing/detail/server_choice.h>
#include <sipring/core/routing/detail/transport_set.h>
#include <sipring/core/routing/health.h>
#include <sipring/core/time.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace sipring {

// What we can send over.
struct Capabilities {
  TransportSet transports;
  bool v4 = true;
  bool v6 = false;
  bool v6_first = false;
};

// What is to be asked; the name is valid until take().
struct TargetQuery {
  std::string_view name;
  dns::RecordType type = dns::RecordType::a;
  // Of the same name, to go out at the same time (dns::Resolver::prefetch): it may be asked for
  // next.
  std::optional<dns::RecordType> prefetch = {};
};

struct Target {
  NetworkAddress address;
  bool by_service = false;  // found by SRV; then also:
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  bool avoided = false;  // it has failed before: all others came first
};

// Why there is no target, or none left.
enum class NoTarget : std::uint8_t {
  all_tried,
  no_transport,  // none that the URI allows and we have
  bad_host,      // no name and no address
  no_such_name,  // the domain does not exist
  no_address,    // nothing that was found has an address of a family that we have
  not_provided,  // the domain says that it has no such service (an SRV target of ".")
  no_answer,     // the name servers do not answer
};
[[nodiscard]] std::string_view to_string(NoTarget reason);

class TargetSearch {
 public:
  using Step = std::variant<TargetQuery, Target, NoTarget>;

  // The same seed makes the same choices: a stateless proxy takes one of the request (section 4.4).
  TargetSearch(const Destination& destination, const Capabilities& capabilities,
               std::uint64_t seed);

  [[nodiscard]] Step next(Instant now, const Health& health);
  // The answer to the query that next() gave last.
  void take(const dns::Answer& answer);

  // What a first target is drawn from, as far as the answers up to now say: the servers of the
  // first service that has any, and the address of one of them (KnownTargets remembers them).
  // nullopt before there is an address, and when the search has gone on to another service.
  struct Way {
    std::span<const dns::Record> servers;  // none: the host itself
    std::size_t server = 0;                // of these
    NetworkAddress address = {};
    Instant servers_until = never;  // how long the answers that led to the servers may be used
    Instant address_until = never;
  };
  [[nodiscard]] std::optional<Way> way() const;

  // The name that a TLS certificate must be for, which is the URI's and not the target's (RFC 5922
  // section 4, RFC 3263 section 4.1); "" when the URI has an address.
  [[nodiscard]] std::string_view domain() const { return domain_.view(); }

 private:
  enum class Stage : std::uint8_t {
    address,    // a numeric one
    naptr,      // ask for it
    service,    // choose one, ask for its SRV
    server,     // choose one
    host,       // ask for its addresses
    addresses,  // each, then those of the other family
    domain,     // no services: the domain itself is the host
    avoided,    // those that were passed over
    end,
  };
  struct Service {
    Transport transport = Transport::udp;
    bool has_addresses = false;  // a NAPTR of flag "a": no SRV, the name is a host
  };

  std::optional<Step> step(Instant now, const Health& health);
  void begin(const Destination& destination);
  [[nodiscard]] bool can(Transport transport) const {
    return capabilities_.transports.contains(transport);
  }
  [[nodiscard]] std::optional<Transport> usual_transport() const;
  std::optional<Step> choose_service();
  bool next_of_naptr(Service& service, dns::Name& name);
  bool next_of_ours(Service& service, dns::Name& name);
  void choose_server();
  void go_to_host(const dns::Name& name, std::uint16_t port);
  [[nodiscard]] std::optional<dns::RecordType> address_type(bool other) const;
  std::optional<Step> ask_for_host();
  std::optional<Step> give_address(Instant now, const Health& health);
  std::optional<Step> give(Instant now, const Health& health, const Target& target);
  Step give_avoided();
  [[nodiscard]] bool is_service_of_ours(const dns::Record& record, Transport& transport) const;
  void sort_out_naptr();

  Capabilities capabilities_;
  SplitMix64 draws_;
  dns::Name domain_;
  IpAddress ip_{};
  std::uint16_t port_ = 0;
  bool secure_ = false;
  std::optional<Transport> asked_for_;  // by the URI
  Stage stage_ = Stage::end;
  NoTarget reason_ = NoTarget::all_tried;

  dns::Records naptr_;
  std::uint64_t naptr_taken_ = 0;
  bool follows_naptr_ = false;
  std::uint32_t services_tried_ = 0;  // of ours
  bool any_service_ = false;          // SRV records were found
  std::uint32_t unanswered_ = 0;

  Service service_;
  ServerChoice servers_;
  Target current_;        // without its address
  dns::Name query_name_;  // service or host
  dns::RecordType query_type_ = dns::RecordType::a;
  Stage after_addresses_ = Stage::end;
  dns::Records addresses_;     // of one family
  bool other_family_ = false;  // than the one that comes first
  bool has_address_ = false;   // the host, of the family that comes first
  std::size_t next_address_ = 0;
  bool any_target_ = false;

  bool on_first_way_ = true;  // no second service has been chosen
  Instant servers_until_ = never;
  Instant address_until_ = never;

  static constexpr std::size_t most_avoided = 16;  // more are not tried again
  std::array<Target, most_avoided> avoided_;
  std::size_t avoided_size_ = 0;
  std::size_t avoided_given_ = 0;
};

}  // namespace sipring
