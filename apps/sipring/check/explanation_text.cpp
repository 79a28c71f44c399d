// How an explanation is shown.
// SPDX-License-Identifier: MIT
#include <check/explanation.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sipring::app {
namespace {

using Json = nlohmann::ordered_json;

std::string typed_text(const TypedValue& typed) {
  std::string text;
  for (const auto& [name, value] : typed) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
  }
  return text;
}

// Octets that are not UTF-8 become the replacement character.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json field_json(const ExplainedField& field) {
  Json json{{"offset", field.position.offset},
            {"line", field.position.line},
            {"name", field.name},
            {"value", field.value}};
  Json elements = Json::array();
  for (const TypedValue& typed : field.elements) {
    Json element = Json::object();
    for (const auto& [name, value] : typed) element[name] = value;
    elements.push_back(std::move(element));
  }
  if (!elements.empty()) json["typed"] = std::move(elements);
  return json;
}

Json remarks_json(const std::vector<Mistake>& remarks) {
  Json all = Json::array();
  for (const Mistake& remark : remarks)
    all.push_back({{"offset", remark.position.offset},
                   {"line", remark.position.line},
                   {"code", remark.code},
                   {"text", remark.text},
                   {"section", remark.section}});
  return all;
}

std::string remarks_text(const char* kind, const std::vector<Mistake>& remarks) {
  std::string text;
  for (const Mistake& remark : remarks)
    text += fmt::format("{} at offset {}, line {}: {} [{}, {}]\n", kind, remark.position.offset,
                        remark.position.line, remark.text, remark.code, remark.section);
  return text;
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string verdict(const Explanation& explanation) {
  std::string text =
      explanation.is_valid() ? "valid" : counted(explanation.mistakes.size(), "error");
  if (!explanation.notes.empty()) text += ", " + counted(explanation.notes.size(), "note");
  return text;
}

}  // namespace

std::string to_text(const Explanation& explanation, std::string_view file) {
  std::string text =
      fmt::format("{}: {}, {} octets\n", file, verdict(explanation), explanation.octets);
  text += "offset  line  field\n";
  for (const ExplainedField& field : explanation.fields) {
    text += fmt::format("{:>6} {:>5}  {}: {}\n", field.position.offset, field.position.line,
                        field.name, field.value);
    for (const TypedValue& typed : field.elements) {
      text += fmt::format("                {}\n", typed_text(typed));
    }
  }
  text += remarks_text("error", explanation.mistakes);
  text += remarks_text("note", explanation.notes);
  return text;
}

std::string to_json(const Explanation& explanation, std::string_view file) {
  Json json{{"file", file}, {"valid", explanation.is_valid()}, {"octets", explanation.octets}};
  json["fields"] = Json::array();
  for (const ExplainedField& field : explanation.fields)
    json["fields"].push_back(field_json(field));
  json["errors"] = remarks_json(explanation.mistakes);
  json["notes"] = remarks_json(explanation.notes);
  return dump(json);
}

}  // namespace sipring::app
