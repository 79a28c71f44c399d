// SPDX-License-Identifier: MIT
#include <check/report.h>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace sipring::app {
namespace {

std::string sentence(std::string_view subject, std::string_view text) {
  return subject.empty() ? std::string(text) : fmt::format("{}: {}", subject, text);
}

}  // namespace

void Report::show(std::string_view part, std::string name, std::string value,
                  std::vector<TypedValue> elements) {
  for (TypedValue& typed : elements)
    for (auto& [key, text] : typed) text = made_visible(text);
  explanation_.fields.push_back(
      {position(part), std::move(name), std::move(value), std::move(elements)});
}

void Report::mistake(Position position, ParseErrorCode code, std::string text) {
  mistakes_.add(
      {position, std::string(to_string(code)), std::move(text), std::string(rfc_section(code))},
      code == ParseErrorCode::missing_header);
}

void Report::mistake(std::string_view part, const ParseError& error, std::string_view subject) {
  const std::size_t offset = std::min<std::size_t>(error.offset, part.size());
  mistake(position(part.substr(offset)), error.code,
          sentence(subject, sipring::explanation(error.code)));
}

void Report::forgiven(Position position, Forgiveness kind, std::string text) {
  const ParseErrorCode code = error_code_of(kind);
  if (strict_) return mistake(position, code, std::move(text));
  note(position, to_string(kind), std::move(text), rfc_section(code));
}

void Report::note(Position position, std::string_view code, std::string text,
                  std::string_view section) {
  notes_.add({position, std::string(code), std::move(text), std::string(section)});
}

void Report::forgiven(std::string_view part, const Forgiven& forgiven, std::string_view subject) {
  if (forgiven.empty()) return;
  const std::size_t offset = std::min<std::size_t>(forgiven.first_offset(), part.size());
  const Position place = position(part.substr(offset));
  for (unsigned i = 0; i < std::to_underlying(Forgiveness::count); ++i) {
    const auto kind = static_cast<Forgiveness>(i);
    if (!forgiven.has(kind)) continue;
    std::string text = sentence(subject, sipring::explanation(kind));
    if (kind != forgiven.first()) {
      if (is_told(kind, place, position(part.substr(part.size())))) continue;
      text += ", here or further on";
    }
    this->forgiven(place, kind, std::move(text));
  }
}

bool Report::is_told(Forgiveness kind, Position from, Position to) const {
  return strict_ ? mistakes_.has(to_string(error_code_of(kind)), from.offset, to.offset)
                 : notes_.has(to_string(kind), from.offset, to.offset);
}

Explanation Report::take() {
  explanation_.mistakes = mistakes_.take();
  explanation_.notes = notes_.take();
  explanation_.work = text_.visited() + mistakes_.compared() + notes_.compared();
  return std::move(explanation_);
}

std::string made_visible(std::string_view text) {
  std::string visible;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\r\n")) {
      i = std::min(text.find_first_not_of(" \t\r\n", i), text.size()) - 1;
      visible += ' ';
    } else if (std::iscntrl(static_cast<unsigned char>(text[i])) != 0) {
      visible += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
    } else {
      visible += text[i];
    }
  }
  return visible;
}

}  // namespace sipring::app
