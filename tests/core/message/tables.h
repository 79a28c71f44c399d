// Rows of tables: columns with a tab between, in which \r, \n, \t and \xHH stand for octets.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sipring::testing {

inline std::string unescaped(std::string_view text) {
  std::string octets;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("\\r") || rest.starts_with("\\n") || rest.starts_with("\\t")) {
      octets += text[++at] == 'r' ? '\r' : text[at] == 'n' ? '\n' : '\t';
    } else if (rest.starts_with("\\x")) {
      octets += static_cast<char>(std::stoi(std::string(rest.substr(2, 2)), nullptr, 16));
      at += 3;
    } else {
      octets += text[at];
    }
  }
  return octets;
}

inline std::vector<std::string> columns(std::string_view row) {
  std::vector<std::string> columns;
  for (std::size_t tab; (tab = row.find('\t')) != row.npos; row.remove_prefix(tab + 1))
    columns.push_back(unescaped(row.substr(0, tab)));
  columns.push_back(unescaped(row));
  return columns;
}

}  // namespace sipring::testing
