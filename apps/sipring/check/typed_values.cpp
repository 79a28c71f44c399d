// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>
#include <check/typed_values.h>

#include <agent/text.h>

#include <array>
#include <cstddef>

namespace sipring::app {
namespace {

using TypeElements = typed::Elements (*)(std::string_view value);

std::array<TypeElements, 256> all_rows() {
  std::array<TypeElements, 256> types{};
  for (const auto rows :
       {typed::addresses(), typed::diversions(), typed::vias(), typed::media(), typed::events(),
        typed::authentication(), typed::dialogs(), typed::preferences(), typed::networks(),
        typed::numbers(), typed::words()})
    for (const typed::Row& row : rows) types[static_cast<std::size_t>(row.id)] = row.type;
  return types;
}

TypeElements type_of(const HeaderField& field) {
  static const auto types = all_rows();
  if (field.id != HeaderId::extension) return types[static_cast<std::size_t>(field.id)];
  if (equals_ignoring_case(field.name, "Diversion")) return typed::diversion;
  if (equals_ignoring_case(field.name, "Proxy-Authentication-Info"))
    return typed::authentication_info;
  return nullptr;
}

}  // namespace

bool has_typed_values(const HeaderField& field) {
  return type_of(field) != nullptr;
}

std::vector<TypedValue> typed_values(const HeaderField& field) {
  const TypeElements type = type_of(field);
  return type == nullptr ? std::vector<TypedValue>{} : type(field.value);
}

TypedValue typed_uri(std::string_view text) {
  TypedValue typed;
  if (const Parsed<Uri> uri = parse_uri(text)) typed::put_uri(typed, *uri);
  return typed;
}

}  // namespace sipring::app
