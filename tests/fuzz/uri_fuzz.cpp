// URIs: accelerated and plain agree, views stay inside; what is written reads back, equivalence is
// reflexive and symmetric, a canonical form is its own and the same of equivalent URIs. A line feed
// in the input stands between two URIs.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/tel_uri.h>
#include <sipring/core/message/uri_equality.h>
#include <sipring/core/message/uri_writer.h>

#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

void compare_with_plain(const Parsed<Uri>& uri, std::string_view text) {
  const Parsed<Uri> plain = detail::parse_uri_plain(text);
  fuzz::must(fuzz::same_outcome(uri, plain, text), "outcome");
  if (!uri) return;
  const std::string_view parts[] = {uri->text, uri->user,       uri->password,
                                    uri->host, uri->parameters, uri->headers};
  const std::string_view plain_parts[] = {plain->text, plain->user,       plain->password,
                                          plain->host, plain->parameters, plain->headers};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    fuzz::must(fuzz::same_place(parts[i], plain_parts[i]), "parts");
    fuzz::must((parts[i].data() == nullptr) == (plain_parts[i].data() == nullptr), "absent");
    fuzz::must(fuzz::is_inside(parts[i], text), "inside");
  }
  fuzz::must(uri->scheme == plain->scheme && uri->port == plain->port, "scheme and port");
  fuzz::must(strictly(uri).has_value() == strictly(plain).has_value(), "forgiven");
  fuzz::must(is_sip(*uri) != uri->host.empty(), "a SIP URI has a host");
}

// In room of exactly the size that the header promises, so that one octet more is seen.
std::string canonical(const Uri& uri) {
  std::vector<char> room(3 * uri.text.size() + 48);
  const UriText text = write_canonical(uri, room);
  fuzz::must(text.has_value(), "the promised room is enough");
  return std::string(*text);
}

void check_canonical(const Uri& uri) {
  const std::string text = canonical(uri);
  const Parsed<Uri> again = parse_uri(text);
  fuzz::must(again.has_value(), "a canonical form is a URI");
  fuzz::must(canonical(*again) == text, "a canonical form is its own");
  fuzz::must(again->scheme == uri.scheme, "of the same scheme");
}

// `forgiven`: a bare "%" may be in it.
void check_components(const UriComponents& components, std::string_view text, bool forgiven) {
  for (const UriComponent& component : components) {
    fuzz::must(!component.name.empty(), "a name");
    fuzz::must(fuzz::is_inside(component.name, text), "name inside");
    fuzz::must(fuzz::is_inside(component.value, text), "value inside");
    std::vector<char> room(component.value.size());
    fuzz::must(forgiven || unescape(component.value, room), "its escapes are well-formed");
  }
  const auto first = components.begin();
  fuzz::must(first == components.end() || find(components, first->name).has_value(), "is found");
}

void check_writer(const Uri& uri) {
  std::vector<char> room(uri.text.size());
  const UriText text = write_uri(uri, room);
  fuzz::must(text.has_value(), "a parsed URI is written in its own room");
  const Parsed<Uri> again = parse_uri(*text);
  fuzz::must(again && is_equivalent(uri, *again), "and is the same");
}

void check_tel(std::string_view text) {
  const Parsed<TelUri> tel = parse_tel_uri(text);
  if (!tel) return fuzz::must(tel.error().offset <= text.size(), "offset");
  for (const std::string_view part : {tel->number, tel->extension, tel->subaddress, tel->context,
                                      tel->rn, tel->cic, tel->parameters})
    fuzz::must(fuzz::is_inside(part, text), "inside");
  fuzz::must(tel->is_global || !tel->context.empty(), "a local number has a context");
  fuzz::must(is_equivalent(*tel, *tel), "reflexive");
  std::vector<char> digits(tel->number.size());
  fuzz::must(write_digits(*tel, digits).value_or("").size() > (tel->is_global ? 1u : 0u), "digits");
  std::vector<char> room(3 * text.size() + 32);
  const UriText sip = write_sip_uri(*tel, "h", room);
  fuzz::must(sip.has_value(), "becomes a SIP URI");
  const Parsed<Uri> uri = parse_uri(*sip);
  fuzz::must(uri && is_phone(*uri), "that parses");
  fuzz::must(parse_telephone_subscriber(uri->user).has_value(), "with a subscriber");
}

void check_pair(const Parsed<Uri>& a, const Parsed<Uri>& b) {
  if (!a || !b) return;
  const bool equivalent = is_equivalent(*a, *b);
  fuzz::must(equivalent == is_equivalent(*b, *a), "symmetric");
  if (equivalent) fuzz::must(canonical(*a) == canonical(*b), "equivalent URIs have one key");
}

Parsed<Uri> check(std::string_view text) {
  const Parsed<Uri> uri = parse_uri(text);
  compare_with_plain(uri, text);
  check_tel(text);
  if (!uri) return uri;
  const std::string copy{text};
  fuzz::must(is_equivalent(*uri, *parse_uri(copy)), "reflexive");
  check_canonical(*uri);
  check_components(uri_parameters(*uri), text,
                   uri->forgiven.has(Forgiveness::unescaped_in_uri_parameter));
  check_components(uri_headers(*uri), text,
                   uri->forgiven.has(Forgiveness::unescaped_in_uri_header));
  if (is_sip(*uri)) check_writer(*uri);
  return uri;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t line = text.find('\n');
  const Parsed<Uri> first = check(text.substr(0, line));
  if (line == text.npos) return 0;
  check_pair(first, check(text.substr(line + 1)));
  return 0;
}
