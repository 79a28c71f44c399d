// Storage, and the search for lines and attributes.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/session.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace sipring::sdp {

Session::Session(std::uint32_t max_lines, std::uint32_t max_media,
                 std::pmr::memory_resource& memory)
    : memory_(memory),
      max_lines_(std::min(max_lines, 65'535U)),
      max_media_(std::min(max_media, 65'535U)),
      lines_(static_cast<LineEntry*>(
          memory.allocate(max_lines_ * sizeof(LineEntry), alignof(LineEntry)))),
      media_(static_cast<MediaEntry*>(
          memory.allocate(max_media_ * sizeof(MediaEntry), alignof(MediaEntry))))
// Entries are given a value as lines are read.
{}

Session::~Session() {
  memory_.deallocate(media_, max_media_ * sizeof(MediaEntry), alignof(MediaEntry));
  memory_.deallocate(lines_, max_lines_ * sizeof(LineEntry), alignof(LineEntry));
}

std::size_t Session::bytes_for(std::uint32_t max_lines, std::uint32_t max_media) {
  return max_lines * sizeof(LineEntry) + max_media * sizeof(MediaEntry);
}

Section Session::lines() const {
  return {*this, 0, line_count_};
}
Section Session::head() const {
  return {*this, 0, head_end()};
}
std::string_view Session::name() const {
  return head().first('s').value_or("");
}
std::optional<Direction> Session::direction() const {
  return head().stated_direction();
}

std::uint32_t Section::find(char type, std::string_view name, std::uint32_t from) const {
  for (std::uint32_t index = from; index < size(); ++index) {
    const Session::LineEntry& entry = session_->lines_[first_ + index];
    if (entry.type != type) continue;
    if (name.empty()) return index;
    if (entry.name_length == name.size() &&
        std::memcmp(session_->text_.data() + entry.value.offset, name.data(), name.size()) == 0)
      return index;
  }
  return size();
}

std::string_view Section::value_at(std::uint32_t index, bool of_attribute) const {
  return of_attribute ? attribute_at(index).value : (*this)[index].value;
}

std::optional<std::string_view> Section::first(char type) const {
  const std::uint32_t index = find(type, {}, 0);
  if (index == size()) return std::nullopt;
  return (*this)[index].value;
}

std::optional<std::string_view> Section::attribute(std::string_view name) const {
  const std::uint32_t index = find('a', name, 0);
  if (name.empty() || index == size()) return std::nullopt;
  return attribute_at(index).value;
}

Attribute Section::attribute_at(std::uint32_t index) const {
  const std::string_view line = (*this)[index].value;
  const std::size_t length = session_->lines_[first_ + index].name_length;
  const bool at_once = length < line.size() && line[length] == ':';  // no white space was forgiven
  const std::size_t colon = at_once ? length : line.find(':', length);
  if (colon == line.npos) return {line.substr(0, length), line.substr(line.size()), false};
  return {line.substr(0, length), line.substr(colon + 1), true};
}

std::optional<Direction> Section::stated_direction() const {
  std::optional<Direction> stated;
  for (std::uint32_t index = 0; index < size(); ++index) {
    const Session::LineEntry& entry = session_->lines_[first_ + index];
    if (entry.type != 'a' || entry.name_length != 8) continue;
    if (const auto direction = direction_from(attribute_at(index).name)) stated = direction;
  }
  return stated;
}

Section::Values Section::attributes(std::string_view name) const {
  return {*this, 'a', name};
}
Section::Values Section::each(char type) const {
  return {*this, type, {}};
}

std::optional<Connection> Media::connection() const {
  if (const auto value = first('c'))
    if (const Parsed<Connection> own = parse_connection(*value)) return *own;
  return session_->connection();
}

Direction Media::direction() const {
  if (const auto own = stated_direction()) return *own;
  return session_->direction().value_or(Direction::sendrecv);
}

std::optional<std::string_view> Media::attribute_or_session(std::string_view name) const {
  if (const auto own = attribute(name)) return own;
  return session_->head().attribute(name);
}

std::string_view to_string(Direction direction) {
  switch (direction) {
    case Direction::inactive: return "inactive";
    case Direction::sendonly: return "sendonly";
    case Direction::recvonly: return "recvonly";
    case Direction::sendrecv: return "sendrecv";
  }
  return "";
}

std::optional<Direction> direction_from(std::string_view name) {
  for (const Direction direction :
       {Direction::sendrecv, Direction::sendonly, Direction::recvonly, Direction::inactive})
    if (name == to_string(direction)) return direction;
  return std::nullopt;
}

}  // namespace sipring::sdp
