// Accelerator of uri.rl: the SIP URI as nearly all are written, "sip:user@host:port;name=value", in
// one pass (RFC 3261 section 19.1.1).
//
// Whatever else a URI may have (escapes, a password, an IPv6 reference, headers, other schemes) is
// left to the grammar. So is an "@" behind a host or its parameters: what came before was a user.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/uri.h>

namespace sipring::detail {

// "sip:" without case. A control octet must not fold into the colon, so its octet is compared as it
// is.
[[nodiscard]] inline bool begins_with_sip(const unsigned char* at, const unsigned char* end) {
  constexpr std::uint32_t fold_letters = 0x00202020;
  return end - at > 4 && (load<std::uint32_t>(reinterpret_cast<const char*>(at)) | fold_letters) ==
                             word_of<std::uint32_t>("sip:");
}

// *( ";" pname [ "=" pvalue ] ) without escapes; null when one is not whole.
[[nodiscard, gnu::always_inline]] inline const unsigned char* skip_uri_parameters(
    const unsigned char* at, const unsigned char* end, bool wide) {
  while (at != end && *at == ';') {
    const unsigned char* const name = at + 1;
    at = skip<parameter_octet>(name, end, wide);
    if (at == name) return nullptr;
    if (at == end || *at != '=') continue;
    const unsigned char* const value = at + 1;
    at = skip<parameter_octet>(value, end, wide);
    if (at == value) return nullptr;
  }
  return at;
}

// Takes an ordinary URI at `at` and returns what follows it; null to leave it to the grammar. The
// caller declines as well when what follows does not end a URI. See skip() for `wide`.
[[nodiscard, gnu::always_inline]] inline const unsigned char* take_uri(const unsigned char* at,
                                                                       const unsigned char* end,
                                                                       bool wide, Uri& uri) {
  if (!begins_with_sip(at, end)) return nullptr;
  const unsigned char* host = at + 4;
  const unsigned char* stop = skip<host_octet>(host, end, wide);
  std::string_view user;
  if (stop != end && *stop != ':' && *stop != ';' && *stop != '>') {
    if (*stop != '@') stop = skip<user_octet>(stop, end, wide);
    if (stop == end || *stop != '@' || stop == host) return nullptr;
    user = text_from(host, stop);
    host = stop + 1;
    stop = skip<host_octet>(host, end, wide);
  }
  const unsigned char* const host_end = stop;
  if (host_end == host) return nullptr;
  std::uint64_t port = 0;
  if (stop != end && *stop == ':') {
    port = read_number(++stop, end, 65536);
    if (port == 0 || port > 65535) return nullptr;
  }
  const unsigned char* const parameters = stop;
  stop = skip_uri_parameters(parameters, end, wide);
  if (stop == nullptr) return nullptr;
  uri.scheme = Uri::Scheme::sip;
  uri.text = text_from(at, stop);
  uri.user = user;
  uri.host = text_from(host, host_end);
  uri.port = static_cast<std::uint16_t>(port);
  if (stop != parameters) uri.parameters = text_from(parameters, stop);
  return stop;
}

// The same of a text that is exactly one URI; false leaves it to the grammar, `uri` may be filled
// then.
[[nodiscard]] inline bool take_whole_uri(std::string_view text, Uri& uri) {
  const unsigned char* const end = octets(text.data()) + text.size();
  const bool wide = text.size() >= run_vector;
  return !text.empty() && take_uri(octets(text.data()), end, wide, uri) == end;
}

}  // namespace sipring::detail
