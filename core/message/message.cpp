// Spans handed out as views, and the search for a kind of header field: 32 ids compared at once.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/message.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <bit>
#include <new>

namespace sipring {
namespace {

// A vector may be loaded from any index below max_headers.
std::size_t ids_size(std::uint32_t max_headers) {
  return max_headers + detail::Block::size;
}

}  // namespace

Message::Message(std::uint32_t max_headers, std::pmr::memory_resource& memory)
    : memory_{memory},
      max_headers_{max_headers},
      entries_{static_cast<Entry*>(memory.allocate(max_headers * sizeof(Entry), alignof(Entry)))},
      ids_{static_cast<HeaderId*>(memory.allocate(ids_size(max_headers), alignof(HeaderId)))} {
  std::uninitialized_default_construct_n(entries_, max_headers_);
  std::fill_n(ids_, ids_size(max_headers), HeaderId::extension);
}

Message::~Message() {
  memory_.deallocate(entries_, max_headers_ * sizeof(Entry), alignof(Entry));
  memory_.deallocate(ids_, ids_size(max_headers_), alignof(HeaderId));
}

std::size_t Message::bytes_for(std::uint32_t max_headers) {
  return max_headers * sizeof(Entry) + ids_size(max_headers);
}

std::uint32_t Message::find(HeaderId id, std::uint32_t from) const {
  const auto* ids = reinterpret_cast<const char*>(ids_);
  for (; from < header_count_; from += detail::Block::size) {
    const std::uint32_t found = detail::Block{ids + from}.equal(static_cast<char>(id));
    if (found != 0)
      return std::min(from + static_cast<std::uint32_t>(std::countr_zero(found)), header_count_);
  }
  return header_count_;
}

// Nearly always all header fields are among the first 32: one comparison says it all.
Message::Found Message::find_only(HeaderId id) const {
  if (header_count_ <= detail::Block::size) {
    const std::uint64_t present = (std::uint64_t{1} << header_count_) - 1;
    const std::uint64_t found =
        present & detail::Block{reinterpret_cast<const char*>(ids_)}.equal(static_cast<char>(id));
    if (found == 0) return {header_count_, false};
    return {static_cast<std::uint32_t>(std::countr_zero(found)), (found & (found - 1)) != 0};
  }
  const std::uint32_t index = find(id);
  return {index, index < header_count_ && find(id, index + 1) < header_count_};
}

std::optional<std::string_view> Message::first(HeaderId id) const {
  // Nearly always among the first 32; beyond header_count_ stand ids of earlier messages.
  const std::uint32_t found =
      detail::Block{reinterpret_cast<const char*>(ids_)}.equal(static_cast<char>(id));
  const auto index = found != 0 ? static_cast<std::uint32_t>(std::countr_zero(found))
                                : find(id, detail::Block::size);
  if (index >= header_count_) return std::nullopt;
  return view(entries_[index].value);
}

Message::Fields Message::each(HeaderId id) const {
  return {*this, id};
}

std::string_view Message::head() const {
  return {text_ + begin_, static_cast<std::size_t>(body_ - begin_)};
}

std::string_view Message::bytes() const {
  return {text_ + begin_, static_cast<std::size_t>(end_ - begin_)};
}

std::string_view Message::body() const {
  return {text_ + body_, static_cast<std::size_t>(end_ - body_)};
}

}  // namespace sipring
