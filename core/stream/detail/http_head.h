// The head of an HTTP message as far as an opening handshake looks at it (RFC 7230 section 3, RFC
// 6455 sections 4.1 and 4.2). ragel/http_upgrade.rl reads it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace sipring::detail {

// A header field that may come once.
struct SingleField {
  std::string_view value;
  std::uint32_t count = 0;
  void take(std::string_view its_value) {
    value = its_value;
    ++count;
  }
  [[nodiscard]] bool is(std::string_view wanted) const { return count == 1 && value == wanted; }
};

// Views point into the head.
struct HttpHead {
  std::string_view method;  // of a request
  std::string_view target;
  std::string_view version;  // "1.1"
  std::string_view status;   // of a response: three digits

  SingleField host;
  SingleField key;
  SingleField accept;
  SingleField websocket_version;
  SingleField origin;
  bool upgrade_is_websocket = false;
  bool connection_is_upgrade = false;
  bool has_sip = false;  // among the subprotocols
  std::uint32_t subprotocols = 0;
  bool has_extension = false;
  bool has_body = false;
  bool has_malformed_list = false;

  void take(std::string_view name, std::string_view text);
};

// Whether `text`, blank line and all, is one. Folded lines are none, nor are lines that end in LF.
[[nodiscard]] bool read_http_request(std::string_view text, HttpHead& head);
[[nodiscard]] bool read_http_response(std::string_view text, HttpHead& head);

// The next element of a list (section 7); empty at its end or where it is malformed: then `rest` is
// not empty.
[[nodiscard]] std::string_view next_http_element(std::string_view& rest);

}  // namespace sipring::detail
