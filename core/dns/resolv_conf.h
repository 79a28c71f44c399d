// resolv.conf as text: how a system names the settings of its resolver (resolv.conf(5)). Somebody
// else reads the file.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/resolver_settings.h>

#include <string_view>

namespace sipring::dns {

// Sets servers, search, ndots, timeout and rounds, as far as the text says: "nameserver", "search",
// "domain", and "ndots:", "timeout:", "attempts:" of "options". Everything else is passed over, and
// so are servers that are no IP addresses (a scope, "%eth0", is not understood). Without a
// nameserver it is 127.0.0.1.
void apply_resolv_conf(std::string_view text, ResolverSettings& settings);

}  // namespace sipring::dns
