// `sipring check --resolve URI`: where a request to this URI goes, in order, and why.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sipring::app {

// `dns`: "HOST:PORT" of a name server; empty: those of the system. Prints, and gives the exit
// status: 0 when there is a target, 1 when there is none, 2 for what is no URI or address.
int show_resolution(const std::string& uri, const std::string& dns);

}  // namespace sipring::app
