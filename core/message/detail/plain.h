// The parsers by their grammars alone: no accelerator, no skipping of runs. The tests hold each
// equal to its accelerated twin.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/message.h>
#include <sipring/core/message/uri.h>

#include <string_view>

namespace sipring::detail {

Parsed<void> parse_plain(std::string_view bytes, Message& message);
Parsed<Via> parse_via_plain(std::string_view value);
Parsed<Address> parse_address_without_uri_plain(std::string_view value);
Parsed<CSeq> parse_cseq_plain(std::string_view value);
Parsed<Uri> parse_uri_plain(std::string_view text);

}  // namespace sipring::detail
