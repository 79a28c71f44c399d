// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/authentication.h>
#include <sipring/core/message/detail/runs.h>

#include <algorithm>

namespace sipring::detail {
namespace {

bool is_token(std::string_view text) {
  return !text.empty() && is_all<token_octet>(text);
}

// Stays between its quotes and in its line.
bool is_quotable(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') return false;
    if (text[at] == '\\') ++at;  // the octet behind it may be a quote
    if (at == text.size()) return false;
    const auto octet = static_cast<unsigned char>(text[at]);
    if ((octet < 0x20 && octet != '\t') || octet == 0x7f) return false;
  }
  return true;
}

}  // namespace

bool is_token68(std::string_view parameters) {
  constexpr std::string_view octets =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/";
  const std::size_t end = std::min(parameters.find_first_not_of(octets), parameters.size());
  return end != 0 && parameters.find_first_not_of('=', end) == parameters.npos;
}

void note_parameter(const Parameter& given, Forgiven& forgiven, std::size_t offset) {
  if (given.value.empty())
    forgiven.add(Forgiveness::empty_parameter, offset);
  else if (given.value.front() != '"' && !is_token(given.value))
    forgiven.add(Forgiveness::loose_value, offset + given.text.size() - given.value.size());
}

void note_parameters(std::string_view scheme, std::string_view parameters, std::string_view value,
                     Forgiven& forgiven) {
  const std::uint32_t offset = offset_of(parameters, value);
  if (is_token68(parameters)) {
    if (!equals_ignoring_case(scheme, "Bearer")) forgiven.add(Forgiveness::loose_value, offset);
    return;
  }
  for (const Parameter& each : Parameters(parameters))
    note_parameter(each, forgiven, offset_of(each.name, value));
}

bool take_value(std::string_view& member, Quotes quotes, std::string_view value, Forgiven& forgiven,
                std::size_t offset) {
  if (member.data() != nullptr || value.empty()) return false;
  const bool quoted = value.front() == '"';
  member = quoted ? value.substr(1, value.size() - 2) : value;
  if (quotes == Quotes::forbidden && !is_token(member)) {
    if (quoted) return false;
    forgiven.add(Forgiveness::loose_value, offset);
  }
  if (quoted && quotes == Quotes::forbidden) forgiven.add(Forgiveness::quoted_token, offset);
  if (!quoted && quotes == Quotes::needed) forgiven.add(Forgiveness::unquoted_string, offset);
  return true;
}

bool take_nonce_count(std::string_view digits, Forgiven& forgiven, std::size_t offset) {
  if (digits.size() != 8 || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos)
    return false;
  const std::size_t upper = digits.find_first_of("ABCDEF");
  if (upper != digits.npos) forgiven.add(Forgiveness::upper_case_hex, offset + upper);
  return true;
}

void AuthenticationWriter::put_scheme(std::string_view scheme) {
  good_ = good_ && is_token(scheme);
  text_ << scheme << ' ';
}

void AuthenticationWriter::put_parameter(std::string_view name, std::string_view value,
                                         Quotes quotes) {
  const bool quoted = quotes == Quotes::needed;
  good_ = good_ && (quoted ? is_quotable(value) : is_token(value));
  if (any_) text_ << ", ";
  text_ << name << '=';
  if (quoted) text_ << '"';
  text_ << value;
  if (quoted) text_ << '"';
  any_ = true;
}

void AuthenticationWriter::put_raw(std::string_view parameters) {
  const Parsed<AuthenticationText> read = read_authentication_parameters(parameters);
  Forgiven forgiven;
  if (read) forgiven = read->forgiven, note_parameters({}, read->parameters, parameters, forgiven);
  good_ = good_ && read && forgiven.empty() && parameters.find_first_of("\r\n") == parameters.npos;
  text_ << parameters;
  any_ = true;
}

std::optional<std::string_view> AuthenticationWriter::text() const {
  if (!good_ || !any_ || !text_.fits()) return std::nullopt;
  return text_.view();
}

}  // namespace sipring::detail
