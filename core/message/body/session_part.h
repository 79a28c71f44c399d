// The session description among the parts of a body: RFC 3261 section 13.2, RFC 5621 sections 4.2
// and 8. An INVITE may bring signalling of other networks, metadata or a place beside its SDP.
//
//   const auto part = find_session_part(message.body(), content_type, understood);
//   if (part && part->not_understood.data() != nullptr) ... 415
//
// Multiparts are looked into at every depth: of multipart/alternative the last part that is
// understood counts, of multipart/related the root first, every other is read as multipart/mixed,
// where the first session description counts. One whose disposition is another than the session's
// ("early-session", "by-reference") is none.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <span>
#include <string_view>

namespace sipring {

// Views are into the body; null data: there is none.
struct SessionPart {
  std::string_view text;
  // The media type of a part that has to be understood and is not (RFC 3204 section 5): its sender
  // says handling=required, or nothing in the body is understood at all. Where no handling is
  // stated the part is passed over, although the rule is `required`: the field does not state it
  // for what it sends beside the session (RFC 6442, RFC 7866).
  std::string_view not_understood;
};

// Parameters are not looked at: one that cannot be read does not hide what the type is. White space
// may stand round the slash (RFC 3261 section 25.1).
[[nodiscard]] bool is_of_type(std::string_view content_type, std::string_view type,
                              std::string_view subtype);
// Of the type multipart/...
[[nodiscard]] bool is_multipart(std::string_view content_type);

// Of a multipart body; `understood` lists media types beside application/sdp, without parameters.
// The error `multipart`: the type has no boundary, or the body has no delimiter.
[[nodiscard]] Parsed<SessionPart> find_session_part(
    std::string_view body, std::string_view content_type,
    std::span<const std::string_view> understood = {});

}  // namespace sipring
