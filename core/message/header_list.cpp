// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/header_grammar.h>
#include <sipring/core/message/detail/header_line_text.h>
#include <sipring/core/message/detail/header_list.h>
#include <sipring/core/message/header/address.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>

namespace sipring {

static_assert(std::is_trivially_copyable_v<HeaderList::Line>);
static_assert(std::is_trivially_destructible_v<HeaderList::Line>);

HeaderSet headers_of(const Message& message) {
  HeaderSet kinds;
  for (std::uint32_t i = 0; i < message.header_count(); ++i)
    kinds.set(std::to_underlying(message.id(i)));
  return kinds;
}

void HeaderList::clear() {
  size_ = 0;
  error_.reset();
  room_.clear();
}

void HeaderList::fail(BuildProblem problem, HeaderId header) {
  if (!error_) error_ = BuildError{problem, header};
}

bool HeaderList::make(const HeaderName& name, const HeaderValue& value, Line& line) {
  if (error_) return false;
  if (!is_token_text(name.text)) return fail(BuildProblem::bad_name, name.id), false;
  if (name.id == HeaderId::content_length) return fail(BuildProblem::computed, name.id), false;
  const auto text = value.write(name.id, room_);
  if (!text) return fail(text.error(), name.id), false;
  line = {name.id, to_string(name.id), *text, {}};
  if (name.text.data() == line.name.data()) return true;  // given by its id
  room_.begin();
  room_.put(name.text);
  const std::optional<std::string_view> own = room_.end();
  if (!own) return fail(BuildProblem::room_full, name.id), false;
  line.name = *own;
  return true;
}

void HeaderList::insert_line(std::uint32_t index, const Line& line) {
  if (error_) return;
  if (size_ == capacity) return fail(BuildProblem::too_many_headers, line.id);
  std::construct_at(&lines_[size_++], line);
  std::rotate(&lines_[index], &lines_[size_ - 1], &lines_[0] + size_);
}

void HeaderList::append(const HeaderName& name, const HeaderValue& value) {
  insert(size_, name, value);
}

void HeaderList::prepend(const HeaderName& name, const HeaderValue& value) {
  const std::uint32_t index = find(name);
  insert(index == size_ ? 0 : index, name, value);
}

void HeaderList::replace(const HeaderName& name, const HeaderValue& value) {
  const std::uint32_t index = find(name);
  if (index == size_) return append(name, value);
  Line line;
  if (!make(name, value, line)) return;
  lines_[index] = line;
  for (std::uint32_t other = size_; other-- > index + 1;)
    if (name.is(lines_[other].id, lines_[other].name)) remove_at(other);
}

void HeaderList::insert(std::uint32_t index, const HeaderName& name, const HeaderValue& value) {
  if (index > size_) return fail(BuildProblem::absent, name.id);
  Line line;
  if (make(name, value, line)) insert_line(index, line);
}

void HeaderList::remove(const HeaderName& name) {
  if (error_) return;
  const auto kind = [&](const Line& line) { return name.is(line.id, line.name); };
  Line* const end = std::remove_if(&lines_[0], &lines_[0] + size_, kind);
  size_ = static_cast<std::uint32_t>(end - &lines_[0]);
}

void HeaderList::remove_at(std::uint32_t index) {
  if (error_) return;
  if (index >= size_) return fail(BuildProblem::absent, HeaderId::extension);
  std::copy(&lines_[0] + index + 1, &lines_[0] + size_, &lines_[index]);
  --size_;
}

void HeaderList::prepend_via(Transport transport, std::string_view sent_by,
                             std::string_view branch) {
  const std::expected<Via, BuildProblem> via = make_via(transport, sent_by, branch);
  if (!via) return fail(via.error(), HeaderId::via);
  prepend(HeaderId::via, *via);
}

void HeaderList::add_tag(HeaderId header, std::string_view tag) {
  if (error_) return;
  const std::uint32_t index = find(header);
  if (index == size_) return fail(BuildProblem::absent, header);
  const Parsed<Address> address = parse_address(lines_[index].value);
  if (!address || !is_token_text(tag)) return fail(BuildProblem::malformed, header);
  if (!address->tag.empty()) return;
  room_.begin();
  room_.put(lines_[index].value), room_.put(lines_[index].value.ends_with(';') ? "tag=" : ";tag=");
  room_.put(tag);
  const std::optional<std::string_view> value = room_.end();
  if (!value) return fail(BuildProblem::room_full, header);
  lines_[index].value = *value;
  lines_[index].text = {};  // the line is written anew
}

void HeaderList::move(std::uint32_t from, std::uint32_t to) {
  if (error_) return;
  if (from >= size_ || to >= size_) return fail(BuildProblem::absent, HeaderId::extension);
  Line* const line = &lines_[from];
  Line* const place = &lines_[to];
  from < to ? std::rotate(line, line + 1, place + 1) : std::rotate(place, line, line + 1);
}

void HeaderList::append_received(HeaderId id, std::string_view value) {
  if (!is_line_text(value)) return fail(line_problem(value), id);
  insert_line(size_, {id, to_string(id), value, {}});
}

void HeaderList::copy(const Message& message, std::uint32_t index) {
  const HeaderField field = message.header(index);
  insert_line(size_, {field.id, field.name, field.value, line_text(message, field)});
}

void HeaderList::copy_kind(const Message& message, const HeaderName& name) {
  for (std::uint32_t i = 0; i < message.header_count(); ++i)
    if (name.is(message.id(i), message.header(i).name)) copy(message, i);
}

void HeaderList::copy_all(const Message& message) {
  copy_all_but(message, {});
}

void HeaderList::copy_all_but(const Message& message, std::span<const HeaderName> names) {
  for (std::uint32_t i = 0; i < message.header_count(); ++i) {
    const HeaderField field = message.header(i);
    const auto left_out = [&](const HeaderName& name) { return name.is(field.id, field.name); };
    if (std::ranges::none_of(names, left_out)) copy(message, i);
  }
}

const HeaderList::Line& HeaderList::operator[](std::uint32_t index) const {
  SIPRING_ASSERT(index < size_);
  return lines_[index];
}

std::uint32_t HeaderList::find(const HeaderName& name, std::uint32_t from) const {
  while (from < size_ && !name.is(lines_[from].id, lines_[from].name)) ++from;
  return std::min(from, size_);
}

std::string_view HeaderList::first(HeaderId id) const {
  const std::uint32_t index = find(id);
  return index == size_ ? std::string_view{} : lines_[index].value;
}

HeaderSet HeaderList::kinds() const {
  HeaderSet kinds;
  for (const Line& line : lines()) kinds.set(std::to_underlying(line.id));
  return kinds;
}

std::optional<HeaderId> HeaderList::repeated() const {
  HeaderSet seen;
  for (const Line& line : lines()) {
    const auto bit = std::to_underlying(line.id);
    if (is_single(line.id) && seen.test(bit)) return line.id;
    seen.set(bit);
  }
  return std::nullopt;
}

}  // namespace sipring
