// Attributes of ICE: RFC 8839 section 5. A parse function each, over the attribute's value.
//
// Lifetime: views point into the value. Reading is tolerant, strictly() refuses what was forgiven.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/core/sdp/detail/words.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace sipring::sdp {

// Section 5.1.
struct Candidate {
  std::string_view foundation;
  std::uint16_t component = 0;  // 1: RTP, 2: RTCP; to 256
  std::string_view transport;   // "UDP", "TCP" (RFC 6544), in either case
  std::uint32_t priority = 0;
  std::string_view address;  // an IP address or a name
  std::uint16_t port = 0;
  std::string_view type;             // "host", "srflx", "prflx", "relay"
  std::string_view related_address;  // raddr; empty: absent
  std::optional<std::uint16_t> related_port;
  std::string_view extensions;  // walk them with CandidateExtensions
  Forgiven forgiven;
};
Parsed<Candidate> parse_candidate(std::string_view value);

struct CandidateExtension {
  std::string_view name;
  std::string_view value;  // empty: none
};

// Pairs of name and value: "tcptype passive generation 0".
class CandidateExtensions {
 public:
  class Cursor {
   public:
    explicit Cursor(Words::Iterator words) : words_(words) { next(); }
    [[nodiscard]] const CandidateExtension& value() const { return extension_; }
    void next() {
      extension_ = {*words_, {}};
      ++words_;
      extension_.value = *words_;
      ++words_;
    }
    [[nodiscard]] bool at_end() const { return extension_.name.empty(); }

   private:
    Words::Iterator words_;
    CandidateExtension extension_;
  };
  using Iterator = InputIterator<Cursor>;

  explicit CandidateExtensions(std::string_view text) : words_(text) {}
  [[nodiscard]] Iterator begin() const { return Iterator(words_.begin()); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

 private:
  Words words_;
};

// Section 5.4: ice-ufrag has 4 to 256 octets, ice-pwd 22 to 256. Section 5.6: ice-options.
struct IceText {
  std::string_view text;
  Forgiven forgiven;
};
Parsed<IceText> parse_ice_ufrag(std::string_view value);
Parsed<IceText> parse_ice_pwd(std::string_view value);
Parsed<IceText> parse_ice_options(std::string_view value);  // one tag or more: Words(text)

}  // namespace sipring::sdp
