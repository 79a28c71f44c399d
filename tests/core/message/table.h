// Tables of cases: a row is a line of tests/corpus, cells are between tabs, the first line names
// them. "-" in a cell says that something is absent.
// SPDX-License-Identifier: MIT
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/core/message/texts.h"

namespace sipring::testing {

using Row = std::vector<std::string>;

// \r, \n, \t, \z (NUL) and \xHH stand for octets; any other backslash for itself.
inline std::string unescaped(std::string_view cell) {
  constexpr std::string_view letters = "rntz", octets{"\r\n\t\0", 4};
  std::string text;
  for (std::size_t at = 0; at < cell.size(); ++at) {
    const std::string_view next = cell[at] == '\\' ? cell.substr(at + 1, 1) : std::string_view();
    if (next == "x") {
      text += static_cast<char>(std::stoi(std::string(cell.substr(at + 2, 2)), nullptr, 16));
      at += 3;
    } else if (!next.empty() && letters.contains(next)) {
      text += octets[letters.find(next)];
      ++at;
    } else {
      text += cell[at];
    }
  }
  return text;
}

inline Row cells_of(std::string_view line) {
  Row row;
  for (;;) {
    const std::size_t tab = line.find('\t');
    row.emplace_back(line.substr(0, tab));
    if (tab == line.npos) return row;
    line.remove_prefix(tab + 1);
  }
}

// The rows of a file in tests/corpus, as long as each is.
inline std::vector<Row> read_ragged_table(const std::string& name) {
  std::istringstream lines{read_file(corpus_path() / name)};
  std::vector<Row> rows;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) rows.push_back(cells_of(line));
  return rows;
}

// Each as long as the line that names the cells.
inline std::vector<Row> read_table(const std::string& name) {
  std::istringstream lines{read_file(corpus_path() / name)};
  std::string names;
  std::getline(lines, names);
  const std::size_t width = cells_of(names).size();
  std::vector<Row> rows = read_ragged_table(name);
  for (const Row& row : rows)
    if (row.size() != width) throw std::runtime_error{name + ": a row is not like the first line"};
  return rows;
}

}  // namespace sipring::testing
