// SPDX-License-Identifier: MIT
#include <check/summary.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string_view>
#include <utility>

namespace sipring::app {
namespace {

std::string line_of(std::string_view title, const std::map<std::string, std::uint64_t>& counts) {
  if (counts.empty()) return "";
  std::string line = fmt::format("  {:<9}", title);
  for (const auto& [name, count] : counts) line += fmt::format("  {} {}", name, count);
  return line + "\n";
}

}  // namespace

void Summary::add(const Explanation& explanation) {
  ++messages_;
  if (explanation.is_valid()) ++valid_;
  ++kinds_[explanation.kind.empty() ? "unreadable" : explanation.kind];
  for (const Mistake& mistake : explanation.mistakes) ++mistakes_[mistake.code];
  for (const Mistake& note : explanation.notes) ++notes_[note.code];
  if (!explanation.call_id.empty()) call_ids_.insert(explanation.call_id);
}

void Summary::add(const CaptureSummary& capture) {
  const std::pair<const char*, std::uint64_t> counts[] = {
      {"all", capture.packets},
      {"not-ip", capture.not_ip},
      {"cut-off", capture.cut_off},
      {"not-sip", capture.not_sip},
      {"keep-alives", capture.keep_alives},
      {"hep3", capture.hep3},
      {"fragments-missing", capture.fragments_missing},
      {"tcp-gaps", capture.tcp_gaps},
      {"tcp-octets-skipped", capture.tcp_octets_skipped},
  };
  for (const auto& [name, count] : counts)
    if (count != 0) packets_[name] += count;
}

std::string Summary::to_text() const {
  return fmt::format("summary: {} message{}, {} valid, {} not, {} call{}\n", messages_,
                     messages_ == 1 ? "" : "s", valid_, messages_ - valid_, call_ids_.size(),
                     call_ids_.size() == 1 ? "" : "s") +
         line_of("messages", kinds_) + line_of("errors", mistakes_) + line_of("notes", notes_) +
         line_of("packets", packets_);
}

std::string Summary::to_json() const {
  const nlohmann::ordered_json json{
      {"messages", messages_},     {"valid", valid_},    {"invalid", messages_ - valid_},
      {"calls", call_ids_.size()}, {"kinds", kinds_},    {"errors", mistakes_},
      {"notes", notes_},           {"packets", packets_}};
  return nlohmann::ordered_json{{"summary", json}}.dump();
}

}  // namespace sipring::app
