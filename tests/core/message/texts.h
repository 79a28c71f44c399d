// Texts for parsers: with the padding that parse() needs, at the edge of a page, and the corpus
// files.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/parser.h>
#include <sys/mman.h>
#include <unistd.h>

#include <source_dir.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::testing {

// Holds a text so that the octet `padding` behind its end is the first that cannot be read.
class EdgeText {
 public:
  explicit EdgeText(std::size_t padding, std::size_t capacity = 70000) : padding_{padding} {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    size_ = (capacity + padding + page - 1) / page * page;
    map_ = static_cast<char*>(
        ::mmap(nullptr, size_ + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (map_ == MAP_FAILED || ::mprotect(map_ + size_, page, PROT_NONE) != 0)
      throw std::runtime_error{"no guard page"};
    whole_ = size_ + page;
  }
  ~EdgeText() { ::munmap(map_, whole_); }
  EdgeText(const EdgeText&) = delete;
  EdgeText& operator=(const EdgeText&) = delete;

  // The padding is filled with what could mislead a parser that looks at it.
  std::string_view hold(std::string_view text, char filler = '\r') {
    char* const first = map_ + size_ - padding_ - text.size();
    if (!text.empty()) std::memcpy(first, text.data(), text.size());
    std::memset(first + text.size(), filler, padding_);
    return {first, text.size()};
  }

 private:
  std::size_t padding_;
  std::size_t size_ = 0;
  std::size_t whole_ = 0;
  char* map_ = nullptr;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{"cannot read " + path.string()};
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline std::filesystem::path corpus_path() {
  return std::filesystem::path{SIPRING_SOURCE_DIR} / "tests/corpus";
}

inline std::vector<std::filesystem::path> corpus_messages() {
  std::vector<std::filesystem::path> paths;
  for (const auto* folder : {"rfc4475", "rfc5118", "flows", "messages"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus_path() / folder))
      if (entry.path().extension() == ".dat" || entry.path().extension() == ".sip")
        paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

// What the field sends: tests/corpus/field/inputs.tsv says of each what it is.
inline std::vector<std::filesystem::path> field_messages() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(corpus_path() / "field"))
    if (entry.path().extension() == ".sip") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace sipring::testing
