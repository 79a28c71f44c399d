// The head of an HTTP request or response, and a list in one of its fields (RFC 7230 sections 3 and 7), for the opening
// handshake of a WebSocket (RFC 6455 section 4).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/stream/detail/http_head.h>

namespace sipring::detail {
namespace {

%%{
  machine http_head;
  alphtype unsigned char;
  include http_rules "http_rules.rl";

  action begin { begin = p; }
  action method { head.method = text_from(begin, p); }
  action target { head.target = text_from(begin, p); }
  action version { head.version = text_from(begin, p); }
  action status { head.status = text_from(begin, p); }
  action name { name = text_from(begin, p); begin = end = p; }
  action value { begin = end = p; }
  action visible { end = p + 1; }
  action field { head.take(name, text_from(begin, end)); }

  HTTP_version = "HTTP/" ( DIGIT "." DIGIT ) >begin %version;
  request_line = token >begin %method SP ( vchar+ ) >begin %target SP HTTP_version CRLF;
  status_line = HTTP_version SP ( DIGIT{3} ) >begin %status SP ( HTAB | SP | vchar | obs_text )* CRLF;

  # White space around a value is no part of it.
  field_vchar = ( vchar | obs_text ) @visible;
  field_value = ( field_vchar ( field_vchar | SP | HTAB )* )? >value;
  header_field = token >begin %name ":" OWS field_value CRLF @field;

  request := request_line header_field* CRLF @{ done = true; fbreak; };
  response := status_line header_field* CRLF @{ done = true; fbreak; };

  write data noerror nofinal;
}%%

bool read(std::string_view text, HttpHead& head, int cs) {
  const unsigned char* p = octets(text.data());
  const unsigned char* const pe = p + text.size();
  const unsigned char* begin = p;
  const unsigned char* end = p;
  std::string_view name;
  bool done = false;

  %% write exec;

  return done && p == pe;
}

%%{
  machine http_list;
  alphtype unsigned char;
  include http_rules "http_rules.rl";

  action begin { begin = p; }
  action end { end = p; }
  action next { fhold; fbreak; }

  # 1#element: empty ones are let pass.
  element = token ( "/" token )?;
  main := ( OWS "," )* OWS ( element >begin %end OWS ( "," OWS ( "," OWS )* ( tchar @next )? )? )?;

  write data noerror noentry;
}%%

}  // namespace

bool read_http_request(std::string_view text, HttpHead& head) {
  return read(text, head, http_head_en_request);
}

bool read_http_response(std::string_view text, HttpHead& head) {
  return read(text, head, http_head_en_response);
}

std::string_view next_http_element(std::string_view& rest) {
  const unsigned char* p = octets(rest.data());
  const unsigned char* const pe = p + rest.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  const unsigned char* end = p;
  int cs = http_list_start;

  %% write exec;

  if (cs < http_list_first_final) return {};
  rest.remove_prefix(static_cast<std::size_t>(p - octets(rest.data())));
  return text_from(begin, end);
}

}  // namespace sipring::detail
