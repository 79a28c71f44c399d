// Parameters: *( SEMI generic-param ) of header fields and of URIs; auth-params, with commas
// between them, of challenges and credentials (RFC 3261 section 25.1). The texts here are those
// that a parser has accepted, such as Via::parameters. Nothing is copied, and nothing is read
// before it is asked for.
//
//   for (const Parameter& each : Parameters(via.parameters)) ...
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/text.h>  // unquote()
#include <sipring/pools/detail/input_iterator.h>

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace sipring {

// Views live as long as the text.
struct Parameter {
  std::string_view name;
  std::string_view value;  // quotes and escapes stay; empty when there is none
  std::string_view text;   // as written: name, or name and value
};

// All parameters of a text in their order. What no parser has accepted ends where the mistake is.
class Parameters {
 public:
  class Cursor {
   public:
    explicit Cursor(std::string_view text) : rest_(text) { next(); }
    [[nodiscard]] const Parameter& value() const { return parameter_; }
    void next();  // no name when there is none
    [[nodiscard]] bool at_end() const { return parameter_.name.empty(); }

   private:
    Parameter parameter_;
    std::string_view rest_;
  };
  using Iterator = InputIterator<Cursor>;

  explicit Parameters(std::string_view text) : text_(text) {}
  [[nodiscard]] Iterator begin() const { return Iterator(text_); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  std::string_view text_;
};

// The value of the first parameter `name` (compared without case); "" when it has no value; nullopt
// when absent. Quoted values keep their quotes.
[[nodiscard]] std::optional<std::string_view> parameter(std::string_view parameters,
                                                        std::string_view name);

}  // namespace sipring
