// What networks tell each other, and where a caller is.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/access_network.h>
#include <sipring/core/message/header/charging_vector.h>
#include <sipring/core/message/header/early_media.h>
#include <sipring/core/message/header/geolocation.h>

namespace sipring::app::typed {
namespace {

TypedValue access_network(const AccessNetwork& network) {
  TypedValue typed;
  put(typed, "type", network.type);
  put(typed, "utran-cell-id-3gpp", network.utran_cell_id_3gpp);
  put(typed, "cgi-3gpp", network.cgi_3gpp);
  put(typed, "dsl-location", network.dsl_location);
  put(typed, "local-time-zone", network.local_time_zone);
  put_flag(typed, "network-provided", network.network_provided);
  return typed;
}

TypedValue visited_network(const VisitedNetwork& network) {
  TypedValue typed;
  put(typed, "network", network.name);
  put(typed, "parameters", network.parameters);
  return typed;
}

TypedValue charging_vector(const ChargingVector& vector) {
  TypedValue typed;
  put(typed, "icid", vector.icid);
  put(typed, "icid-generated-at", vector.icid_generated_at);
  put(typed, "orig-ioi", vector.orig_ioi);
  put(typed, "term-ioi", vector.term_ioi);
  put(typed, "transit-ioi", vector.transit_ioi);
  put(typed, "related-icid", vector.related_icid);
  put(typed, "related-icid-generated-at", vector.related_icid_generated_at);
  return typed;
}

TypedValue early_media(const EarlyMedia& media) {
  TypedValue typed;
  put(typed, media.kind == EarlyMedia::Kind::other ? "unknown" : "early-media", media.text);
  return typed;
}

TypedValue geolocation_routing(bool allowed) {
  return {{"routing-by-location", allowed ? "allowed" : "not allowed"}};
}

TypedValue geolocation_error(const GeolocationError& error) {
  TypedValue typed;
  put(typed, "number", error.digits);
  put(typed, "text", error.text);
  return typed;
}

constexpr Row network_rows[] = {
    {HeaderId::geolocation_error, one<parse_geolocation_error, geolocation_error>},
    {HeaderId::geolocation_routing, one<parse_geolocation_routing, geolocation_routing>},
    {HeaderId::p_access_network_info, list<parse_access_network_info, access_network>},
    {HeaderId::p_charging_vector, one<parse_charging_vector, charging_vector>},
    {HeaderId::p_early_media, list<parse_early_media, early_media>},
    {HeaderId::p_visited_network_id, list<parse_visited_network_id, visited_network>},
};

}  // namespace

std::span<const Row> networks() {
  return network_rows;
}

}  // namespace sipring::app::typed
