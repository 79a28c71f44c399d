// Tables of cases: a row is a line of tests/corpus, cells are between tabs, the first line names
// them. "-" in a cell says that something is absent.
// SPDX-License-Identifier: MIT
#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/core/message/texts.h"

namespace sipring::testing {

using Row = std::vector<std::string>;

inline Row cells_of(std::string_view line) {
  Row row;
  for (;;) {
    const std::size_t tab = line.find('\t');
    row.emplace_back(line.substr(0, tab));
    if (tab == line.npos) return row;
    line.remove_prefix(tab + 1);
  }
}

// The rows of a file in tests/corpus, each as wide as its first line.
inline std::vector<Row> read_table(const std::string& name) {
  std::istringstream lines{read_file(corpus_path() / name)};
  std::vector<Row> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(cells_of(line));
  const std::size_t width = rows.at(0).size();
  rows.erase(rows.begin());
  for (const Row& row : rows)
    if (row.size() != width) throw std::runtime_error{name + ": a row is not like the first line"};
  return rows;
}

}  // namespace sipring::testing
