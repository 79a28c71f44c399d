// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/registry.h>

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/value_verdict.h>
#include <sipring/core/message/header/accepted.h>
#include <sipring/core/message/header/access_network.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/answer_mode.h>
#include <sipring/core/message/header/associated_uri.h>
#include <sipring/core/message/header/authentication_info.h>
#include <sipring/core/message/header/caller_preferences.h>
#include <sipring/core/message/header/challenge.h>
#include <sipring/core/message/header/charging_vector.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/content_disposition.h>
#include <sipring/core/message/header/credentials.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/date.h>
#include <sipring/core/message/header/dialog_reference.h>
#include <sipring/core/message/header/diversion.h>
#include <sipring/core/message/header/early_media.h>
#include <sipring/core/message/header/event.h>
#include <sipring/core/message/header/feature_caps.h>
#include <sipring/core/message/header/geolocation.h>
#include <sipring/core/message/header/history_info.h>
#include <sipring/core/message/header/identity.h>
#include <sipring/core/message/header/info_package.h>
#include <sipring/core/message/header/info_uri.h>
#include <sipring/core/message/header/media_type.h>
#include <sipring/core/message/header/mime.h>
#include <sipring/core/message/header/privacy.h>
#include <sipring/core/message/header/product.h>
#include <sipring/core/message/header/rack.h>
#include <sipring/core/message/header/reason.h>
#include <sipring/core/message/header/refer_sub.h>
#include <sipring/core/message/header/refer_to.h>
#include <sipring/core/message/header/resource_priority.h>
#include <sipring/core/message/header/retry_after.h>
#include <sipring/core/message/header/route.h>
#include <sipring/core/message/header/security_mechanism.h>
#include <sipring/core/message/header/session_id.h>
#include <sipring/core/message/header/session_timer.h>
#include <sipring/core/message/header/subscription_state.h>
#include <sipring/core/message/header/text.h>
#include <sipring/core/message/header/timestamp.h>
#include <sipring/core/message/header/token.h>
#include <sipring/core/message/header/user_to_user.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/header/warning.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace sipring {
namespace {

using detail::contacts;
using detail::identities;
using detail::identity;
using detail::products;
using detail::read_list;
using detail::read_list_or_empty;
using detail::read_list_or_nothing;
using detail::read_one;
using detail::seconds;

// How the values of a kind are read, and whether it stands once only.
struct Kind {
  HeaderCheck check = nullptr;
  bool once = false;
};
template <auto parse_value>
constexpr Kind one{read_one<parse_value>, true};
// Several lines may stand, with one value each.
template <auto parse_value>
constexpr Kind one_a_line{read_one<parse_value>, false};
template <auto parse_element>
constexpr Kind list{read_list<parse_element>, false};
template <auto parse_element>
constexpr Kind list_or_nothing{read_list_or_nothing<parse_element>, false};
template <auto parse_element>
constexpr Kind list_or_empty{read_list_or_empty<parse_element>, false};

struct Row {
  HeaderId id;
  Kind kind;
};

constexpr Row rows[] = {
    {HeaderId::accept, list_or_nothing<parse_accept>},
    {HeaderId::accept_contact, list<parse_accept_contact>},
    {HeaderId::accept_encoding, list_or_nothing<parse_accept_encoding>},
    {HeaderId::accept_language, list_or_nothing<parse_accept_language>},
    {HeaderId::accept_resource_priority, list_or_nothing<parse_accept_resource_priority>},
    {HeaderId::alert_info, list<parse_info_uri>},
    {HeaderId::allow, list_or_nothing<parse_token>},
    {HeaderId::allow_events, list_or_empty<parse_token>},
    {HeaderId::answer_mode, one<parse_answer_mode>},
    {HeaderId::authentication_info, one_a_line<parse_authentication_info>},
    {HeaderId::authorization, one_a_line<parse_credentials>},
    {HeaderId::call_id, one<parse_call_id>},
    {HeaderId::call_info, list<parse_info_uri>},
    {HeaderId::contact, {contacts}},
    {HeaderId::content_disposition, one<parse_content_disposition>},
    {HeaderId::content_encoding, list_or_empty<parse_token>},
    {HeaderId::content_id, one<parse_content_id>},
    {HeaderId::content_language, list<parse_token>},
    {HeaderId::content_length, one_a_line<parse_content_length>},  // framing looks for a second one
    {HeaderId::content_type, one<parse_content_type>},
    {HeaderId::cseq, one<parse_cseq>},
    {HeaderId::date, one<parse_date>},
    {HeaderId::error_info, list<parse_info_uri>},
    {HeaderId::event, one<parse_event>},
    {HeaderId::expires, {seconds<parse_expires>, true}},
    {HeaderId::feature_caps, list<parse_feature_caps>},
    {HeaderId::flow_timer, one<parse_flow_timer>},
    {HeaderId::from, one<parse_address>},
    {HeaderId::geolocation, list<parse_geolocation>},
    {HeaderId::geolocation_error, one<parse_geolocation_error>},
    {HeaderId::geolocation_routing, one<parse_geolocation_routing>},
    {HeaderId::history_info, list<parse_history_info>},
    {HeaderId::identity, {identity}},
    {HeaderId::info_package, one<parse_info_package>},
    {HeaderId::in_reply_to, list<parse_in_reply_to>},
    {HeaderId::join, one<parse_join>},
    {HeaderId::max_breadth, one<parse_max_breadth>},
    {HeaderId::max_forwards, one<parse_max_forwards>},
    {HeaderId::mime_version, one<parse_mime_version>},
    {HeaderId::min_expires, {seconds<parse_min_expires>, true}},
    {HeaderId::min_se, one<parse_min_se>},
    {HeaderId::organization, one<parse_text>},
    {HeaderId::p_access_network_info, list<parse_access_network_info>},
    {HeaderId::p_asserted_identity, {identities}},
    {HeaderId::p_associated_uri, list_or_nothing<parse_associated_uri>},
    {HeaderId::p_called_party_id, one<parse_called_party_id>},
    {HeaderId::p_charging_vector, one<parse_charging_vector>},
    {HeaderId::p_early_media, list_or_nothing<parse_early_media>},
    {HeaderId::p_preferred_identity, {identities}},
    {HeaderId::p_visited_network_id, list<parse_visited_network_id>},
    {HeaderId::path, list<parse_route>},
    {HeaderId::priority, one<parse_priority>},
    {HeaderId::priv_answer_mode, one<parse_answer_mode>},
    {HeaderId::privacy, one<parse_privacy>},
    {HeaderId::proxy_authenticate, one_a_line<parse_challenge>},
    {HeaderId::proxy_authorization, one_a_line<parse_credentials>},
    {HeaderId::proxy_require, list_or_empty<parse_token>},
    {HeaderId::rack, one<parse_rack>},
    {HeaderId::reason, list<parse_reason>},
    {HeaderId::record_route, list<parse_route>},
    {HeaderId::recv_info, list_or_nothing<parse_recv_info>},
    {HeaderId::refer_sub, one<parse_refer_sub>},
    {HeaderId::refer_to, one<parse_refer_to>},
    {HeaderId::referred_by, one<parse_referred_by>},
    {HeaderId::reject_contact, list<parse_reject_contact>},
    {HeaderId::replaces, one<parse_replaces>},
    {HeaderId::reply_to, one<parse_address>},
    {HeaderId::request_disposition, list<parse_token>},
    {HeaderId::require, list_or_empty<parse_token>},
    {HeaderId::resource_priority, list<parse_resource_priority>},
    {HeaderId::retry_after, one<parse_retry_after>},
    {HeaderId::route, list<parse_route>},
    {HeaderId::rseq, one<parse_rseq>},
    {HeaderId::security_client, list<parse_security_mechanism>},
    {HeaderId::security_server, list<parse_security_mechanism>},
    {HeaderId::security_verify, list<parse_security_mechanism>},
    {HeaderId::server, {products, true}},
    {HeaderId::service_route, list<parse_route>},
    {HeaderId::session_expires, one<parse_session_expires>},
    {HeaderId::session_id, one<parse_session_id>},
    {HeaderId::sip_etag, one<parse_entity_tag>},
    {HeaderId::sip_if_match, one<parse_entity_tag>},
    {HeaderId::subject, one<parse_text>},
    {HeaderId::subscription_state, one<parse_subscription_state>},
    {HeaderId::supported, list_or_nothing<parse_token>},
    {HeaderId::suppress_if_match, one<parse_entity_tag>},
    {HeaderId::target_dialog, one<parse_target_dialog>},
    {HeaderId::timestamp, one<parse_timestamp>},
    {HeaderId::to, one<parse_address>},
    {HeaderId::unsupported, list_or_empty<parse_token>},
    {HeaderId::user_agent, {products, true}},
    {HeaderId::user_to_user, list<parse_user_to_user>},
    {HeaderId::via, list<parse_via>},
    {HeaderId::warning, list<parse_warning>},
    {HeaderId::www_authenticate, one_a_line<parse_challenge>},
};

// Not in the registry of names.
struct NamedRow {
  std::string_view name;
  Kind kind;
};

constexpr NamedRow named_rows[] = {
    {"Diversion", list<parse_diversion>},
    {"Proxy-Authentication-Info", one<parse_authentication_info>},
};

constexpr HeaderId idle_rows[] = {
    HeaderId::accept,
    HeaderId::accept_contact,
    HeaderId::accept_encoding,
    HeaderId::accept_language,
    HeaderId::accept_resource_priority,
    HeaderId::alert_info,
    HeaderId::allow,
    HeaderId::allow_events,
    HeaderId::answer_mode,
    HeaderId::call_info,
    HeaderId::content_id,
    HeaderId::content_language,
    HeaderId::date,
    HeaderId::error_info,
    HeaderId::feature_caps,
    HeaderId::geolocation,
    HeaderId::geolocation_error,
    HeaderId::geolocation_routing,
    HeaderId::history_info,
    HeaderId::in_reply_to,
    HeaderId::mime_version,
    HeaderId::organization,
    HeaderId::p_access_network_info,
    HeaderId::p_associated_uri,
    HeaderId::p_called_party_id,
    HeaderId::p_charging_vector,
    HeaderId::p_early_media,
    HeaderId::p_visited_network_id,
    HeaderId::priority,
    HeaderId::priv_answer_mode,
    HeaderId::reason,
    HeaderId::reject_contact,
    HeaderId::reply_to,
    HeaderId::request_disposition,
    HeaderId::resource_priority,
    HeaderId::server,
    HeaderId::session_id,
    HeaderId::subject,
    HeaderId::supported,
    HeaderId::timestamp,
    HeaderId::unsupported,
    HeaderId::user_agent,
    HeaderId::user_to_user,
    HeaderId::warning,
    HeaderId::extension,  // of those, the ones that have a check: Diversion ...
};

constexpr std::array idle = [] {
  std::array<bool, 256> table{};
  for (const HeaderId id : idle_rows) table[static_cast<std::size_t>(id)] = true;
  return table;
}();

constexpr std::array kinds = [] {
  std::array<Kind, 256> table{};
  for (const Row& row : rows) table[static_cast<std::size_t>(row.id)] = row.kind;
  return table;
}();

}  // namespace

bool stands_once(HeaderId id) {
  return kinds[static_cast<std::size_t>(id)].once;
}

HeaderCheck header_check(HeaderId id) {
  return kinds[static_cast<std::size_t>(id)].check;
}

HeaderCheck header_check(const HeaderField& field) {
  if (field.id != HeaderId::extension) return header_check(field.id);
  for (const NamedRow& row : named_rows)
    if (detail::equals_ignoring_case(row.name, field.name)) return row.kind.check;
  return nullptr;
}

bool is_idle(HeaderId id) {
  return idle[static_cast<std::size_t>(id)];
}

HeaderVerdict verdict_of(const HeaderField& field) {
  const HeaderCheck check = header_check(field);
  if (check == nullptr) return {};
  HeaderVerdict verdict = check(field.value);
  if (verdict.error.code == ParseErrorCode::none || !is_idle(field.id)) return verdict;
  verdict.forgiven.add(Forgiveness::unread_value, verdict.error.offset);
  verdict.error = {};
  return verdict;
}

}  // namespace sipring
