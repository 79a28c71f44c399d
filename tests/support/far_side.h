// What a far side that a test plays itself says: responses and requests as texts.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "tests/support/sip_text.h"

namespace sipring::test {

// All header fields of this name, with their line ends.
inline std::string lines_of(std::string_view message, std::string_view name) {
  std::string lines;
  std::size_t at = 0;
  const std::string start = "\r\n" + std::string(name) + ":";
  while ((at = message.find(start, at)) != message.npos) {
    const std::size_t end = message.find("\r\n", at + 2);
    lines += std::string(message.substr(at + 2, end - at));
    at = end;
  }
  return lines;
}

inline std::string with_body(std::string head, std::string_view body) {
  if (!body.empty()) head += "Content-Type: application/sdp\r\n";
  return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline std::string body_of(std::string_view message) {
  return std::string(message.substr(message.find("\r\n\r\n") + 4));
}

// `more`: header lines, each with CRLF. An empty tag: To as it stands.
inline std::string reply(const std::string& request, std::string_view status_line,
                         std::string_view tag = "f1", std::string_view more = {},
                         std::string_view body = {}) {
  std::string head = "SIP/2.0 " + std::string(status_line) + "\r\n" + lines_of(request, "Via") +
                     lines_of(request, "From");
  const std::string to = header_of(request, "To");
  const bool has_tag = to.find(";tag=") != to.npos || tag.empty();
  head += "To: " + to + (has_tag ? "" : ";tag=" + std::string(tag)) + "\r\n";
  head += lines_of(request, "Call-ID") + lines_of(request, "CSeq") +
          "Contact: <sip:far@192.0.2.99>\r\n" + std::string(more);
  return with_body(std::move(head), body);
}

// A request of the far side within the dialog that a response of ours, or an INVITE of ours with
// their tag, has made.
struct FarDialog {
  std::string uri, from, to, call_id;
  int cseq = 100;

  // From a 1xx or 2xx of ours to their INVITE.
  static FarDialog of_caller(const std::string& response, int cseq = 100) {
    const std::string contact = header_of(response, "Contact");
    return {contact.substr(1, contact.size() - 2), header_of(response, "From"),
            header_of(response, "To"), header_of(response, "Call-ID"), cseq};
  }
  // From our INVITE and the tag that they have given.
  static FarDialog of_callee(const std::string& invite, std::string_view tag, int cseq = 100) {
    const std::string contact = header_of(invite, "Contact");
    return {contact.substr(1, contact.size() - 2),
            header_of(invite, "To") + ";tag=" + std::string(tag), header_of(invite, "From"),
            header_of(invite, "Call-ID"), cseq};
  }

  // With the next number, or with `number` where it is not negative.
  std::string request(std::string_view method, std::string_view more = {},
                      std::string_view body = {}, int number = -1) {
    const int sequence = number >= 0 ? number : method == "ACK" ? cseq : ++cseq;
    static int branches = 0;
    std::string head = std::string(method) + " " + uri +
                       " SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKfar" +
                       std::to_string(++branches) + "\r\nMax-Forwards: 70\r\nFrom: " + from +
                       "\r\nTo: " + to + "\r\nCall-ID: " + call_id +
                       "\r\nCSeq: " + std::to_string(sequence) + " " + std::string(method) +
                       "\r\nContact: <sip:far@192.0.2.99>\r\n" + std::string(more);
    return with_body(std::move(head), body);
  }
};

// An INVITE of the far side, outside of any dialog.
inline std::string far_invite(std::string_view uri, std::string_view more = {},
                              std::string_view body = {}, std::string_view call_id = "far1",
                              std::string_view from_tag = "f1") {
  static int branches = 0;
  std::string head =
      "INVITE " + std::string(uri) +
      " SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKinvite" + std::to_string(++branches) +
      "\r\nMax-Forwards: 70\r\nFrom: <sip:far@192.0.2.99>;tag=" + std::string(from_tag) +
      "\r\nTo: <" + std::string(uri) + ">\r\nCall-ID: " + std::string(call_id) +
      "\r\nCSeq: 100 INVITE\r\nContact: <sip:far@192.0.2.99>\r\n" + std::string(more);
  return with_body(std::move(head), body);
}

}  // namespace sipring::test
