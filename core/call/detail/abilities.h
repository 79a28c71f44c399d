// What calls and their user can do, as header fields say it (RFC 3261 sections 20.1, 20.5, 20.37).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/settings.h>
#include <sipring/core/message/header_block.h>

#include <string>
#include <string_view>
#include <vector>

namespace sipring {

class Abilities {
 public:
  // `settings` outlives this.
  explicit Abilities(const CallSettings& settings);

  [[nodiscard]] std::string_view allow() const { return allow_; }
  [[nodiscard]] std::string_view supported() const { return supported_; }
  [[nodiscard]] std::string_view accept() const { return accept_; }
  // Allow and Supported, as messages of a call carry them.
  [[nodiscard]] const HeaderBlock& block() const { return block_; }
  [[nodiscard]] const std::vector<std::string_view>& body_types() const { return body_types_; }

  [[nodiscard]] bool has_extension(std::string_view tag) const;
  // Beside those of calls.
  [[nodiscard]] bool has_method(std::string_view name) const;

 private:
  const CallSettings& settings_;
  std::string allow_, supported_, accept_;
  std::vector<std::string_view> body_types_;
  HeaderBlock block_;
};

}  // namespace sipring
