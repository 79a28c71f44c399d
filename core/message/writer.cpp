// SPDX-License-Identifier: MIT
#include <sipring/core/message/writer.h>

#include <sipring/core/message/detail/companion.h>
#include <sipring/core/message/detail/put.h>
#include <sipring/core/message/header_block.h>
#include <sipring/pools/assert.h>
#include <sipring/pools/detail/decimal.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sipring {
namespace {

constexpr std::size_t crlf_size = 2;

using detail::Put;
using detail::put_line;

// 100 to 999, with a space behind it.
void put_status(Put& put, std::uint16_t status) {
  SIPRING_VERIFY(status >= 100 && status <= 999);
  const std::array digits{static_cast<char>('0' + status / 100),
                          static_cast<char>('0' + status / 10 % 10),
                          static_cast<char>('0' + status % 10), ' '};
  put(std::string_view(digits.data(), digits.size()));
}

std::string_view line_of(const HeaderField& field) {
  return {field.name.data(), field.value.data() + field.value.size()};
}

// Header fields copied from another message, as they stand there. Neighbours are put in one piece.
class CopiedLines {
 public:
  explicit CopiedLines(Put& put) : put_(put) {}
  ~CopiedLines() { flush(); }
  CopiedLines(const CopiedLines&) = delete;
  CopiedLines& operator=(const CopiedLines&) = delete;

  void add(const HeaderField& field) {
    const std::string_view line = line_of(field);
    // What may stand in between is CRLF, or in a message that was let pass, white space and LF.
    const bool adjacent = end_ != nullptr && line.data() == end_ + crlf_size && *end_ == '\r';
    if (!adjacent) {
      flush();
      begin_ = line.data();
    }
    end_ = line.data() + line.size();
  }

  void add(const HeaderField& field, std::span<const Edit> edits) {
    flush();
    put_edited(put_, line_of(field), edits);
    put_("\r\n");
  }

  void add_tagged(const HeaderField& field, std::string_view tag) {
    add(field);
    const bool has_semicolon = end_[-1] == ';';  // forgiven; a second one need not follow
    put_(std::string_view(begin_, end_)), put_(has_semicolon ? "tag=" : ";tag=");
    put_(tag), put_("\r\n");
    begin_ = end_ = nullptr;
  }

  void flush() {
    if (end_ == nullptr) return;
    put_(std::string_view(begin_, end_));
    put_("\r\n");
    begin_ = end_ = nullptr;
  }

 private:
  Put& put_;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
};

void put_lines(Put& put, std::span<const HeaderLine> lines) {
  for (const HeaderLine& line : lines) put_line(put, line.name, line.value);
}

// What detail::put_companion() hands out; `to` stands in front of the CSeq.
struct CompanionLines {
  Put& put;
  std::string_view method;
  std::string_view to;

  void via(std::string_view text) { put_line(put, "Via", text); }
  void max_forwards(std::uint32_t hops) { put_line(put, "Max-Forwards", Decimal(hops).view()); }
  void copy(const Message& invite, std::uint32_t index) {
    put(line_of(invite.header(index))), put("\r\n");
  }
  void cseq(std::uint32_t number) {
    if (!to.empty()) put_line(put, "To", to);
    put("CSeq: "), put(Decimal(number).view()), put(" "), put(method), put("\r\n");
  }
};

void put_body(Put& put, std::string_view body) {
  if (body.empty()) return put("Content-Length: 0\r\n\r\n");
  const Decimal length(body.size());
  put("Content-Length: "), put(length.view()), put("\r\n\r\n"), put(body);
}

bool makes_dialog(const Message& request, const Response& response) {
  return request.method() == Method::invite && response.status > 100 && response.status < 300;
}

constexpr auto may_be_copied = [] {
  std::array<bool, 256> table{};
  for (const HeaderId id : {HeaderId::via, HeaderId::to, HeaderId::from, HeaderId::call_id,
                            HeaderId::cseq, HeaderId::record_route, HeaderId::timestamp}) {
    table[std::to_underlying(id)] = true;
  }
  return table;
}();

// The header fields that section 8.2.6.2 copies from the request.
void put_copied(Put& put, const Message& request, std::span<const Edit> via_edits,
                std::string_view to_tag, const Response& response) {
  CopiedLines copied(put);
  bool is_top_via = true;
  for (std::uint32_t i = 0, count = request.header_count(); i < count; ++i) {
    const HeaderId id = request.id(i);
    if (!may_be_copied[std::to_underlying(id)]) continue;
    switch (id) {
      case HeaderId::via: {
        const HeaderField field = request.header(i);
        std::exchange(is_top_via, false) ? copied.add(field, via_edits) : copied.add(field);
        break;
      }
      case HeaderId::to: {
        const HeaderField field = request.header(i);
        to_tag.empty() ? copied.add(field) : copied.add_tagged(field, to_tag);
        break;
      }
      case HeaderId::from:
      case HeaderId::call_id:
      case HeaderId::cseq: copied.add(request.header(i)); break;
      case HeaderId::record_route:
        if (makes_dialog(request, response)) copied.add(request.header(i));
        break;
      case HeaderId::timestamp:  // section 8.2.6.1
        if (response.status == 100) copied.add(request.header(i));
        break;
      default: break;
    }
  }
}

bool has_header(std::span<const HeaderLine> lines, HeaderId id) {
  return std::ranges::any_of(lines,
                             [&](const HeaderLine& line) { return is_name_of(id, line.name); });
}

// Room for status line or Via, Content-Length and the like: everything of bounded length.
constexpr std::size_t overhead = 512;

std::size_t size_of(std::span<const HeaderLine> lines) {
  std::size_t size = 0;
  for (const HeaderLine& line : lines) size += line.name.size() + line.value.size() + 4;
  return size;
}

bool is_white(char octet) {
  return octet == ' ' || octet == '\t';
}

// White space ends a Request-URI, so it is escaped: <sip:a@h;x="y z"> of a Contact.
std::size_t size_of_request_uri(std::string_view uri) {
  return uri.size() + 2 * static_cast<std::size_t>(std::ranges::count_if(uri, is_white));
}

void put_request_uri(Put& put, std::string_view uri) {
  for (auto end = std::ranges::find_if(uri, is_white); end != uri.end();
       end = std::ranges::find_if(uri, is_white)) {
    const auto size = static_cast<std::size_t>(end - uri.begin());
    put(uri.substr(0, size)), put(*end == ' ' ? "%20" : "%09");
    uri.remove_prefix(size + 1);
  }
  put(uri);
}

std::size_t size_of(std::span<const Edit> edits) {
  std::size_t size = 0;
  for (const Edit& edit : edits) size += edit.with.size();
  return size;
}

}  // namespace

// A request's head and what is added to it are bounded together, though not all of the head is
// copied.
std::size_t MessageWriter::bytes_for(std::uint32_t max_message_bytes) {
  return std::size_t{max_message_bytes} * 2 + overhead;
}

MessageWriter::MessageWriter(std::uint32_t max_message_bytes, BufferPool& buffers,
                             std::pmr::memory_resource& memory)
    : memory_(memory),
      buffers_(buffers),
      max_bytes_(max_message_bytes),
      room_size_(bytes_for(max_message_bytes)),
      room_(static_cast<char*>(memory.allocate(room_size_, 64))) {}

MessageWriter::~MessageWriter() {
  memory_.deallocate(room_, room_size_, 64);
}

// `at_most` bounds what `describe` puts.
template <class Describe>
Written MessageWriter::write(std::size_t at_most, Describe&& describe) {
  if (at_most > room_size_) return std::unexpected(WriteError::too_large);
  Put put(room_);
  describe(put);
  const auto size = static_cast<std::size_t>(put.end() - room_);
  SIPRING_VERIFY(size <= at_most);
  if (size > max_bytes_) return std::unexpected(WriteError::too_large);
  Ref<Buffer> buffer = buffers_.copy({room_, size});
  if (!buffer) return std::unexpected(WriteError::no_buffers);
  return buffer;
}

Written MessageWriter::response(const Message& request, std::span<const Edit> via_edits,
                                std::string_view to_tag, std::string_view server,
                                const Response& response) {
  const std::string_view reason =
      response.reason.empty() ? reason_phrase(response.status) : response.reason;
  const std::string_view block = response.block ? response.block->text() : std::string_view{};
  const std::size_t at_most = overhead + reason.size() + request.head().size() +
                              size_of(via_edits) + to_tag.size() + server.size() +
                              size_of(response.headers) + block.size() + response.body.size();
  return write(at_most, [&](Put& put) {
    put("SIP/2.0 "), put_status(put, response.status), put(reason), put("\r\n");
    put_copied(put, request, via_edits, to_tag, response);
    if (!server.empty()) put_line(put, "Server", server);
    put_lines(put, response.headers);
    put(block);
    put_body(put, response.body);
  });
}

Written MessageWriter::request(std::string_view branch, const Request& request,
                               std::string_view via_parameters) {
  const HeaderBlock* const block = request.block;
  const bool needs_max_forwards = !has_header(request.headers, HeaderId::max_forwards) &&
                                  (block == nullptr || !block->has(HeaderId::max_forwards));
  const std::string_view more = block ? block->text() : std::string_view{};
  const std::size_t at_most = overhead + request.method.size() +
                              size_of_request_uri(request.request_uri) + request.sent_by.size() +
                              size_of(request.headers) + more.size() + request.body.size();
  return write(at_most, [&](Put& put) {
    put(request.method), put(" "), put_request_uri(put, request.request_uri);
    put(" SIP/2.0\r\nVia: SIP/2.0/");
    put(to_string(request.destination.transport)), put(" "), put(request.sent_by);
    put(";branch="), put(branch);
    if (!is_reliable(request.destination.transport)) put(";rport");
    put(via_parameters), put("\r\n");
    if (needs_max_forwards) put("Max-Forwards: 70\r\n");
    put_lines(put, request.headers);
    put(more);
    put_body(put, request.body);
  });
}

Written MessageWriter::ack(const Message& invite, std::string_view to) {
  return companion(Method::ack, invite, to);
}

Written MessageWriter::cancel(const Message& invite) {
  return companion(Method::cancel, invite, {});
}

Written MessageWriter::copy(const Message& message, std::span<const Edit> edits) {
  const std::size_t at_most = message.bytes().size() + size_of(edits);
  return write(at_most, [&](Put& put) { put_edited(put, message.bytes(), edits); });
}

Written MessageWriter::companion(Method method, const Message& invite, std::string_view to) {
  const detail::CompanionParts parts = detail::companion_parts(invite);
  SIPRING_ASSERT(parts.via.has_value() && parts.cseq.has_value());  // checked when it was sent
  const std::string_view name = to_string(method);
  const std::size_t at_most = overhead + invite.head().size() + to.size();
  return write(at_most, [&](Put& put) {
    put(name), put(" "), put(invite.request_uri()), put(" SIP/2.0\r\n");
    detail::put_companion(CompanionLines{put, name, to}, method, invite, parts);
    put("Content-Length: 0\r\n\r\n");
  });
}

}  // namespace sipring
