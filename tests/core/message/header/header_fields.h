// The header fields that are typed views over an address, or over a head and parameters: their
// parsers by name, and the members of what they give. Shared by the table tests and the fuzz
// target, so that both see each parser and each view.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/access_network.h>
#include <sipring/core/message/header/answer_mode.h>
#include <sipring/core/message/header/asserted_identity.h>
#include <sipring/core/message/header/associated_uri.h>
#include <sipring/core/message/header/charging_vector.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/dialog_reference.h>
#include <sipring/core/message/header/diversion.h>
#include <sipring/core/message/header/early_media.h>
#include <sipring/core/message/header/feature_caps.h>
#include <sipring/core/message/header/geolocation.h>
#include <sipring/core/message/header/history_info.h>
#include <sipring/core/message/header/identity.h>
#include <sipring/core/message/header/info_uri.h>
#include <sipring/core/message/header/overload_control.h>
#include <sipring/core/message/header/privacy.h>
#include <sipring/core/message/header/reason.h>
#include <sipring/core/message/header/refer_to.h>
#include <sipring/core/message/header/resource_priority.h>
#include <sipring/core/message/header/route.h>
#include <sipring/core/message/header/security_mechanism.h>
#include <sipring/core/message/header/session_id.h>
#include <sipring/core/message/header/user_to_user.h>
#include <sipring/core/message/header/via_connection.h>

namespace sipring::testing {

// Calls use.operator()<parser>(name) for each.
template <class Use>
void each_header_parser(Use&& use) {
  use.template operator()<parse_contact>("Contact");
  use.template operator()<parse_route>("Route");
  use.template operator()<parse_address>("Reply-To");
  use.template operator()<parse_refer_to>("Refer-To");
  use.template operator()<parse_referred_by>("Referred-By");
  use.template operator()<parse_associated_uri>("P-Associated-URI");
  use.template operator()<parse_called_party_id>("P-Called-Party-ID");
  use.template operator()<parse_history_info>("History-Info");
  use.template operator()<parse_diversion>("Diversion");
  use.template operator()<parse_info_uri>("Call-Info");
  use.template operator()<parse_geolocation>("Geolocation");
  use.template operator()<parse_geolocation_routing>("Geolocation-Routing");
  use.template operator()<parse_geolocation_error>("Geolocation-Error");
  use.template operator()<parse_replaces>("Replaces");
  use.template operator()<parse_join>("Join");
  use.template operator()<parse_target_dialog>("Target-Dialog");
  use.template operator()<parse_privacy>("Privacy");
  use.template operator()<parse_reason>("Reason");
  use.template operator()<parse_security_mechanism>("Security-Client");
  use.template operator()<parse_identity>("Identity");
  use.template operator()<parse_resource_priority>("Resource-Priority");
  use.template operator()<parse_accept_resource_priority>("Accept-Resource-Priority");
  use.template operator()<parse_answer_mode>("Answer-Mode");
  use.template operator()<parse_feature_caps>("Feature-Caps");
  use.template operator()<parse_access_network_info>("P-Access-Network-Info");
  use.template operator()<parse_visited_network_id>("P-Visited-Network-ID");
  use.template operator()<parse_charging_vector>("P-Charging-Vector");
  use.template operator()<parse_early_media>("P-Early-Media");
  use.template operator()<parse_user_to_user>("User-to-User");
  use.template operator()<parse_session_id>("Session-ID");
  use.template operator()<parse_overload_control>("Via: oc");
  use.template operator()<parse_via_connection>("Via: keep");
}

// Calls see(name, value) for each member; a value is a view, a number, a flag or an optional
// number.
template <class See>
void each_field(const Address& address, See&& see) {
  see("name", address.display_name);
  see("uri", address.uri.text);
  see("parameters", address.parameters);
}
template <class See>
void each_field(const Contact& contact, See&& see) {
  each_field(static_cast<const Address&>(contact), see);
  see("wildcard", contact.wildcard);
  see("q", contact.q);
  see("expires", contact.expires);
  see("reg-id", contact.reg_id);
  see("instance", contact.instance);
  see("pub-gruu", contact.pub_gruu);
  see("temp-gruu", contact.temp_gruu);
  see("outbound", contact.outbound);
  see("gruu", contact.gruu);
}
template <class See>
void each_field(const Route& route, See&& see) {
  each_field(static_cast<const Address&>(route), see);
  see("loose", route.loose);
  see("outbound", route.outbound);
}
template <class See>
void each_field(const ReferTo& refer_to, See&& see) {
  each_field(static_cast<const Address&>(refer_to), see);
  see("method", refer_to.method);
  see("replaces", refer_to.replaces);
}
template <class See>
void each_field(const ReferredBy& referred_by, See&& see) {
  each_field(static_cast<const Address&>(referred_by), see);
  see("cid", referred_by.content_id);
}
template <class See>
void each_field(const HistoryEntry& entry, See&& see) {
  each_field(static_cast<const Address&>(entry), see);
  see("index", entry.index);
  see("target", static_cast<unsigned>(entry.target));
  see("target-index", entry.target_index);
  see("cause", entry.cause);
  see("reason", entry.reason);
  see("privacy", entry.privacy);
}
template <class See>
void each_field(const Diversion& diversion, See&& see) {
  each_field(static_cast<const Address&>(diversion), see);
  see("kind", static_cast<unsigned>(diversion.reason));
  see("reason", diversion.reason_text);
  see("counter", diversion.counter);
  see("limit", diversion.limit);
  see("privacy", diversion.privacy);
  see("screen", diversion.screen);
}
template <class See>
void each_field(const InfoUri& info, See&& see) {
  each_field(static_cast<const Address&>(info), see);
  see("purpose", info.purpose);
}
template <class See>
void each_field(const Geolocation& location, See&& see) {
  each_field(static_cast<const Address&>(location), see);
  see("cid", location.content_id);
}
template <class See>
void each_field(bool use_location, See&& see) {
  see("yes", use_location);
}
template <class See>
void each_field(const GeolocationError& error, See&& see) {
  see("number", unsigned{error.number});
  see("digits", error.digits);
  see("text", error.text);
  see("parameters", error.parameters);
}
template <class See>
void each_field(const Replaces& replaces, See&& see) {
  see("call-id", replaces.call_id);
  see("to-tag", replaces.to_tag);
  see("from-tag", replaces.from_tag);
  see("early-only", replaces.early_only);
  see("parameters", replaces.parameters);
}
template <class See>
void each_field(const Join& join, See&& see) {
  see("call-id", join.call_id);
  see("to-tag", join.to_tag);
  see("from-tag", join.from_tag);
  see("parameters", join.parameters);
}
template <class See>
void each_field(const TargetDialog& dialog, See&& see) {
  see("call-id", dialog.call_id);
  see("remote-tag", dialog.remote_tag);
  see("local-tag", dialog.local_tag);
  see("parameters", dialog.parameters);
}
template <class See>
void each_field(const Privacy& privacy, See&& see) {
  constexpr std::string_view names[] = {"header",   "session", "user",    "none",
                                        "critical", "id",      "history", "other"};
  for (unsigned kind = 0; kind < std::size(names); ++kind)
    see(names[kind], privacy.has(static_cast<PrivacyKind>(kind)));
  see("text", privacy.text);
}
template <class See>
void each_field(const Reason& reason, See&& see) {
  see("protocol", reason.protocol);
  see("cause", reason.cause);
  see("text", reason.text);
  see("parameters", reason.parameters);
}
template <class See>
void each_field(const SecurityMechanism& mechanism, See&& see) {
  see("kind", static_cast<unsigned>(mechanism.kind));
  see("name", mechanism.name);
  see("q", mechanism.q);
  see("d-alg", mechanism.digest_algorithm);
  see("d-qop", mechanism.digest_qop);
  see("d-ver", mechanism.digest_verify);
  see("parameters", mechanism.parameters);
}
template <class See>
void each_field(const Identity& identity, See&& see) {
  see("digest", identity.signed_digest);
  see("info", identity.info);
  see("alg", identity.algorithm);
  see("ppt", identity.passport_type);
  see("parameters", identity.parameters);
}
template <class See>
void each_field(const ResourcePriority& resource, See&& see) {
  see("namespace", resource.name_space);
  see("priority", resource.priority);
}
template <class See>
void each_field(const AnswerMode& header, See&& see) {
  see("mode", static_cast<unsigned>(header.mode));
  see("text", header.text);
  see("require", header.require);
  see("parameters", header.parameters);
}
template <class See>
void each_field(const FeatureCaps& caps, See&& see) {
  see("parameters", caps.parameters);
}
template <class See>
void each_field(const AccessNetwork& network, See&& see) {
  see("type", network.type);
  see("network-provided", network.network_provided);
  see("utran-cell-id-3gpp", network.utran_cell_id_3gpp);
  see("cgi-3gpp", network.cgi_3gpp);
  see("dsl-location", network.dsl_location);
  see("local-time-zone", network.local_time_zone);
  see("parameters", network.parameters);
}
template <class See>
void each_field(const VisitedNetwork& network, See&& see) {
  see("network", network.name);
  see("parameters", network.parameters);
}
template <class See>
void each_field(const ChargingVector& vector, See&& see) {
  see("icid", vector.icid);
  see("icid-generated-at", vector.icid_generated_at);
  see("orig-ioi", vector.orig_ioi);
  see("term-ioi", vector.term_ioi);
  see("transit-ioi", vector.transit_ioi);
  see("related-icid", vector.related_icid);
  see("related-icid-generated-at", vector.related_icid_generated_at);
  see("parameters", vector.parameters);
}
template <class See>
void each_field(const EarlyMedia& media, See&& see) {
  see("kind", static_cast<unsigned>(media.kind));
  see("text", media.text);
}
template <class See>
void each_field(const UserToUser& header, See&& see) {
  see("data", header.data);
  see("purpose", header.purpose);
  see("content", header.content);
  see("encoding", header.encoding);
  see("parameters", header.parameters);
}
template <class See>
void each_field(const SessionId& id, See&& see) {
  see("local", id.local);
  see("remote", id.remote);
  see("parameters", id.parameters);
}
template <class See>
void each_field(const OverloadControl& control, See&& see) {
  see("supported", control.supported);
  see("oc", control.oc);
  see("algorithms", control.algorithms);
  see("has-validity", control.has_validity);
  see("validity", control.validity_ms);
  see("sequence", control.sequence);
}
template <class See>
void each_field(const ViaConnection& connection, See&& see) {
  see("alias", connection.alias);
  see("keep", connection.keep);
  see("seconds", connection.keep_seconds);
}

}  // namespace sipring::testing
