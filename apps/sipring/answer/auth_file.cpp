// SPDX-License-Identifier: MIT
#include <answer/auth_file.h>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <utility>

namespace sipring::app {
namespace {

using Done = std::expected<void, std::string>;

constexpr const char* usual_realm = "sipring";

bool is_hexadecimal(std::string_view digits) {
  return std::ranges::all_of(
      digits, [](char digit) { return std::isxdigit(static_cast<unsigned char>(digit)) != 0; });
}

HexDigest digest_of(std::string_view digits) {
  HexDigest digest{.size = static_cast<std::uint8_t>(digits.size())};
  std::ranges::transform(digits, digest.digits.begin(), [](char digit) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(digit)));
  });
  return digest;
}

}  // namespace

std::expected<AuthFile, std::string> AuthFile::read(const std::string& file,
                                                    const std::string& realm,
                                                    const HashFunctions& functions) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad()) return std::unexpected(file + " cannot be read");
  return parse(text, file, realm, functions);
}

std::expected<AuthFile, std::string> AuthFile::parse(std::string_view text, const std::string& name,
                                                     const std::string& realm,
                                                     const HashFunctions& functions) {
  AuthFile file;
  file.realm_ = realm;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (const Done added = file.add(line); !added)
      return std::unexpected(fmt::format("{} line {}: {}", name, number, added.error()));
  }
  if (const Done finished = file.finish(functions); !finished)
    return std::unexpected(fmt::format("{}: {}", name, finished.error()));
  return file;
}

std::expected<void, std::string> AuthFile::add(std::string_view line) {
  const std::size_t first = line.find(':');
  if (first == line.npos)
    return std::unexpected("there is no colon (user:password or user:realm:HA1)");
  const std::string username(line.substr(0, first));
  const std::string_view rest = line.substr(first + 1);
  if (username.empty()) return std::unexpected("the user name is empty");
  if (passwords_.contains(username) || users_.contains(username))
    return std::unexpected("the user " + username + " was there before");
  const std::size_t second = rest.find(':');
  if (second != rest.npos)
    return add_ha1(username, rest.substr(0, second), rest.substr(second + 1));
  if (rest.empty()) return std::unexpected("the password is empty");
  passwords_.emplace(username, rest);
  return {};
}

std::expected<void, std::string> AuthFile::add_ha1(const std::string& username,
                                                   std::string_view realm,
                                                   std::string_view digits) {
  if ((digits.size() != 32 && digits.size() != 64) || !is_hexadecimal(digits))
    return std::unexpected(
        "the HA1 is not 32 or 64 hexadecimal digits (a password may have no colon: give its HA1)");
  if (realm.empty()) return std::unexpected("the realm is empty");
  if (realm_.empty()) realm_ = realm;
  if (realm != realm_)
    return std::unexpected(fmt::format("the realm is {}, and {} elsewhere", realm, realm_));
  constexpr std::size_t sha_256 = 1, md5 = 2;
  Ha1s ha1s;
  ha1s[digits.size() == 32 ? md5 : sha_256] = digest_of(digits);
  users_.emplace(username, ha1s);
  return {};
}

// Now that the realm is known.
std::expected<void, std::string> AuthFile::finish(const HashFunctions& functions) {
  if (realm_.empty()) realm_ = usual_realm;
  for (const auto& [username, password] : std::exchange(passwords_, {})) {
    Ha1s& ha1s = users_[username];
    for (std::size_t i = 0; i < algorithm_count; ++i)
      if (functions.knows(strongest_first[i]))
        ha1s[i] = make_ha1(functions, strongest_first[i], username, realm_, password);
  }
  if (users_.empty()) return std::unexpected("there is no user");
  for (std::size_t i = 0; i < algorithm_count; ++i) {
    const auto has_it = [i](const auto& user) { return user.second[i].has_value(); };
    if (!functions.knows(strongest_first[i]) || !std::ranges::all_of(users_, has_it)) continue;
    algorithms_.push_back(strongest_first[i]);
    for (const auto& [username, ha1s] : users_)
      by_hash_.emplace(make_userhash(functions, strongest_first[i], username, realm_).view(), ha1s);
  }
  if (algorithms_.empty())
    return std::unexpected(
        "no algorithm serves all users: some have an HA1 of MD5, some of SHA-256");
  return {};
}

std::optional<HexDigest> AuthFile::ha1(std::string_view username, bool is_userhash,
                                       DigestAlgorithm algorithm) const {
  const Users& users = is_userhash ? by_hash_ : users_;
  const auto user = users.find(username);
  const auto index = std::ranges::find(strongest_first, algorithm) - strongest_first.begin();
  if (user == users.end() || index == algorithm_count) return std::nullopt;
  return user->second[static_cast<std::size_t>(index)];
}

}  // namespace sipring::app
