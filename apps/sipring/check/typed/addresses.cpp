// From, To, Contact, routes, and what else is an address.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/associated_uri.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/geolocation.h>
#include <sipring/core/message/header/info_uri.h>
#include <sipring/core/message/header/refer_to.h>
#include <sipring/core/message/header/route.h>

namespace sipring::app::typed {
namespace {

TypedValue address(const Address& address) {
  TypedValue typed;
  put(typed, "name", address.display_name);
  put_uri(typed, address.uri);
  put(typed, "tag", address.tag);
  put(typed, "parameters", address.parameters);
  return typed;
}

TypedValue contact(const Contact& contact) {
  if (contact.wildcard) return {{"contact", "all bindings"}};
  TypedValue typed = address(contact);
  if (contact.q) put_quality(typed, *contact.q);
  put(typed, "expires", contact.expires);
  put(typed, "reg-id", contact.reg_id);
  put(typed, "instance", contact.instance);
  put(typed, "pub-gruu", contact.pub_gruu);
  put(typed, "temp-gruu", contact.temp_gruu);
  put_flag(typed, "outbound", contact.outbound);
  put_flag(typed, "gruu", contact.gruu);
  return typed;
}

TypedValue route(const Route& route) {
  TypedValue typed = address(route);
  typed.emplace_back("routing", route.loose ? "loose" : "strict");
  put_flag(typed, "outbound", route.outbound);
  return typed;
}

TypedValue refer_to(const ReferTo& refer_to) {
  TypedValue typed = address(refer_to);
  put(typed, "method", refer_to.method);
  put(typed, "replaces", refer_to.replaces);
  return typed;
}

TypedValue referred_by(const ReferredBy& referred_by) {
  TypedValue typed = address(referred_by);
  put(typed, "cid", referred_by.content_id);
  return typed;
}

TypedValue info_uri(const InfoUri& info) {
  TypedValue typed = address(info);
  put(typed, "purpose", info.purpose);
  return typed;
}

TypedValue geolocation(const Geolocation& location) {
  TypedValue typed = address(location);
  put(typed, "cid", location.content_id);
  return typed;
}

constexpr Row address_rows[] = {
    {HeaderId::alert_info, list<parse_info_uri, info_uri>},
    {HeaderId::call_info, list<parse_info_uri, info_uri>},
    {HeaderId::contact, list<parse_contact, contact>},
    {HeaderId::error_info, list<parse_info_uri, info_uri>},
    {HeaderId::from, one<parse_address, address>},
    {HeaderId::geolocation, list<parse_geolocation, geolocation>},
    {HeaderId::p_asserted_identity, list<parse_address, address>},
    {HeaderId::p_associated_uri, list<parse_associated_uri, address>},
    {HeaderId::p_called_party_id, one<parse_called_party_id, address>},
    {HeaderId::p_preferred_identity, list<parse_address, address>},
    {HeaderId::path, list<parse_route, route>},
    {HeaderId::record_route, list<parse_route, route>},
    {HeaderId::refer_to, one<parse_refer_to, refer_to>},
    {HeaderId::referred_by, one<parse_referred_by, referred_by>},
    {HeaderId::reply_to, one<parse_address, address>},
    {HeaderId::route, list<parse_route, route>},
    {HeaderId::service_route, list<parse_route, route>},
    {HeaderId::to, one<parse_address, address>},
};

}  // namespace

std::span<const Row> addresses() {
  return address_rows;
}

}  // namespace sipring::app::typed
