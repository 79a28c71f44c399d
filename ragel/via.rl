// Via: sent-protocol, sent-by, parameters, up to the comma before the next via-parm (RFC 3261 section 20.42, RFC 3581).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/odd_parameters.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/via.h>

#include <utility>

namespace sipring {
namespace {

using detail::octets;
using detail::text_from;

%%{
  machine via;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action take_parameter {
    if (!parameter.empty() && !take_any(parameter)) { fail(ParseErrorCode::parameter, parameter.at()); return parsed; }
    parameter.clear();
  }
  action take_plain {
    if (accelerated)
      if (const unsigned char* next = detail::take_plain_parameters<take>(via, p, pe, wide)) {
        p = next - 1;
        fgoto after_parameter;
      }
  }
  include parameter_rules "parameter_rules.rl";

  action begin { begin = p; }
  action via_start { start = p; }
  action transport { via.transport = text_from(begin, p); }
  action host { via.host = text_from(begin, p); expected = ParseErrorCode::port; }
  action no_port { port = text_from(p + 1, p + 1); }   # until one is there
  action port { port = text_from(begin, p); expected = ParseErrorCode::via; }
  action expect_host { expected = ParseErrorCode::host; }
  action expect_rest { expected = ParseErrorCode::via; }
  action skip_host { if (accelerated) p = detail::skip<detail::host_octet>(p + 1, pe, wide) - 1; }
  action underscore { via.forgiven.add(Forgiveness::underscore_in_host, offset_of(p)); }
  action zone { via.forgiven.add(Forgiveness::zone_in_host, offset_of(p)); }
  action comma { comma = p; fbreak; }

  hostname = ( ( alphanum | [\-.] ) @skip_host | "_" @underscore )+;   # an IPv4 address as well
  IPv6reference = "[" ( HEXDIG | [:.] )+ ( "%" @zone ( unreserved | "%" )+ )? "]";
  host = ( hostname | IPv6reference ) >begin %host;
  sent_by = host ( SWS ":" @no_port SWS ( DIGIT+ >begin %port )? )?;
  rest = parameters SWS ( "," @comma )?;
  after_parameter := rest;
  transport := SWS token >begin >skip_token %transport LWS sent_by >expect_host %expect_rest rest;
  main := SWS token >via_start >skip_token SLASH token >skip_token SWS "/" @{ fgoto transport; };

  write data noerror;
}%%

bool take_once(std::string_view& member, std::string_view value) {
  if (!member.empty() || value.empty() || value.front() == '"') return false;
  member = value;
  return true;
}

// An address by its octets, with brackets or without (RFC 5118 section 4.5). Whether they make an address is seen by who uses it: a
// server overwrites what it finds here.
[[gnu::always_inline]] inline bool take_received(Via& via, std::string_view value) {
  const bool wide = value.size() >= detail::run_vector;
  const unsigned char* const end = octets(value.data()) + value.size();
  return detail::skip<detail::address_octet>(octets(value.data()), end, wide) == end &&
         take_once(via.received, value);
}

bool take_rport(Via& via, const detail::RawParameter& parameter) {
  if (via.has_rport) return false;
  if (parameter.has_value()) {
    const std::optional<std::uint16_t> port = detail::port_from(parameter.value());
    if (!port) return false;
    via.rport = *port;
  }
  via.has_rport = true;
  via.rport_text = parameter.text();
  return true;
}

// False when the parameter breaks its rule or comes twice; `via` is as it was then.
[[gnu::always_inline]] inline bool take(Via& via, const detail::RawParameter& parameter) {
  const std::string_view name = parameter.name();
  switch (name.size()) {
    case 5:
      if (detail::same_token(name, "rport")) return take_rport(via, parameter);
      if (detail::same_token(name, "maddr"))
        return detail::is_host(parameter.value()) && take_once(via.maddr, parameter.value());
      return true;
    case 6:
      return !detail::same_token(name, "branch") || take_once(via.branch, parameter.value());
    case 8:
      return !detail::same_token(name, "received") || take_received(via, parameter.value());
    default:
      return true;
  }
}

// What breaks its rule and is understood all the same. A branch keeps its quotes, for it is compared; a server overwrites received and
// rport, and does not go where an odd maddr says. False: it is refused.
[[gnu::noinline, gnu::cold]] bool take_odd(Via& via, const detail::RawParameter& parameter, std::size_t offset) {
  const std::string_view name = parameter.name(), value = parameter.value();
  const bool is_quoted = value.size() > 2 && value.front() == '"';
  if (detail::same_token_of(name, "branch")) {
    if (!is_quoted || !via.branch.empty()) return false;
    via.branch = value;
    via.forgiven.add(Forgiveness::quoted_token, offset);
    return true;
  }
  if (detail::same_token_of(name, "rport")) {
    if (std::exchange(via.has_rport, true)) return false;
    via.rport_text = parameter.text();
  } else if (detail::same_token_of(name, "received")) {
    if (!via.received.empty()) return false;
    via.received = value;
  } else if (!via.maddr.empty()) {
    return false;
  }
  const bool is_empty = parameter.has_value() && value.empty();
  via.forgiven.add(is_empty ? Forgiveness::empty_parameter : Forgiveness::malformed_parameter, offset);
  return true;
}

// Nearly every Via begins so.
bool has_usual_protocol(std::string_view value) {
  return value.size() > 8 &&
         detail::load<std::uint64_t>(value.data()) == detail::word_of<std::uint64_t>("SIP/2.0/");
}

template <bool accelerated>
Parsed<Via> read_via(std::string_view value) {
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const bool wide = value.size() >= detail::run_vector;
  const unsigned char* start = p;
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  const unsigned char* comma = nullptr;
  std::string_view port;
  detail::RawParameter parameter;
  bool odd = false;
  ParseErrorCode expected = ParseErrorCode::via;
  int cs = via_en_main;
  Parsed<Via> parsed;  // one object from here to the caller: it is too large to copy
  Via& via = *parsed;
  const auto offset_of = [&](const unsigned char* where) { return static_cast<std::uint32_t>(where - octets(value.data())); };
  const auto fail = [&](ParseErrorCode code, const unsigned char* where) -> Parsed<Via>& {
    parsed = std::unexpected{ParseError{code, offset_of(where)}};
    return parsed;
  };
  const auto take_any = [&](const detail::RawParameter& given) {
    odd |= given.is_odd();
    return take(via, given) || take_odd(via, given, offset_of(given.at()));
  };

  if (accelerated && has_usual_protocol(value)) {
    p += 8;
    cs = via_en_transport;
  }
  %% write exec;

  if (cs < via_first_final) { fail(expected, p); return parsed; }
  if (!parameter.empty() && !take_any(parameter)) { fail(ParseErrorCode::parameter, parameter.at()); return parsed; }
  if (via.host.front() == '[' && !detail::is_host_or_zoned(via.host))
    { fail(ParseErrorCode::host, octets(via.host.data())); return parsed; }
  if (port.data() != nullptr) {
    const std::optional<std::uint16_t> number = detail::port_from(port);
    if (!number && !detail::is_no_port(port)) { fail(ParseErrorCode::port, octets(port.data())); return parsed; }
    if (!number) via.forgiven.add(Forgiveness::missing_port, offset_of(octets(port.data()) - 1));
    via.port = number.value_or(0);
  }
  const unsigned char* const end = detail::trim_end(start, comma == nullptr ? pe : comma);
  via.text = text_from(start, end);
  if (parameters != nullptr) {
    via.parameters = text_from(parameters, end);
    if (odd || end[-1] == ';') {
      const bool spared = detail::is_ipv6_address(via.received);
      detail::note_odd_parameters(via.parameters, offset_of(parameters), via.forgiven, spared ? via.received : std::string_view{});
    }
  }
  via.length = offset_of(comma == nullptr ? pe : comma);
  if (via.received.starts_with('[')) via.forgiven.add(Forgiveness::bracketed_received, offset_of(octets(via.received.data())));
  return parsed;
}

}  // namespace

Parsed<Via> parse_via(std::string_view value) { return read_via<true>(value); }

namespace detail {
Parsed<Via> parse_via_plain(std::string_view value) { return read_via<false>(value); }
}  // namespace detail

}  // namespace sipring
