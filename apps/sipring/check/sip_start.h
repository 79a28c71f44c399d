// How SIP begins, and what stands between its messages: by which octets of a file or of a
// connection are told from those of other protocols.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace sipring::app {

// Whether octets begin as a SIP message does, be it a broken one: with "SIP/", or with a line in
// which " SIP/" and a digit stand; line ends before it are skipped (RFC 3261 section 7.5).
[[nodiscard]] bool begins_like_sip(std::string_view octets);

// Whether a start line stands at the very first octet, whole and well-formed enough to be found
// among other octets: "METHOD URI SIP/2.0" or "SIP/2.0 200 ...", and its line end.
[[nodiscard]] bool is_start_line(std::string_view octets);
// The first such line that begins a line; npos: none. Each octet is looked at a few times at most.
[[nodiscard]] std::size_t find_start_line(std::string_view octets);

// "GET / HTTP/1.1", "HTTP/1.1 200 OK": what else looks like text with a start line.
[[nodiscard]] bool begins_like_http(std::string_view octets);

// What is sent to keep a path open: line ends, white space and zeros (RFC 5626 section 3.5.1, and
// the field), and the "jaK" of some phones. The size of what begins so; 0: nothing.
[[nodiscard]] std::size_t keep_alive_size(std::string_view octets);
// Whether these octets, the last ones that came, are the beginning of a "jaK".
[[nodiscard]] bool may_become_keep_alive(std::string_view octets);
// Not empty, and nothing else.
[[nodiscard]] bool is_keep_alive(std::string_view octets);

}  // namespace sipring::app
