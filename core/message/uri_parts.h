// URI parameters and URI headers one by one (RFC 3261 section 19.1.1). Nothing is parsed again:
// parse_uri has accepted the text, and here it is cut.
//
//   for (const UriComponent& parameter : uri_parameters(uri)) ...
//   if (const auto subject = uri_header(uri, "Subject")) ...
//
// Views are into the URI, escapes stay (uri_writer.h). Names are compared without case and with
// their escapes undone (section 19.1.4): ";%6Cr" is lr. A parameter may come once; of one that
// comes twice the first counts.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/core/message/uri.h>
#include <sipring/core/network_address.h>
#include <sipring/pools/detail/input_iterator.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace sipring {

struct UriComponent {
  std::string_view name = {};
  std::string_view value = {};  // empty when there is none
  bool has_value = false;       // "name=" or "name=value"
};

// Components with `separator` between them. Empty ones, which parse_uri forgives, are passed over.
class UriComponents {
 public:
  class Cursor {
   public:
    Cursor(std::string_view rest, char separator) : rest_(rest), separator_(separator) { next(); }
    [[nodiscard]] const UriComponent& value() const { return component_; }
    void next();
    [[nodiscard]] bool at_end() const { return component_.name.empty(); }

   private:
    std::string_view rest_;
    UriComponent component_;
    char separator_;
  };
  using Iterator = InputIterator<Cursor>;

  UriComponents(std::string_view text, char separator) : text_(text), separator_(separator) {}
  [[nodiscard]] Iterator begin() const { return {text_, separator_}; }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  std::string_view text_;
  char separator_;
};

[[nodiscard]] inline UriComponents uri_parameters(const Uri& uri) {
  return {uri.parameters, ';'};
}
[[nodiscard]] inline UriComponents uri_headers(const Uri& uri) {
  return {uri.headers, '&'};
}

// The first of that name; nullopt when there is none.
[[nodiscard]] std::optional<UriComponent> find(const UriComponents& components,
                                               std::string_view name);
// Its value, escapes and all; "" when it has none; nullopt when absent.
[[nodiscard]] std::optional<std::string_view> uri_parameter(const Uri& uri, std::string_view name);
[[nodiscard]] std::optional<std::string_view> uri_header(const Uri& uri, std::string_view name);
[[nodiscard]] bool has_uri_parameter(const Uri& uri, std::string_view name);

// Typed. nullopt: absent, or not what its rule says (section 25.1).
[[nodiscard]] std::optional<Transport> transport_of(const Uri& uri);  // nullopt for sctp too
[[nodiscard]] std::optional<std::uint8_t> ttl_of(const Uri& uri);     // 0 to 255
[[nodiscard]] std::optional<std::string_view> maddr_of(const Uri& uri);
[[nodiscard]] std::optional<Method> method_of(const Uri& uri);  // Method::unknown: an extension
[[nodiscard]] bool is_phone(const Uri& uri);                    // user=phone
[[nodiscard]] bool is_loose_router(const Uri& uri);             // lr, also as "lr=on" or "lr=true"
[[nodiscard]] bool has_outbound(const Uri& uri);                // ob (RFC 5626 section 5.4)
// gr: "" of a temporary GRUU, the instance of a public one (RFC 5627 section 4.2).
[[nodiscard]] std::optional<std::string_view> gruu_of(const Uri& uri);
[[nodiscard]] std::optional<std::uint16_t> cause_of(const Uri& uri);  // a status (RFC 4458)

}  // namespace sipring
