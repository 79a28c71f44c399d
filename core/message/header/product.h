// Products and comments: Server and User-Agent (RFC 3261 sections 20.35, 20.41). Views are into the
// value.
//
//   for (std::string_view rest = value; !rest.empty();) {
//     const Parsed<Product> product = parse_product(rest);
//     if (!product) break;
//     rest.remove_prefix(product->length);
//   }
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// Either a product or a comment.
struct Product {
  std::string_view name;     // empty: a comment
  std::string_view version;  // empty when absent
  std::string_view comment;  // with its parentheses, which nest
  std::uint32_t length = 0;  // octets up to the next one, or all of them
};

// The first one of a value.
Parsed<Product> parse_product(std::string_view value);

}  // namespace sipring
