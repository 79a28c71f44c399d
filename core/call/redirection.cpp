// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/redirection.h>

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/uri_equality.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace sipring {
namespace {

// Headers that a Contact's URI would have in the request are not taken over, nor is a method
// (section 19.1.5).
std::string_view target_of(const Uri& uri) {
  const std::string_view text = uri.text.substr(0, uri.text.find('?'));
  return text.substr(0, text.find(";method="));
}

bool is_same(std::string_view a, std::string_view b) {
  const auto first = parse_uri(a), second = parse_uri(b);
  return first && second ? is_equivalent(*first, *second) : a == b;
}

// Of the Contact's own, else of the response (section 21.3.3).
Instant end_of(const Contact& contact, const Message& response, Instant now) {
  if (contact.expires) return now + std::chrono::seconds(*contact.expires);
  const auto expiry = parse_expires(response.first(HeaderId::expires).value_or(""));
  return expiry ? now + std::chrono::seconds(*expiry) : never;
}

}  // namespace

std::optional<Redirection::Read> Redirection::read(std::size_t& at) const {
  if (text_.size() - at < sizeof(Entry)) return std::nullopt;
  Read read;
  read.at = at;
  std::memcpy(&read.entry, text_.data() + at, sizeof(Entry));
  read.uri = text_.substr(at + sizeof(Entry), read.entry.size);
  at += sizeof(Entry) + read.entry.size;
  return read;
}

bool Redirection::has(std::string_view uri) const {
  std::size_t at = 0;
  while (const auto known = read(at))
    if (is_same(known->uri, uri)) return true;
  return false;
}

std::uint32_t Redirection::size() const {
  std::uint32_t size = 0;
  std::size_t at = 0;
  while (read(at)) ++size;
  return size;
}

char* Redirection::put(char* to, const Entry& entry, std::string_view uri) {
  std::memcpy(to, &entry, sizeof entry);
  return std::ranges::copy(uri, to + sizeof entry).out;
}

Ref<Buffer> Redirection::with(BufferPool& buffers, std::string_view asked, const Message& response,
                              Instant now) const {
  struct New {
    Entry entry;
    std::string_view uri;
  };
  std::array<New, most_targets> added;
  std::size_t count = 0;
  const std::size_t known = size();
  const auto is_new = [&](std::string_view uri) {
    const auto is_it = [&](const New& other) { return is_same(other.uri, uri); };
    return !has(uri) && std::none_of(added.begin(), added.begin() + count, is_it);
  };
  const auto add = [&](Entry entry, std::string_view uri) {
    if (known + count >= most_targets || uri.size() > UINT16_MAX || !is_new(uri)) return;
    entry.size = static_cast<std::uint16_t>(uri.size());
    added[count++] = {entry, uri};
  };
  add({.is_tried = true}, asked);
  for (const auto& contact : elements<parse_contact>(response, HeaderId::contact)) {
    if (!contact || contact->wildcard || !is_sip(contact->uri)) continue;
    add({.until = end_of(*contact, response, now), .quality = contact->q.value_or(1'000)},
        target_of(contact->uri));
  }
  std::size_t octets = text_.size();
  for (std::size_t i = 0; i < count; ++i) octets += sizeof(Entry) + added[i].uri.size();
  Ref<Buffer> buffer = buffers.acquire(octets);
  if (!buffer) return {};
  char* at = std::ranges::copy(text_, buffer->data()).out;
  for (std::size_t i = 0; i < count; ++i) at = put(at, added[i].entry, added[i].uri);
  buffer->resize(static_cast<std::uint32_t>(octets));
  return buffer;
}

Ref<Buffer> Redirection::with_tried(BufferPool& buffers, std::string_view uri) const {
  Ref<Buffer> buffer = buffers.copy(text_);
  if (!buffer) return {};
  std::size_t at = 0;
  while (auto known = read(at)) {
    if (known->uri != uri) continue;
    known->entry.is_tried = true;
    put(buffer->data() + known->at, known->entry, {});
  }
  return buffer;
}

std::optional<std::string_view> Redirection::next(Instant now) const {
  std::optional<Read> best;
  std::size_t at = 0;
  while (const auto known = read(at)) {
    const bool is_open = !known->entry.is_tried && now < known->entry.until;
    if (is_open && (!best || known->entry.quality > best->entry.quality)) best = known;
  }
  return best ? std::optional(best->uri) : std::nullopt;
}

}  // namespace sipring
