// Lists of words, each list in one line: what is registered, and what is not. Products and texts
// for humans.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/caller_preferences.h>
#include <sipring/core/message/header/option_tag.h>
#include <sipring/core/message/header/product.h>
#include <sipring/core/message/header/token.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/warning.h>

namespace sipring::app::typed {
namespace {

void append(std::string& words, std::string_view word) {
  if (!words.empty()) words += ' ';
  words += word;
}

// Of a word: whether a registry has it.
bool is_method(std::string_view word) {
  return method_from(word) != Method::unknown;
}
bool is_option_tag(std::string_view word) {
  return option_tag_from(word) != OptionTag::unknown;
}
bool is_directive(std::string_view word) {
  return directive_from(word) != Directive::other;
}
bool is_any(std::string_view) {
  return true;
}

Elements words_of(std::string_view value, const char* name, bool (*is_known)(std::string_view)) {
  std::string known, others;
  for (const Parsed<Token>& token : elements<parse_token>(value)) {
    if (!token) break;
    append(is_known(token->text) ? known : others, token->text);
  }
  TypedValue typed;
  put(typed, name, known);
  put(typed, "unregistered", others);
  if (typed.empty()) return {};
  return {std::move(typed)};
}

Elements methods(std::string_view value) {
  return words_of(value, "methods", is_method);
}
Elements option_tags(std::string_view value) {
  return words_of(value, "option-tags", is_option_tag);
}
Elements directives(std::string_view value) {
  return words_of(value, "directives", is_directive);
}
Elements tokens(std::string_view value) {
  return words_of(value, "names", is_any);
}

Elements products(std::string_view value) {
  Elements all;
  while (!value.empty()) {
    const Parsed<Product> product = parse_product(value);
    if (!product) break;
    TypedValue typed;
    put(typed, "product", product->name);
    put(typed, "version", product->version);
    put(typed, "comment", product->comment);
    all.push_back(std::move(typed));
    value.remove_prefix(product->length);
  }
  return all;
}

TypedValue warning(const Warning& warning) {
  TypedValue typed;
  put(typed, "code", warning.code);
  put(typed, "agent", warning.agent);
  put(typed, "text", warning.text);
  return typed;
}

constexpr Row word_rows[] = {
    {HeaderId::allow, methods},
    {HeaderId::allow_events, tokens},
    {HeaderId::content_encoding, tokens},
    {HeaderId::content_language, tokens},
    {HeaderId::proxy_require, option_tags},
    {HeaderId::request_disposition, directives},
    {HeaderId::require, option_tags},
    {HeaderId::server, products},
    {HeaderId::supported, option_tags},
    {HeaderId::unsupported, option_tags},
    {HeaderId::user_agent, products},
    {HeaderId::warning, list<parse_warning, warning>},
};

}  // namespace

std::span<const Row> words() {
  return word_rows;
}

}  // namespace sipring::app::typed
