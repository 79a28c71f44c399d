// Via: accelerated, plain and ordinary form agree, views stay inside, every via-parm of a list is
// reached.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/ordinary.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/header/params.h>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

void compare(const Via& a, const Via& b) {
  fuzz::must(fuzz::same_place(a.transport, b.transport), "transport");
  fuzz::must(fuzz::same_place(a.host, b.host) && a.port == b.port, "sent-by");
  fuzz::must(fuzz::same_place(a.branch, b.branch), "branch");
  fuzz::must(fuzz::same_place(a.received, b.received), "received");
  fuzz::must(fuzz::same_place(a.maddr, b.maddr), "maddr");
  fuzz::must(a.has_rport == b.has_rport && a.rport == b.rport, "rport");
  fuzz::must(fuzz::same_place(a.parameters, b.parameters), "parameters");
  fuzz::must(a.forgiven == b.forgiven, "forgiven");
  fuzz::must(fuzz::same_place(a.text, b.text) && a.length == b.length, "text");
}

void check(const Via& via, std::string_view value) {
  fuzz::must(!via.transport.empty() && !via.host.empty(), "mandatory parts");
  for (const std::string_view part :
       {via.transport, via.host, via.branch, via.received, via.maddr, via.parameters, via.text})
    fuzz::must(fuzz::is_inside(part, value), "inside");
  fuzz::must(via.length <= value.size(), "length");
  fuzz::must(via.length == value.size() || value[via.length] == ',', "ends at a comma");
  const auto branch = parameter(via.parameters, "BRANCH");
  fuzz::must(branch.value_or("") == via.branch, "parameter() finds the branch");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (std::string_view value = fuzz::text_of(data, size);;) {
    const Parsed<Via> via = parse_via(value);
    const Parsed<Via> plain = detail::parse_via_plain(value);
    fuzz::must(fuzz::same_outcome(via, plain, value), "outcome");
    Via ordinary;
    if (detail::take_ordinary_via(value, ordinary)) {
      fuzz::must(plain.has_value(), "what is taken as ordinary is good");
      compare(ordinary, *plain);
    }
    if (!via) return 0;
    compare(*via, *plain);
    check(*via, value);
    fuzz::must(strictly(via).has_value() == via->forgiven.empty(), "strict");
    if (via->length == value.size()) return 0;
    value.remove_prefix(via->length + 1);
  }
}
