// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/assembly.h>
#include <sipring/core/message/header/values.h>
#include <sipring/pools/assert.h>

#include <charconv>
#include <cstring>

namespace sipring::detail {
namespace {

// Goes through the parts once to count and once to copy.
class Counter {
 public:
  void operator()(std::string_view text) { size_ += text.size(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

class Copier {
 public:
  explicit Copier(char* to) : to_(to) {}
  void operator()(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(to_, text.data(), text.size());
    to_ += text.size();
  }
  [[nodiscard]] const char* end() const { return to_; }

 private:
  char* to_;
};

struct Digits {
  std::array<char, 20> characters;
  std::size_t size;
  explicit Digits(std::size_t number) {
    char* const end = characters.data() + characters.size();
    size = static_cast<std::size_t>(std::to_chars(characters.data(), end, number).ptr -
                                    characters.data());
  }
  [[nodiscard]] std::string_view view() const { return {characters.data(), size}; }
};

struct Name {
  char compact = 0;
  std::string_view text;
  Name(HeaderId id, std::string_view given, NameForm form) : text(given) {
    if (form == NameForm::full && id != HeaderId::extension) text = to_string(id);
    if (form == NameForm::compact) compact = compact_form(id).value_or('\0');
  }
  [[nodiscard]] std::string_view view() const {
    return compact == 0 ? text : std::string_view(&compact, 1);
  }
};

void put_line(auto& put, const Name& name, std::string_view value) {
  put(name.view()), put(": "), put(value), put("\r\n");
}

void put_lines(auto& put, const Assembly& message, std::string_view length) {
  bool has_length = false;
  for (const HeaderList::Line& line : message.headers.lines()) {
    const Name name(line.id, line.name, message.names);
    const bool is_length = line.id == HeaderId::content_length;
    const bool is_right = !is_length || parse_content_length(line.value) == message.body.size();
    has_length |= is_length;
    if (!is_right) {
      put_line(put, name, length);
    } else if (message.names == NameForm::as_given && !line.text.empty()) {
      put(line.text), put("\r\n");
    } else {
      put_line(put, name, line.value);
    }
  }
  if (!has_length)
    put_line(put, Name(HeaderId::content_length, "Content-Length", message.names), length);
}

void put_all(auto& put, const Assembly& message) {
  for (const std::string_view piece : message.start_line) put(piece);
  put("\r\n");
  put_lines(put, message, Digits(message.body.size()).view());
  put("\r\n"), put(message.body);
}

std::size_t size_of(const Assembly& message) {
  Counter counter;
  put_all(counter, message);
  return counter.size();
}

std::unexpected<BuildError> fail(BuildProblem problem) {
  return std::unexpected(BuildError{problem, HeaderId::extension});
}

}  // namespace

Built write(const Assembly& message, BufferPool& buffers) {
  const std::size_t size = size_of(message);
  if (size > largest_message) return fail(BuildProblem::too_large);
  Ref<Buffer> buffer = buffers.acquire(size);
  if (!buffer) return fail(BuildProblem::no_buffers);
  Copier copier(buffer->data());
  put_all(copier, message);
  SIPRING_VERIFY(copier.end() == buffer->data() + size);
  buffer->resize(static_cast<std::uint32_t>(size));
  return buffer;
}

std::expected<std::string_view, BuildError> write(const Assembly& message, std::span<char> room) {
  const std::size_t size = size_of(message);
  if (size > largest_message || size > room.size()) return fail(BuildProblem::too_large);
  Copier copier(room.data());
  put_all(copier, message);
  return std::string_view(room.data(), size);
}

}  // namespace sipring::detail
