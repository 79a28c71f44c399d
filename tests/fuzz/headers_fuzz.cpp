// Header fields that have no accelerator to compare with: the first octet picks the parser. Views
// stay inside, parameters are all walked, and what is written is read back equal.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/params.h>

#include <array>
#include <string>

#include "tests/core/message/header/readings.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

std::array<char, 8192> room;

void check_texts(std::string_view value) {
  for (const auto say : {unfold, unquote, unescape_quoted}) {
    const auto said = say(value, room);
    fuzz::must(said && said->size() <= value.size(), "no text says more than it has octets");
  }
  std::array<char, 8192> back;
  if (const auto inner = escape_quoted(value, room))
    fuzz::must(unescape_quoted(*inner, back) == value, "unescape undoes escape");
}

// Every octet that is neither white space nor a separator is in some parameter.
void check_parameters(std::string_view accepted) {
  std::size_t end = 0;
  for (const Parameter& each : Parameters(accepted)) {
    fuzz::must(fuzz::is_inside(each.text, accepted), "a parameter lies inside");
    const auto at = static_cast<std::size_t>(each.text.data() - accepted.data());
    const std::string_view between = accepted.substr(end, at - end);
    fuzz::must(between.find_first_not_of(" \t\r\n;,") == between.npos, "nothing is passed over");
    end = at + each.text.size();
  }
  fuzz::must(accepted.find_first_not_of(" \t\r\n;,", end) == accepted.npos, "all is walked");
}

// What the writer makes of a reading is read as the same, and then written as the same.
template <class Header>
void check_rewriting(const Parsed<Header>& header, Parsed<Header> (*parse)(std::string_view),
                     std::optional<std::string_view> (*write)(const Header&, std::span<char>)) {
  if (!header) return;
  check_parameters(header->parameters);
  const auto first = write(*header, room);
  if (!first) return;  // folds stay in views
  const std::string copy(*first);
  const Parsed<Header> again = parse(copy);
  fuzz::must(again.has_value(), "what is written can be read");
  fuzz::must(!again->forgiven.has(Forgiveness::quoted_token) &&
                 !again->forgiven.has(Forgiveness::unquoted_string),
             "quotes are written where they must be and nowhere else");
  fuzz::must(write(*again, room) == copy, "reading and writing are inverse");
}

void check_date(std::string_view value) {
  const Parsed<Date> date = parse_date(value);
  if (!date || !date->forgiven.empty() || date->second == 60) return;
  std::array<char, date_size> text{};
  fuzz::must(parse_date(write_date(*date, text)) == date, "a date is written as it is read");
  fuzz::must(date_from_epoch(date->seconds_since_epoch()) == *date, "a date is its seconds");
}

void check_with_parameters(std::string_view value) {
  if (const auto type = parse_content_type(value)) check_parameters(type->parameters);
  if (const auto event = parse_event(value)) check_parameters(event->parameters);
  if (const auto preference = parse_accept_contact(value)) {
    check_parameters(preference->parameters);
    fuzz::must(preference->length == value.size() || value[preference->length] == ',',
               "an element ends at a comma");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 8000) return 0;
  const std::string_view value = fuzz::text_of(data, size).substr(1);
  const auto& reading = testing::readings[data[0] % std::size(testing::readings)];
  fuzz::must(reading.read(value).all_inside(), "views and offsets lie inside");
  check_texts(value);
  check_date(value);
  check_with_parameters(value);
  check_rewriting(parse_challenge(value), parse_challenge, write_challenge);
  check_rewriting(parse_credentials(value), parse_credentials, write_credentials);
  check_rewriting(parse_authentication_info(value), parse_authentication_info,
                  write_authentication_info);
  return 0;
}
