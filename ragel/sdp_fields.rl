// The values of o=, c=, b=, t=, r=, z=, k= and m= (RFC 8866 sections 5.2, 5.7 to 5.12, 5.14). Addresses are not looked into: a name may
// stand for one, and other networks have other addresses.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/detail/input.h>
#include <sipring/core/sdp/detail/text.h>
#include <sipring/core/sdp/fields.h>

#include <limits>

namespace sipring::sdp {
namespace {

%%{
  machine sdp_origin;
  include sdp_rules "sdp_rules.rl";

  action username { origin.username = in.word(); }
  action session_id { origin.session_id = in.word(); }
  action session_version { origin.session_version = in.word(); }
  action network_type { origin.network_type = in.word(); }
  action address_type { origin.address_type = in.word(); }
  action address { origin.address = in.word(); }

  main := extra non_ws_string >mark %username SP non_ws_string >mark %session_id SP non_ws_string >mark %session_version SP
          token >mark %network_type SP token >mark %address_type SP non_ws_string >mark %address trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_connection;
  include sdp_rules "sdp_rules.rl";

  action network_type { connection.network_type = in.word(); }
  action address_type { connection.address_type = in.word(); }
  action address { connection.address = in.word(); }
  action suffix { connection.suffix = in.word(); }
  action surplus { in.forgive(Forgiveness::sdp_value); }

  address = ( non_ws_string - ( any* "/" any* ) ) >mark %address;
  suffix = DIGIT+ ( "/" DIGIT+ )?;
  main := extra token >mark %network_type SP token >mark %address_type SP address ( "/" suffix >mark %suffix )?
          ( SP non_ws_string >surplus )* trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_bandwidth;
  include sdp_rules "sdp_rules.rl";

  action type { bandwidth.type = in.word(); }
  action value { digits = in.word(); }

  main := extra token >mark %type ":" extra DIGIT+ >mark %value trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_timing;
  include sdp_rules "sdp_rules.rl";

  action start { start = in.word(); }
  action stop { stop = in.word(); }

  main := extra DIGIT+ >mark %start SP DIGIT+ >mark %stop trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_repeat;
  include sdp_rules "sdp_rules.rl";

  action interval { interval = in.word(); }
  action duration { duration = in.word(); }
  action offset_end { repeat.offsets = in.word(); }

  typed_time = DIGIT+ [dhms]?;
  offsets = typed_time ( SP typed_time )*;
  main := extra typed_time >mark %interval SP typed_time >mark %duration SP offsets >mark %offset_end trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_zones;
  include sdp_rules "sdp_rules.rl";

  action pairs_end { zones.pairs = in.word(); }

  pair = DIGIT+ SP "-"? DIGIT+ [dhms]?;
  main := extra ( pair ( SP pair )* ) >mark %pairs_end trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_key;
  include sdp_rules "sdp_rules.rl";

  action method { key.method = in.word(); }
  action key { key.key = in.word(); }

  with_key = ( "clear" | "base64" | "uri" ) >mark %method ":" bytes >mark %key;
  main := with_key | "prompt" >mark %method;

  write data noerror noentry;
}%%

%%{
  machine sdp_media;
  include sdp_rules "sdp_rules.rl";

  action kind { media.kind = in.word(); }
  action port { port = in.word(); }
  action count { count = in.word(); }
  action protocol { media.protocol = in.word(); }
  action format { media.formats = text_from(formats == nullptr ? formats = in.begin : formats, in.p); }
  action octet { in.forgive(Forgiveness::sdp_value); }

  protocol = token ( "/" token )*;
  format = ( token_char | ( ( VCHAR | 0x80..0xff ) - token_char ) @octet )+;
  main := extra token >mark %kind SP DIGIT+ >mark %port ( "/" DIGIT+ >mark %count )? SP protocol >mark %protocol
          ( SP format >mark %format )* trailing;

  write data noerror noentry;
}%%

using detail::Input;
using detail::number_from;
using detail::text_from;

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// Section 9: "0", or ten digits and more.
void note_short_time(Input& in, std::string_view time) {
  if (time != "0" && (time.size() < 10 || time.front() == '0')) in.forgive(Forgiveness::sdp_value, time);
}

// The last word of a text, which is left without it.
std::string_view take_last_word(std::string_view& text) {
  text = text.substr(0, text.find_last_not_of(" \t") + 1);
  const std::string_view word = text.substr(text.find_last_of(" \t") + 1);
  text.remove_suffix(word.size());
  return word;
}

// Gateways write a name of two words, or none: what stands before the five words that are always there is the username, when these
// cannot be anything else.
bool read_from_the_end(Input& in, std::string_view value, Origin& origin) {
  if (value.find_first_of(std::string_view("\0\r\n", 3)) != value.npos) return false;
  std::string_view rest = value;
  for (std::string_view* const word :
       {&origin.address, &origin.address_type, &origin.network_type, &origin.session_version, &origin.session_id})
    *word = take_last_word(rest);
  origin.username = detail::trimmed(rest);
  in.forgiven = {};
  in.forgive(origin.username.empty() ? Forgiveness::sdp_value_missing : Forgiveness::sdp_value, origin.username);
  return is_number(origin.session_id) && is_number(origin.session_version) && origin.network_type == "IN" &&
         origin.address_type.starts_with("IP");
}

std::uint64_t seconds_of(char unit) {
  switch (unit) {
    case 'd': return 86400;
    case 'h': return 3600;
    case 'm': return 60;
    default: return 1;
  }
}

}  // namespace

Parsed<Origin> parse_origin(std::string_view value) {
  Input in(value, sdp_origin_start);
  Origin origin;

  %%{ machine sdp_origin; write exec; }%%

  if (in.cs < sdp_origin_first_final && !read_from_the_end(in, value, origin)) return in.fail(ParseErrorCode::sdp_origin);
  for (const std::string_view number : {origin.session_id, origin.session_version})
    if (!is_number(number)) in.forgive(Forgiveness::sdp_value, number);
  origin.forgiven = in.forgiven;
  return origin;
}

Parsed<Connection> parse_connection(std::string_view value) {
  Input in(value, sdp_connection_start);
  Connection connection;

  %%{ machine sdp_connection; write exec; }%%

  if (in.cs < sdp_connection_first_final) return in.fail(ParseErrorCode::sdp_connection);
  connection.forgiven = in.forgiven;
  return connection;
}

Parsed<Bandwidth> parse_bandwidth(std::string_view value) {
  Input in(value, sdp_bandwidth_start);
  Bandwidth bandwidth;
  std::string_view digits;

  %%{ machine sdp_bandwidth; write exec; }%%

  if (in.cs < sdp_bandwidth_first_final) return in.fail(ParseErrorCode::sdp_bandwidth);
  const auto number = number_from(digits, most);
  if (!number) return in.fail(ParseErrorCode::sdp_bandwidth, digits);
  bandwidth.value = *number;
  bandwidth.forgiven = in.forgiven;
  return bandwidth;
}

Parsed<Timing> parse_timing(std::string_view value) {
  Input in(value, sdp_timing_start);
  std::string_view start, stop;

  %%{ machine sdp_timing; write exec; }%%

  if (in.cs < sdp_timing_first_final) return in.fail(ParseErrorCode::sdp_time);
  const auto from = number_from(start, most), to = number_from(stop, most);
  if (!from || !to) return in.fail(ParseErrorCode::sdp_time, from ? stop : start);
  note_short_time(in, start);
  note_short_time(in, stop);
  return Timing{*from, *to, in.forgiven};
}

Parsed<std::uint64_t> parse_typed_time(std::string_view word) {
  std::uint64_t factor = 1;
  std::string_view digits = word;
  if (!word.empty() && (word.back() < '0' || word.back() > '9')) {
    digits.remove_suffix(1);
    factor = seconds_of(word.back());
    if (factor == 1 && word.back() != 's') digits = {};
  }
  const auto number = number_from(digits, most / factor);
  if (!number) return std::unexpected(ParseError{ParseErrorCode::sdp_time, 0});
  return *number * factor;
}

Parsed<Repeat> parse_repeat(std::string_view value) {
  Input in(value, sdp_repeat_start);
  Repeat repeat;
  std::string_view interval, duration;

  %%{ machine sdp_repeat; write exec; }%%

  if (in.cs < sdp_repeat_first_final) return in.fail(ParseErrorCode::sdp_time);
  const auto every = parse_typed_time(interval), lasting = parse_typed_time(duration);
  if (!every || !lasting) return in.fail(ParseErrorCode::sdp_time, every ? duration : interval);
  if (interval.front() == '0') in.forgive(Forgiveness::sdp_value, interval);
  repeat.interval = *every;
  repeat.duration = *lasting;
  repeat.forgiven = in.forgiven;
  return repeat;
}

Parsed<Zones> parse_zones(std::string_view value) {
  Input in(value, sdp_zones_start);
  Zones zones;

  %%{ machine sdp_zones; write exec; }%%

  if (in.cs < sdp_zones_first_final) return in.fail(ParseErrorCode::sdp_time);
  zones.forgiven = in.forgiven;
  return zones;
}

Parsed<Key> parse_key(std::string_view value) {
  Input in(value, sdp_key_start);
  Key key;

  %%{ machine sdp_key; write exec; }%%

  if (in.cs < sdp_key_first_final) return in.fail(ParseErrorCode::sdp_key);
  return key;
}

Parsed<MediaLine> parse_media_line(std::string_view value) {
  Input in(value, sdp_media_start);
  MediaLine media;
  std::string_view port, count;
  const unsigned char* formats = nullptr;

  %%{ machine sdp_media; write exec; }%%

  if (in.cs < sdp_media_first_final) return in.fail(ParseErrorCode::sdp_media);
  const auto number = number_from(port, 65535);
  if (!number) return in.fail(ParseErrorCode::sdp_media, port);
  const auto ports = count.empty() ? 1 : number_from(count, 65535);
  if (!ports || *ports == 0) return in.fail(ParseErrorCode::sdp_media, count);
  media.port = static_cast<std::uint16_t>(*number);
  media.port_count = static_cast<std::uint16_t>(*ports);
  if (formats == nullptr) {
    media.formats = value.substr(value.size());
    in.forgive(Forgiveness::sdp_value_missing, media.formats);
  }
  media.forgiven = in.forgiven;
  return media;
}

bool is_null_address(const Connection& connection) {
  return connection.address == "0.0.0.0" || connection.address == "::" || connection.address == "0:0:0:0:0:0:0:0";
}

}  // namespace sipring::sdp
