// SPDX-License-Identifier: MIT
#include <check/sip_start.h>

#include <algorithm>

namespace sipring::app {
namespace {

constexpr std::string_view version = "SIP/2.0";
constexpr std::string_view phone_keep_alive = "jaK";
constexpr std::size_t most_method = 32;  // octets; longer ones are no word that anybody sends

std::string_view first_line(std::string_view octets) {
  return octets.substr(0, octets.find_first_of("\r\n"));
}

bool is_digit(char octet) {
  return octet >= '0' && octet <= '9';
}

bool is_status_line(std::string_view line) {
  if (!line.starts_with(version)) return false;
  const std::string_view code = line.substr(version.size());
  return code.size() >= 4 && code[0] == ' ' && std::ranges::all_of(code.substr(1, 3), is_digit);
}

bool is_method(std::string_view word) {
  return !word.empty() && word.size() <= most_method && std::ranges::all_of(word, [](char octet) {
    return (octet >= 'A' && octet <= 'Z') || is_digit(octet) || octet == '-' || octet == '_';
  });
}

// Three words: a URI has no blanks.
bool is_request_line(std::string_view line) {
  const std::size_t uri = line.find(' ') + 1;
  if (uri == 0 || !is_method(line.substr(0, uri - 1))) return false;
  const std::size_t behind = line.find(' ', uri);
  return behind != line.npos && behind != uri && line.substr(behind + 1) == version;
}

}  // namespace

bool begins_like_sip(std::string_view octets) {
  octets.remove_prefix(std::min(octets.find_first_not_of("\r\n"), octets.size()));
  const std::string_view line = first_line(octets);
  if (line.empty() || line.front() <= ' ') return false;  // a tunnel's header
  const std::size_t behind = line.find(" SIP/") + 5;
  return line.starts_with("SIP/") || (behind > 5 && behind < line.size() && is_digit(line[behind]));
}

bool is_start_line(std::string_view octets) {
  const std::string_view line = first_line(octets);
  return line.size() != octets.size() && (is_status_line(line) || is_request_line(line));
}

std::size_t find_start_line(std::string_view octets) {
  for (std::size_t at = 0; at < octets.size();) {
    const std::string_view rest = octets.substr(at);
    if (is_start_line(rest)) return at;
    const std::size_t end = rest.find('\n');
    if (end == rest.npos) break;
    at += end + 1;
  }
  return octets.npos;
}

bool begins_like_http(std::string_view octets) {
  const std::string_view line = first_line(octets);
  return line.starts_with("HTTP/") || line.find(" HTTP/1.") != line.npos;
}

std::size_t keep_alive_size(std::string_view octets) {
  std::size_t size = 0;
  for (;;) {
    size = octets.find_first_not_of(std::string_view(" \t\r\n\0", 5), size);
    if (size == octets.npos) return octets.size();
    if (!octets.substr(size).starts_with(phone_keep_alive)) return size;
    size += phone_keep_alive.size();
  }
}

bool may_become_keep_alive(std::string_view octets) {
  return octets.size() < phone_keep_alive.size() && phone_keep_alive.starts_with(octets);
}

bool is_keep_alive(std::string_view octets) {
  return !octets.empty() && keep_alive_size(octets) == octets.size();
}

}  // namespace sipring::app
