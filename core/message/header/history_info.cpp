// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/history_info.h>

#include <sipring/core/message/detail/address_element.h>
#include <sipring/core/message/uri_parts.h>

namespace sipring {
namespace {

template <HistoryEntry::Target target>
bool take_target(HistoryEntry& entry, const Parameter& given, std::uint32_t offset) {
  constexpr auto index =
      detail::plain_value<&HistoryEntry::target_index, detail::ValueRule::index, HistoryEntry>;
  if (!index(entry, given, offset)) return false;
  entry.target = target;
  return true;
}

constexpr detail::Known<HistoryEntry> of_history_entry[] = {
    {"index", detail::plain_value<&HistoryEntry::index, detail::ValueRule::index>},
    {"rc", take_target<HistoryEntry::Target::rc>},
    {"mp", take_target<HistoryEntry::Target::mp>},
    {"np", take_target<HistoryEntry::Target::np>},
};

}  // namespace

Parsed<HistoryEntry> parse_history_info(std::string_view value) {
  Parsed<HistoryEntry> entry =
      detail::read_address<HistoryEntry>(value, detail::Brackets::expected, of_history_entry);
  if (!entry) return entry;
  if (entry->index.empty())
    return detail::refusal(ParseErrorCode::missing_parameter, entry->length);
  entry->cause = detail::number_from(parameter(entry->uri.parameters, "cause").value_or(""));
  entry->reason = uri_header(entry->uri, "Reason").value_or("");
  entry->privacy = uri_header(entry->uri, "Privacy").value_or("");
  return entry;
}

}  // namespace sipring
