// Which parser reads which header field, at depth "full" (what a proxy or a dialog needs) and at
// depth "typed" (every header field for which there is a parser). A new parser is a new line in
// `typed_headers`.
// SPDX-License-Identifier: MIT
#pragma once

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
#include <sipring/core/message/message.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace sipring::bench {

using ReadValue = bool (*)(std::string_view value);  // false: malformed

template <auto parse_value>
bool read_value(std::string_view value) {
  return parse_value(value).has_value();
}
// elements() would do, but for its copy of each element.
template <auto parse_element>
bool read_list(std::string_view value) {
  for (;;) {
    const auto element = parse_element(value);
    if (!element) return false;
    if (element->length == value.size()) return true;
    value.remove_prefix(element->length + 1);
  }
}
template <auto parse_element>
bool read_list_or_nothing(std::string_view value) {
  return value.empty() || read_list<parse_element>(value);
}
template <auto parse_element>
bool read_contacts(std::string_view value) {
  return is_wildcard(value) || read_list<parse_element>(value);
}
inline bool read_products(std::string_view value) {
  for (;;) {
    const Parsed<Product> product = parse_product(value);
    if (!product) return false;
    if (product->length == value.size()) return true;
    value.remove_prefix(product->length);
  }
}

struct TypedHeader {
  HeaderId id;
  ReadValue read;
};
inline constexpr TypedHeader full_headers[] = {
    {HeaderId::via, read_list<parse_via>},
    {HeaderId::from, read_value<parse_address>},
    {HeaderId::to, read_value<parse_address>},
    {HeaderId::contact, read_contacts<parse_address>},
    {HeaderId::route, read_list<parse_address>},
    {HeaderId::record_route, read_list<parse_address>},
    {HeaderId::call_id, read_value<parse_call_id>},
    {HeaderId::cseq, read_value<parse_cseq>},
    {HeaderId::max_forwards, read_value<parse_max_forwards>},
    {HeaderId::content_length, read_value<parse_content_length>},
};
// Besides those, and in place of them where there is a parser for that kind alone.
inline constexpr TypedHeader typed_headers[] = {
    {HeaderId::accept, read_list_or_nothing<parse_accept>},
    {HeaderId::accept_contact, read_list<parse_accept_contact>},
    {HeaderId::accept_encoding, read_list_or_nothing<parse_accept_encoding>},
    {HeaderId::accept_language, read_list_or_nothing<parse_accept_language>},
    {HeaderId::accept_resource_priority, read_list_or_nothing<parse_accept_resource_priority>},
    {HeaderId::alert_info, read_list<parse_info_uri>},
    {HeaderId::allow, read_list_or_nothing<parse_token>},
    {HeaderId::allow_events, read_list<parse_token>},
    {HeaderId::answer_mode, read_value<parse_answer_mode>},
    {HeaderId::authentication_info, read_value<parse_authentication_info>},
    {HeaderId::authorization, read_value<parse_credentials>},
    {HeaderId::call_info, read_list<parse_info_uri>},
    {HeaderId::contact, read_contacts<parse_contact>},
    {HeaderId::content_disposition, read_value<parse_content_disposition>},
    {HeaderId::content_encoding, read_list<parse_token>},
    {HeaderId::content_id, read_value<parse_content_id>},
    {HeaderId::content_language, read_list<parse_token>},
    {HeaderId::content_type, read_value<parse_content_type>},
    {HeaderId::date, read_value<parse_date>},
    {HeaderId::error_info, read_list<parse_info_uri>},
    {HeaderId::event, read_value<parse_event>},
    {HeaderId::expires, read_value<parse_expires>},
    {HeaderId::feature_caps, read_list<parse_feature_caps>},
    {HeaderId::flow_timer, read_value<parse_flow_timer>},
    {HeaderId::geolocation, read_list<parse_geolocation>},
    {HeaderId::geolocation_error, read_value<parse_geolocation_error>},
    {HeaderId::geolocation_routing, read_value<parse_geolocation_routing>},
    {HeaderId::history_info, read_list<parse_history_info>},
    {HeaderId::identity, read_value<parse_identity>},
    {HeaderId::info_package, read_value<parse_info_package>},
    {HeaderId::in_reply_to, read_list<parse_in_reply_to>},
    {HeaderId::join, read_value<parse_join>},
    {HeaderId::max_breadth, read_value<parse_max_breadth>},
    {HeaderId::mime_version, read_value<parse_mime_version>},
    {HeaderId::min_expires, read_value<parse_min_expires>},
    {HeaderId::min_se, read_value<parse_min_se>},
    {HeaderId::organization, read_value<parse_text>},
    {HeaderId::p_access_network_info, read_list<parse_access_network_info>},
    {HeaderId::p_asserted_identity, read_list<parse_address>},
    {HeaderId::p_associated_uri, read_list_or_nothing<parse_associated_uri>},
    {HeaderId::p_called_party_id, read_value<parse_called_party_id>},
    {HeaderId::p_charging_vector, read_value<parse_charging_vector>},
    {HeaderId::p_early_media, read_list_or_nothing<parse_early_media>},
    {HeaderId::p_preferred_identity, read_list<parse_address>},
    {HeaderId::p_visited_network_id, read_list<parse_visited_network_id>},
    {HeaderId::path, read_list<parse_route>},
    {HeaderId::priority, read_value<parse_priority>},
    {HeaderId::priv_answer_mode, read_value<parse_answer_mode>},
    {HeaderId::privacy, read_value<parse_privacy>},
    {HeaderId::proxy_authenticate, read_value<parse_challenge>},
    {HeaderId::proxy_authorization, read_value<parse_credentials>},
    {HeaderId::proxy_require, read_list<parse_token>},
    {HeaderId::rack, read_value<parse_rack>},
    {HeaderId::reason, read_list<parse_reason>},
    {HeaderId::record_route, read_list<parse_route>},
    {HeaderId::recv_info, read_list_or_nothing<parse_recv_info>},
    {HeaderId::refer_sub, read_value<parse_refer_sub>},
    {HeaderId::refer_to, read_value<parse_refer_to>},
    {HeaderId::referred_by, read_value<parse_referred_by>},
    {HeaderId::reject_contact, read_list<parse_reject_contact>},
    {HeaderId::replaces, read_value<parse_replaces>},
    {HeaderId::reply_to, read_value<parse_address>},
    {HeaderId::request_disposition, read_list<parse_token>},
    {HeaderId::require, read_list<parse_token>},
    {HeaderId::resource_priority, read_list<parse_resource_priority>},
    {HeaderId::retry_after, read_value<parse_retry_after>},
    {HeaderId::route, read_list<parse_route>},
    {HeaderId::rseq, read_value<parse_rseq>},
    {HeaderId::security_client, read_list<parse_security_mechanism>},
    {HeaderId::security_server, read_list<parse_security_mechanism>},
    {HeaderId::security_verify, read_list<parse_security_mechanism>},
    {HeaderId::server, read_products},
    {HeaderId::service_route, read_list<parse_route>},
    {HeaderId::session_expires, read_value<parse_session_expires>},
    {HeaderId::session_id, read_value<parse_session_id>},
    {HeaderId::sip_etag, read_value<parse_entity_tag>},
    {HeaderId::sip_if_match, read_value<parse_entity_tag>},
    {HeaderId::subject, read_value<parse_text>},
    {HeaderId::subscription_state, read_value<parse_subscription_state>},
    {HeaderId::supported, read_list_or_nothing<parse_token>},
    {HeaderId::suppress_if_match, read_value<parse_entity_tag>},
    {HeaderId::target_dialog, read_value<parse_target_dialog>},
    {HeaderId::timestamp, read_value<parse_timestamp>},
    {HeaderId::unsupported, read_list<parse_token>},
    {HeaderId::user_agent, read_products},
    {HeaderId::user_to_user, read_list<parse_user_to_user>},
    {HeaderId::warning, read_list<parse_warning>},
    {HeaderId::www_authenticate, read_value<parse_challenge>},
};

using Readers = std::array<ReadValue, 256>;  // by HeaderId; null: left as it is

consteval Readers readers_of(std::span<const TypedHeader> some, std::span<const TypedHeader> more) {
  Readers readers{};
  for (const TypedHeader& header : some) readers[std::to_underlying(header.id)] = header.read;
  for (const TypedHeader& header : more) readers[std::to_underlying(header.id)] = header.read;
  return readers;
}
inline constexpr Readers full_readers = readers_of(full_headers, {});
inline constexpr Readers typed_readers = readers_of(full_headers, typed_headers);

// The Request-URI and every header field that has a reader, in the order of the message.
inline bool read_headers(const Message& message, const Readers& readers) {
  for (std::uint32_t i = 0; i < message.header_count(); ++i) {
    const ReadValue read = readers[std::to_underlying(message.id(i))];
    if (read != nullptr && !read(message.header(i).value)) return false;
  }
  return !message.is_request() || parse_uri(message.request_uri());
}

}  // namespace sipring::bench
