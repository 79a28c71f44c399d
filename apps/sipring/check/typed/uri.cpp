// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/tel_uri.h>

namespace sipring::app::typed {
namespace {

void put_tel(TypedValue& typed, const TelUri& tel) {
  put(typed, "number", tel.number);
  typed.emplace_back("valid", tel.is_global ? "everywhere" : "in its context");
  put(typed, "extension", tel.extension);
  put(typed, "subaddress", tel.subaddress);
  put(typed, "context", tel.context);
  put(typed, "routing-number", tel.rn);
  put(typed, "carrier", tel.cic);
  put_flag(typed, "ported-number-asked", tel.npdi);
  put(typed, "uri-parameters", tel.parameters);
}

}  // namespace

void put_uri(TypedValue& typed, const Uri& uri) {
  const std::string_view scheme = scheme_name(uri);
  put(typed, "scheme", scheme);
  if (uri.scheme == Uri::Scheme::tel) {
    if (const auto tel = parse_tel_uri(uri.text)) put_tel(typed, *tel);
    return;
  }
  if (!is_sip(uri)) return put(typed, "rest", uri.text.substr(scheme.size() + 1));
  put(typed, "user", uri.user);
  put(typed, "password", uri.password);
  put(typed, "host", uri.host);
  put(typed, "port", uri.port);
  put(typed, "uri-parameters", uri.parameters);
  put(typed, "uri-headers", uri.headers);
}

}  // namespace sipring::app::typed
