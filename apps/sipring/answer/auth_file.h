// AuthFile: who may call `sipring answer --auth FILE`. A line a user; empty lines and lines that
// begin with # are skipped:
//
//   user:password
//   user:realm:HA1          as htdigest writes it: 32 digits are for MD5, 64 for SHA-256
//
// Passwords are hashed when the file is read, and not kept.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest.h>

#include <array>
#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sipring::app {

class AuthFile {
 public:
  // `realm` is for passwords; empty: that of the lines with HA1, or "sipring". The error is a
  // sentence that names file and line.
  [[nodiscard]] static std::expected<AuthFile, std::string> read(const std::string& file,
                                                                 const std::string& realm,
                                                                 const HashFunctions& functions);
  // The same of a text; `name` is for errors.
  [[nodiscard]] static std::expected<AuthFile, std::string> parse(std::string_view text,
                                                                  const std::string& name,
                                                                  const std::string& realm,
                                                                  const HashFunctions& functions);

  [[nodiscard]] const std::string& realm() const { return realm_; }
  // Those for which every user has an HA1, the strongest first. Not empty.
  [[nodiscard]] const std::vector<DigestAlgorithm>& algorithms() const { return algorithms_; }
  // nullopt: no such user.
  [[nodiscard]] std::optional<HexDigest> ha1(std::string_view username, bool is_userhash,
                                             DigestAlgorithm algorithm) const;

 private:
  static constexpr std::size_t algorithm_count = 3;
  static constexpr std::array<DigestAlgorithm, algorithm_count> strongest_first{
      DigestAlgorithm::sha_512_256, DigestAlgorithm::sha_256, DigestAlgorithm::md5};
  using Ha1s = std::array<std::optional<HexDigest>, algorithm_count>;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Users = std::unordered_map<std::string, Ha1s, Hash, std::equal_to<>>;

  // The error is what is wrong with the line.
  std::expected<void, std::string> add(std::string_view line);
  std::expected<void, std::string> add_ha1(const std::string& username, std::string_view realm,
                                           std::string_view digits);
  std::expected<void, std::string> finish(const HashFunctions& functions);

  std::string realm_;
  std::unordered_map<std::string, std::string> passwords_;  // until the realm is known
  Users users_;
  Users by_hash_;
  std::vector<DigestAlgorithm> algorithms_;
};

}  // namespace sipring::app
