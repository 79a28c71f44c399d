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

// In the order of offsets.
void insert(std::vector<Mistake>& all, Mistake mistake) {
  const auto offset_of = [](const Mistake& each) { return each.position.offset; };
  // What is absent stands nowhere: all of it has one place.
  const bool is_absence = mistake.code == to_string(ParseErrorCode::missing_header);
  const auto is_same = [&](const Mistake& each) {
    return each.position.offset == mistake.position.offset && each.code == mistake.code &&
           (!is_absence || each.text == mistake.text);
  };
  if (std::ranges::any_of(all, is_same)) return;
  const auto behind = std::ranges::upper_bound(all, mistake.position.offset, {}, offset_of);
  all.insert(behind, std::move(mistake));
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
  insert(explanation_.mistakes,
         {position, std::string(to_string(code)), std::move(text), std::string(rfc_section(code))});
}

void Report::mistake(std::string_view part, const ParseError& error, std::string_view subject) {
  const std::size_t offset = std::min<std::size_t>(error.offset, part.size());
  mistake(position(part.substr(offset)), error.code,
          sentence(subject, sipring::explanation(error.code)));
}

void Report::forgiven(Position position, Forgiveness kind, std::string text) {
  const ParseErrorCode code = error_code_of(kind);
  if (strict_) return mistake(position, code, std::move(text));
  insert(explanation_.notes,
         {position, std::string(to_string(kind)), std::move(text), std::string(rfc_section(code))});
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
  const std::string_view code = strict_ ? to_string(error_code_of(kind)) : to_string(kind);
  return std::ranges::any_of(
      strict_ ? explanation_.mistakes : explanation_.notes, [&](const Mistake& each) {
        const std::size_t offset = each.position.offset;
        return each.code == code && from.offset <= offset && offset <= to.offset;
      });
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
