// Via, with what it says about its connection and about overload.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/overload_control.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/header/via_connection.h>

namespace sipring::app::typed {
namespace {

void put_connection(TypedValue& typed, const ViaConnection& connection) {
  put_flag(typed, "alias", connection.alias);
  if (!connection.keep) return;
  typed.emplace_back("keep", connection.keep_seconds
                                 ? std::to_string(*connection.keep_seconds) + " s"
                                 : std::string("offered"));
}

void put_overload(TypedValue& typed, const OverloadControl& control) {
  if (!control.supported) return;
  typed.emplace_back("oc", control.oc ? std::to_string(*control.oc) : "supported");
  put(typed, "oc-algo", control.algorithms);
  put(typed, "oc-validity-ms", control.validity_ms);
  put(typed, "oc-seq", control.sequence);
}

TypedValue via(const Via& via) {
  TypedValue typed;
  put(typed, "transport", via.transport);
  put(typed, "host", via.host);
  put(typed, "port", via.port);
  put(typed, "branch", via.branch);
  put(typed, "received", via.received);
  put(typed, "maddr", via.maddr);
  if (via.has_rport) typed.emplace_back("rport", via.rport ? std::to_string(via.rport) : "asked");
  if (const auto connection = parse_via_connection(via.parameters))
    put_connection(typed, *connection);
  if (const auto control = parse_overload_control(via.parameters)) put_overload(typed, *control);
  return typed;
}

constexpr Row via_rows[] = {{HeaderId::via, list<parse_via, via>}};

}  // namespace

std::span<const Row> vias() {
  return via_rows;
}

}  // namespace sipring::app::typed
