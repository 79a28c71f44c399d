// Edits are kept in the order of their places. Each place is in the message that was parsed, so
// that one edit does not move another.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/assembly.h>
#include <sipring/core/message/detail/header_grammar.h>
#include <sipring/core/message/detail/header_line_text.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/message_edit.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <cstring>

namespace sipring {
namespace {

constexpr std::string_view crlf = "\r\n";
const char* end_of(std::string_view text) {
  return text.data() + text.size();
}

// Where the element at or behind `at` begins: past white space and folds.
std::size_t skip_white(std::string_view value, std::size_t at) {
  return std::min(value.find_first_not_of(" \t\r\n", at), value.size());
}

}  // namespace

MessageEdit& MessageEdit::start(const Message& message) {
  message_ = &message;
  room_.clear();
  count_ = popped_vias_ = popped_routes_ = 0;
  has_new_body_ = false;
  error_.reset();
  return *this;
}

MessageEdit& MessageEdit::fail(BuildProblem problem, HeaderId header) {
  if (!error_) error_ = BuildError{problem, header};
  return *this;
}

void MessageEdit::put(std::uint32_t index, const Edit& edit, Owner owner) {
  if (count_ == capacity) {
    fail(BuildProblem::too_many_headers, HeaderId::extension);
    return;
  }
  std::copy_backward(edits_.begin() + index, edits_.begin() + count_, edits_.begin() + count_ + 1);
  std::copy_backward(owners_.begin() + index, owners_.begin() + count_,
                     owners_.begin() + count_ + 1);
  edits_[index] = edit;
  owners_[index] = owner;
  ++count_;
  const bool before = index > 0 && end_of(edits_[index - 1].replaced) > edit.replaced.data();
  const bool behind =
      index + 1 < count_ && edits_[index + 1].replaced.data() < end_of(edit.replaced);
  if (before || behind) fail(BuildProblem::overlap, HeaderId::extension);
}

MessageEdit& MessageEdit::insert(const char* at, Among among, std::string_view text) {
  if (error_) return *this;
  std::uint32_t index = 0;
  const auto comes_before = [&](const Edit& edit) {
    if (edit.replaced.data() != at) return edit.replaced.data() < at;
    return among == Among::last && edit.replaced.empty();
  };
  while (index < count_ && comes_before(edits_[index])) ++index;
  put(index, {std::string_view(at, at), text}, Owner::once);
  return *this;
}

// Behind what is inserted at its beginning.
MessageEdit& MessageEdit::change(std::string_view replaced, std::string_view with, Owner owner) {
  if (error_) return *this;
  std::uint32_t index = 0;
  while (index < count_ && edits_[index].replaced.data() <= replaced.data()) ++index;
  put(index, {replaced, with}, owner);
  return *this;
}

void MessageEdit::drop(Owner owner) {
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    if (owners_[i] == owner) continue;
    edits_[kept] = edits_[i];
    owners_[kept++] = owners_[i];
  }
  count_ = kept;
}

MessageEdit& MessageEdit::request_uri(const HeaderValue& uri) {
  if (error_) return *this;
  if (!message_->is_request()) return fail(BuildProblem::start_line, HeaderId::extension);
  const auto text = uri.write_request_uri(room_);
  if (!text) return fail(text.error(), HeaderId::extension);
  return change(message_->request_uri(), *text);
}

MessageEdit& MessageEdit::decrement_max_forwards() {
  const std::optional<std::string_view> value = message_->first(HeaderId::max_forwards);
  if (!value) return prepend(HeaderId::max_forwards, default_hops);
  const Parsed<std::uint32_t> hops = parse_max_forwards(*value);
  if (!hops) return fail(BuildProblem::malformed, HeaderId::max_forwards);
  if (*hops == 0) return fail(BuildProblem::no_hops_left, HeaderId::max_forwards);
  const auto text = HeaderValue(*hops - 1).write(HeaderId::max_forwards, room_);
  if (!text) return fail(text.error(), HeaderId::max_forwards);
  return change(*value, *text);
}

// All that were popped so far at once, since an element more may empty its header field.
template <auto parse_element>
MessageEdit& MessageEdit::pop(HeaderId id, std::uint32_t count, Owner owner) {
  if (error_) return *this;
  drop(owner);
  const auto list = elements<parse_element>(*message_, id);
  auto element = list.begin();
  for (std::uint32_t left = count; left > 0; --left) {
    if (element == list.end()) return fail(BuildProblem::absent, id);
    if (!*element) return fail(BuildProblem::malformed, id);
    const std::uint32_t index = element.header_index();
    const HeaderField field = message_->header(index);
    ++element;
    const bool shares = element != list.end() && element.header_index() == index;
    const std::size_t next =
        shares ? skip_white(field.value, element.offset()) : field.value.size();
    if (next == field.value.size()) {
      change(whole_line(*message_, field), {}, owner);
    } else if (left == 1) {
      change(field.value.substr(0, next), {}, owner);
    }
  }
  return *this;
}

MessageEdit& MessageEdit::pop_route() {
  return pop<parse_address>(HeaderId::route, ++popped_routes_, Owner::popped_route);
}

MessageEdit& MessageEdit::pop_via() {
  return pop<parse_via>(HeaderId::via, ++popped_vias_, Owner::popped_via);
}

MessageEdit& MessageEdit::via(Transport transport, std::string_view sent_by,
                              std::string_view branch, std::string_view parameters) {
  std::expected<Via, BuildProblem> via = make_via(transport, sent_by, branch);
  if (!via) return fail(via.error(), HeaderId::via);
  via->parameters = parameters;
  return prepend_via(*via);
}

MessageEdit& MessageEdit::stamp_via(std::span<const Edit> edits) {
  for (const Edit& edit : edits) change(edit.replaced, edit.with);
  return *this;
}

// "name: value" and the ending, in the room; nullopt after a mistake.
std::optional<std::string_view> MessageEdit::line(HeaderId id, std::string_view name,
                                                  const HeaderValue& value,
                                                  std::string_view ending) {
  if (error_) return std::nullopt;
  const auto refuse = [&](BuildProblem problem) {
    fail(problem, id);
    return std::nullopt;
  };
  if (!is_token_text(name)) return refuse(BuildProblem::bad_name);
  if (id == HeaderId::content_length) return refuse(BuildProblem::computed);
  const auto written = value.write(id, room_);
  if (!written) return refuse(written.error());
  room_.begin();
  room_.put(name), room_.put(": "), room_.put(*written), room_.put(ending);
  const std::optional<std::string_view> text = room_.end();
  if (!text) return refuse(BuildProblem::room_full);
  return text;
}

MessageEdit& MessageEdit::prepend(const HeaderName& name, const HeaderValue& value) {
  const std::optional<std::string_view> text = line(name.id, name.text, value, crlf);
  if (!text) return *this;
  for (std::uint32_t i = 0; i < message_->header_count(); ++i) {
    const HeaderField field = message_->header(i);
    if (name.is(field.id, field.name)) return insert(field.name.data(), Among::first, *text);
  }
  return insert(after_vias(), Among::first, *text);
}

MessageEdit& MessageEdit::append(const HeaderName& name, const HeaderValue& value) {
  const std::optional<std::string_view> text = line(name.id, name.text, value, crlf);
  return text ? insert(blank_line(), Among::last, *text) : *this;
}

// With the name as it stands there.
MessageEdit& MessageEdit::replace_line(std::uint32_t index, const HeaderValue& value) {
  const HeaderField field = message_->header(index);
  const std::optional<std::string_view> text = line(field.id, field.name, value, {});
  return text ? change(line_text(*message_, field), *text) : *this;
}

MessageEdit& MessageEdit::replace_at(std::uint32_t index, const HeaderValue& value) {
  if (index >= message_->header_count()) return fail(BuildProblem::absent, HeaderId::extension);
  return replace_line(index, value);
}

MessageEdit& MessageEdit::replace(const HeaderName& name, const HeaderValue& value) {
  bool is_first = true;
  for (std::uint32_t i = 0; i < message_->header_count(); ++i) {
    const HeaderField field = message_->header(i);
    if (!name.is(field.id, field.name)) continue;
    is_first ? replace_line(i, value) : remove_at(i);
    is_first = false;
  }
  return is_first ? append(name, value) : *this;
}

MessageEdit& MessageEdit::remove_at(std::uint32_t index) {
  if (index >= message_->header_count()) return fail(BuildProblem::absent, HeaderId::extension);
  if (message_->id(index) == HeaderId::content_length)
    return fail(BuildProblem::computed, HeaderId::content_length);
  return change(whole_line(*message_, message_->header(index)), {});
}

MessageEdit& MessageEdit::remove(const HeaderName& name) {
  for (std::uint32_t i = 0; i < message_->header_count(); ++i)
    if (name.is(message_->id(i), message_->header(i).name)) remove_at(i);
  return *this;
}

MessageEdit& MessageEdit::body(const HeaderValue& content_type, std::string_view text) {
  if (has_new_body_) return fail(BuildProblem::overlap, HeaderId::extension);
  has_new_body_ = true;
  return replace(HeaderId::content_type, content_type)
      .content_length(text.size())
      .change(message_->body(), text);
}

MessageEdit& MessageEdit::content_length() {
  const bool is_there = has_new_body_ || message_->first(HeaderId::content_length);
  return is_there ? *this : content_length(message_->body().size());
}

MessageEdit& MessageEdit::content_length(std::size_t size) {
  room_.begin();
  room_.put("Content-Length: ");
  room_.put(static_cast<std::uint32_t>(size));
  room_.put(crlf);
  const std::optional<std::string_view> text = room_.end();
  if (!text) return fail(BuildProblem::room_full, HeaderId::content_length);
  bool found = false;
  for (const HeaderField field : message_->each(HeaderId::content_length)) {
    found = true;
    change(whole_line(*message_, field), *text);
  }
  return found ? *this : insert(blank_line(), Among::last, *text);
}

const char* MessageEdit::after_vias() const {
  const char* at = message_->header_count() == 0 ? blank_line() : message_->header(0).name.data();
  for (const HeaderField field : message_->each(HeaderId::via))
    at = end_of(whole_line(*message_, field));
  return at;
}

const char* MessageEdit::blank_line() const {
  const std::string_view head = message_->head();
  return end_of(head) - (head.ends_with(crlf) ? 2 : 1);
}

std::expected<std::span<const std::string_view>, BuildError> MessageEdit::pieces() {
  if (error_) return std::unexpected(*error_);
  std::size_t count = 0;
  const auto take = [&](std::string_view piece) {
    if (!piece.empty()) pieces_[count++] = piece;
  };
  put_edited(take, message_->bytes(), {edits_.data(), count_});
  return std::span<const std::string_view>(pieces_.data(), count);
}

Built MessageEdit::write(BufferPool& buffers) {
  const auto list = pieces();
  if (!list) return std::unexpected(list.error());
  std::size_t size = 0;
  for (const std::string_view piece : *list) size += piece.size();
  const auto refuse = [](BuildProblem problem) {
    return std::unexpected(BuildError{problem, HeaderId::extension});
  };
  if (size > detail::largest_message) return refuse(BuildProblem::too_large);
  Ref<Buffer> buffer = buffers.acquire(size);
  if (!buffer) return refuse(BuildProblem::no_buffers);
  char* to = buffer->data();
  for (const std::string_view piece : *list)
    std::memcpy(to, piece.data(), piece.size()), to += piece.size();
  buffer->resize(static_cast<std::uint32_t>(size));
  return buffer;
}

}  // namespace sipring
