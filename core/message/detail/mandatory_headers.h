// Which header fields a message must have: RFC 3261 Table 2 and the tables of the RFCs that added
// methods. Order is that in which a missing one is named. The builders refuse to make a message
// without them, validate() finds them missing in one that came.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/header_list.h>
#include <sipring/core/message/names.h>

#include <cstdint>
#include <optional>

namespace sipring {

// The first that is not among `present`; nullopt when all are.
[[nodiscard]] std::optional<HeaderId> missing_header(Method request, const HeaderSet& present);
// Of a response to a request with this method.
[[nodiscard]] std::optional<HeaderId> missing_header(int status, Method method,
                                                     const HeaderSet& present);

}  // namespace sipring
