// How an explanation is shown.
// SPDX-License-Identifier: MIT
#include <check/explanation.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sipring {
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

}  // namespace

std::string to_text(const Explanation& explanation, std::string_view file) {
  const std::size_t count = explanation.mistakes.size();
  std::string text =
      fmt::format("{}: {}, {} octets\n", file,
                  count == 0 ? "valid" : fmt::format("{} error{}", count, count == 1 ? "" : "s"),
                  explanation.octets);
  text += "offset  line  field\n";
  for (const ExplainedField& field : explanation.fields) {
    text += fmt::format("{:>6} {:>5}  {}: {}\n", field.position.offset, field.position.line,
                        field.name, field.value);
    for (const TypedValue& typed : field.elements) {
      text += fmt::format("                {}\n", typed_text(typed));
    }
  }
  for (const Mistake& mistake : explanation.mistakes) {
    text += fmt::format("error at offset {}, line {}: {} [{}, {}]\n", mistake.position.offset,
                        mistake.position.line, mistake.text, mistake.code, mistake.section);
  }
  return text;
}

std::string to_json(const Explanation& explanation, std::string_view file) {
  Json json{{"file", file}, {"valid", explanation.is_valid()}, {"octets", explanation.octets}};
  json["fields"] = Json::array();
  for (const ExplainedField& field : explanation.fields)
    json["fields"].push_back(field_json(field));
  json["errors"] = Json::array();
  for (const Mistake& mistake : explanation.mistakes) {
    json["errors"].push_back({{"offset", mistake.position.offset},
                              {"line", mistake.position.line},
                              {"code", mistake.code},
                              {"text", mistake.text},
                              {"section", mistake.section}});
  }
  return dump(json);
}

}  // namespace sipring
