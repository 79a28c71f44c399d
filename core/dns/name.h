// Name: a domain name as text, "sip.example.com": lower case, without the final dot (RFC 1035
// sections 2.3.1, 3.1). Comparing names without case is comparing texts.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::dns {

class Name {
 public:
  // 255 octets on the wire (section 2.3.4) are a length for each label, and the root.
  static constexpr std::size_t most_octets = 253;
  static constexpr std::size_t most_label_octets = 63;

  Name() = default;  // the root: ""

  // A final dot is allowed. nullopt: too long, an empty label, or an octet that is not printable.
  [[nodiscard]] static std::optional<Name> parse(std::string_view text);

  // Appends a label. False: too long, or an octet that a text cannot hold: a dot, white space, a
  // control octet, one above ASCII. The name is then what it was.
  [[nodiscard]] bool add_label(std::string_view label);
  // Appends all labels of a name.
  [[nodiscard]] bool add(const Name& name);

  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }
  [[nodiscard]] bool is_root() const { return size_ == 0; }
  [[nodiscard]] std::size_t dots() const;
  // What follows the labels that begin with "_": "_sip._udp.example.com" is a service of
  // "example.com" (RFC 2782).
  [[nodiscard]] std::string_view host() const;

  friend bool operator==(const Name& a, const Name& b) { return a.view() == b.view(); }

 private:
  std::array<char, most_octets> text_;  // as far as size_ says
  std::uint8_t size_ = 0;
};

}  // namespace sipring::dns
