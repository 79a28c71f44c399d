// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/odd_parameters.h>

#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/params.h>

#include <algorithm>

namespace sipring::detail {
namespace {

// The octet behind the quoted string that begins at `at`.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return std::min(at + 1, text.size());
}

// ";" with nothing behind it but another ";" or the end.
void note_empty(std::string_view text, std::size_t offset, Forgiven& forgiven) {
  constexpr std::string_view white = " \t\r\n";
  std::size_t semicolon = text.npos;  // nothing has stood behind it so far
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ';') {
      if (semicolon != text.npos) forgiven.add(Forgiveness::empty_parameter, offset + semicolon);
      semicolon = at;
    } else if (white.find(text[at]) == white.npos) {
      semicolon = text.npos;
    }
    at = text[at] == '"' ? end_of_quoted(text, at) : at + 1;
  }
  if (semicolon != text.npos) forgiven.add(Forgiveness::empty_parameter, offset + semicolon);
}

}  // namespace

// Quotes and brackets stand where a machine lets them only.
bool is_gen_value(std::string_view value) {
  if (value.empty()) return false;
  if (value.front() == '"' || value.front() == '<') return true;
  return is_all<token_octet>(value) || (value.front() == '[' && is_host(value));
}

void note_odd_parameters(std::string_view parameters, std::size_t offset, Forgiven& forgiven,
                         std::string_view spared) {
  note_empty(parameters, offset, forgiven);
  for (const Parameter& each : Parameters(parameters)) {
    const auto at = offset + static_cast<std::size_t>(each.name.data() - parameters.data());
    const std::size_t value_at = at + each.text.size() - each.value.size();
    if (each.text.size() == each.name.size()) continue;
    if (each.value.empty())
      forgiven.add(Forgiveness::empty_parameter, at);
    else if (each.value.data() != spared.data() && !is_gen_value(each.value))
      forgiven.add(Forgiveness::loose_value, value_at);
  }
}

}  // namespace sipring::detail
