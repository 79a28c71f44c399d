// Attributes that key SRTP: fingerprint, crypto and its keys (RFC 8122 section 5, RFC 4568 section 9).
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/security.h>
#include <sipring/core/sdp/detail/input.h>

namespace sipring::sdp {
namespace {

%%{
  machine sdp_fingerprint;
  include sdp_rules "sdp_rules.rl";

  action hash { fingerprint.hash = in.word(); }
  action digits { fingerprint.digits = in.word(); }
  action lower { in.forgive(Forgiveness::sdp_value); }

  UHEX = [0-9A-F] | [a-f] @lower;
  main := extra token >mark %hash SP ( UHEX UHEX ( ":" UHEX UHEX )* ) >mark %digits trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_crypto;
  include sdp_rules "sdp_rules.rl";

  action tag { tag = in.word(); }
  action suite { crypto.suite = in.word(); }
  action keys { crypto.key_parameters = in.word(); }
  action session { crypto.session_parameters = in.word(); }

  WSP = [ \t]+;
  name = ( ALPHA | DIGIT | "_" )+;
  key_info = ( VCHAR - ";" )+;
  key_param = name ":" key_info;
  main := extra DIGIT{1,9} >mark %tag WSP name >mark %suite WSP ( key_param ( ";" key_param )* ) >mark %keys
          ( WSP ( VCHAR+ ( WSP VCHAR+ )* ) >mark %session )? trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_key_parameter;
  include sdp_rules "sdp_rules.rl";

  action method { key.method = in.word(); info = in.p + 1; }
  action key_salt { key.key_salt = in.word(); }
  action lifetime { key.lifetime = in.word(); }
  action mki { key.mki = in.word(); }
  action mki_length { mki_length = in.word(); }

  base64 = ( ALPHA | DIGIT | [+/=] )+;
  lifetime = "2^"? DIGIT+;
  mki = DIGIT+ >mark %mki ":" DIGIT{1,3} >mark %mki_length;
  main := "inline" >mark %method ":" base64 >mark %key_salt ( "|" lifetime >mark %lifetime )? ( "|" mki )?;

  write data noerror noentry;
}%%

using detail::Input;
using detail::number_from;
using detail::octets;
using detail::text_from;

}  // namespace

Parsed<Fingerprint> parse_fingerprint(std::string_view value) {
  Input in(value, sdp_fingerprint_start);
  Fingerprint fingerprint;

  %%{ machine sdp_fingerprint; write exec; }%%

  if (in.cs < sdp_fingerprint_first_final) return in.fail(ParseErrorCode::sdp_fingerprint);
  fingerprint.forgiven = in.forgiven;
  return fingerprint;
}

Parsed<Crypto> parse_crypto(std::string_view value) {
  Input in(value, sdp_crypto_start);
  Crypto crypto;
  std::string_view tag;

  %%{ machine sdp_crypto; write exec; }%%

  if (in.cs < sdp_crypto_first_final) return in.fail(ParseErrorCode::sdp_crypto);
  crypto.tag = static_cast<std::uint32_t>(*number_from(tag, 999999999));
  crypto.forgiven = in.forgiven;
  return crypto;
}

Parsed<KeyParameter> parse_key_parameter(std::string_view text) {
  Input in(text, sdp_key_parameter_start);
  KeyParameter key;
  std::string_view mki_length;
  const unsigned char* info = nullptr;

  %%{ machine sdp_key_parameter; write exec; }%%

  if (in.cs < sdp_key_parameter_first_final) return in.fail(ParseErrorCode::sdp_crypto);
  key.info = text_from(info, in.pe);
  if (mki_length.empty()) return key;
  const auto length = number_from(mki_length, 128);
  if (!length || *length == 0) return in.fail(ParseErrorCode::sdp_crypto, mki_length);
  key.mki_length = static_cast<std::uint16_t>(*length);
  return key;
}

}  // namespace sipring::sdp
