// SPDX-License-Identifier: MIT
#include <sipring/core/sending/detail/kept_request.h>

#include <sipring/core/message/header_block.h>
#include <sipring/core/message/parser.h>
#include <sipring/pools/assert.h>
#include <sipring/pools/detail/copy_text.h>

#include <initializer_list>
#include <string_view>

namespace sipring {
namespace {

constexpr std::string_view version = " SIP/2.0\r\n", colon = ": ", line_end = "\r\n";

}  // namespace

std::size_t kept_size(const Request& request) {
  std::size_t size = request.method.size() + 1 + request.request_uri.size() + version.size() +
                     line_end.size() + request.body.size();
  for (const HeaderLine& line : request.headers)
    size += line.name.size() + colon.size() + line.value.size() + line_end.size();
  if (request.block != nullptr) size += request.block->text().size();
  return size;
}

Ref<Buffer> keep(const Request& request, std::string_view host, BufferPool& pool) {
  const std::size_t size = kept_size(request);
  Ref<Buffer> kept = pool.acquire(size + host.size());
  if (!kept) return kept;
  char* to = kept->data();
  const auto put = [&](std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) {
      copy_text(to, part);
      to += part.size();
    }
  };
  put({request.method, " ", request.request_uri, version});
  for (const HeaderLine& line : request.headers) put({line.name, colon, line.value, line_end});
  if (request.block != nullptr) put({request.block->text()});
  put({line_end, request.body, host});
  kept->resize(static_cast<std::uint32_t>(size));
  return kept;
}

KeptReader::KeptReader(std::uint32_t max_headers, std::pmr::memory_resource& memory)
    : message_(max_headers, memory), lines_(max_headers, &memory) {}

Request KeptReader::read(const Buffer& kept) {
  const bool parsed = parse(kept.view(), message_).has_value();
  SIPRING_ASSERT(parsed);  // the engine has accepted it, or will say what is wrong with it
  const std::uint32_t count = message_.header_count();
  for (std::uint32_t i = 0; i < count; ++i) {
    const HeaderField field = message_.header(i);
    lines_[i] = {field.name, field.value};
  }
  return {.method = message_.method_name(),
          .request_uri = message_.request_uri(),
          .headers = {lines_.data(), count},
          .body = message_.body()};
}

}  // namespace sipring
