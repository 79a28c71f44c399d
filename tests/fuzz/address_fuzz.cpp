// name-addr and addr-spec: accelerated and plain agree, views stay inside, with and without the
// URI's parts.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/ordinary.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/header/params.h>

#include "tests/core/message/value_agreement.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

// Without what was forgiven, which in the whole is the URI's as well.
void compare(const Address& a, const Address& b) {
  fuzz::must(fuzz::same_place(a.display_name, b.display_name), "display_name");
  fuzz::must(fuzz::same_place(a.uri.text, b.uri.text), "uri");
  fuzz::must(fuzz::same_place(a.tag, b.tag), "tag");
  fuzz::must(fuzz::same_place(a.parameters, b.parameters), "parameters");
  fuzz::must(a.bracketed == b.bracketed && a.length == b.length, "shape");
}

void check(const Address& address, std::string_view value) {
  fuzz::must(!address.uri.text.empty(), "a URI is there");
  for (const std::string_view part :
       {address.display_name, address.uri.text, address.tag, address.parameters})
    fuzz::must(fuzz::is_inside(part, value), "inside");
  fuzz::must(address.length == value.size() || value[address.length] == ',', "ends at a comma");
  fuzz::must(parameter(address.parameters, "Tag").value_or("") == address.tag,
             "parameter() finds the tag");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value = fuzz::text_of(data, size);
  const Parsed<Address> address = parse_address_without_uri(value);
  const Parsed<Address> plain = detail::parse_address_without_uri_plain(value);
  fuzz::must(fuzz::same_outcome(address, plain, value), "outcome");
  fuzz::must(testing::address_disagreement(value).empty(), "plain and accelerated");
  std::string_view tag;
  if (detail::take_ordinary_tag(value, tag)) {
    fuzz::must(plain && plain->length == value.size(), "what is taken as ordinary is good");
    fuzz::must(fuzz::same_place(tag, plain->tag), "its tag");
  }
  const Parsed<Address> whole = parse_address(value);
  if (!address) {
    fuzz::must(!whole && whole.error() == address.error(), "the whole fails as well");
    return 0;
  }
  compare(*address, *plain);
  fuzz::must(address->forgiven == plain->forgiven, "forgiven");
  check(*address, value);
  fuzz::must(strictly(address).has_value() == address->forgiven.empty(), "strict");
  const Parsed<Uri> uri = parse_uri(address->uri.text);
  fuzz::must(uri.has_value() == whole.has_value(), "the URI decides");
  if (whole) {
    compare(*whole, *address);
    fuzz::must(fuzz::same_place(whole->uri.host, uri->host), "host");
    Forgiven forgiven = address->forgiven;
    forgiven.add(uri->forgiven, static_cast<std::size_t>(uri->text.data() - value.data()));
    fuzz::must(whole->forgiven == forgiven, "forgiven in all");
  }
  return 0;
}
