// SPDX-License-Identifier: MIT
#include <sipring/core/message/writer.h>

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header_block.h>
#include <sipring/pools/assert.h>
#include <sipring/pools/copy_text.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace sipring {
namespace {

constexpr std::size_t crlf_size = 2;

// Text goes to `to`; the caller has made sure of the room.
class Put {
 public:
  explicit Put(char* to) : to_(to) {}
  void operator()(std::string_view text) {
    copy_text(to_, text);
    to_ += text.size();
  }
  // What is known when compiling costs a move or two.
  template <std::size_t size>
  [[gnu::always_inline]] void operator()(const char (&literal)[size]) {
    std::memcpy(to_, literal, size - 1);
    to_ += size - 1;
  }
  [[nodiscard]] const char* end() const { return to_; }

 private:
  char* to_;
};

// 100 to 999, with a space behind it.
void put_status(Put& put, std::uint16_t status) {
  SIPRING_VERIFY(status >= 100 && status <= 999);
  const std::array digits{static_cast<char>('0' + status / 100),
                          static_cast<char>('0' + status / 10 % 10),
                          static_cast<char>('0' + status % 10), ' '};
  put(std::string_view(digits.data(), digits.size()));
}

class Decimal {
 public:
  explicit Decimal(std::size_t number)
      : size_(static_cast<std::size_t>(
            std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr -
            digits_.data())) {}
  [[nodiscard]] std::string_view view() const {
    return {digits_.data(), std::min(size_, digits_.size())};  // the compiler does not know
  }

 private:
  std::array<char, 20> digits_;
  std::size_t size_;
};

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

void put_line(Put& put, std::string_view name, std::string_view value) {
  put(name), put(": "), put(value), put("\r\n");
}

void put_lines(Put& put, std::span<const HeaderLine> lines) {
  for (const HeaderLine& line : lines) put_line(put, line.name, line.value);
}

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

// Neither CR nor LF, among eight octets: whether there is one is exact, where it is would not be.
bool has_no_line_end(std::uint64_t octets) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  const std::uint64_t cr = octets ^ ('\r' * ones);
  const std::uint64_t lf = octets ^ ('\n' * ones);
  return ((((cr - ones) & ~cr) | ((lf - ones) & ~lf)) & (0x80 * ones)) == 0;
}

// The same 8 or 32 octets at a time; the last ones may overlap those before.
bool has_no_line_end(std::string_view text) {
  using detail::Block;
  if (text.size() < sizeof(std::uint64_t)) {
    bool found = false;
    for (const char c : text) found |= c == '\r' || c == '\n';
    return !found;
  }
  if (text.size() < Block::size) {
    bool good = has_no_line_end(detail::load<std::uint64_t>(text.data() + text.size() - 8));
    for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
      good &= has_no_line_end(detail::load<std::uint64_t>(text.data() + at));
    }
    return good;
  }
  std::uint32_t found = 0;
  const auto look_at = [&](std::size_t offset) {
    const Block block(text.data() + offset);
    found |= block.equal('\r') | block.equal('\n');
  };
  for (std::size_t offset = 0; offset + Block::size < text.size(); offset += Block::size) {
    look_at(offset);
  }
  look_at(text.size() - Block::size);
  return found == 0;
}

// Tags are long, names are short.
bool is_token(std::string_view text) {
  const unsigned char* const begin = detail::octets(text.data());
  const unsigned char* const end = begin + text.size();
  if (text.size() >= detail::run_vector) {
    return detail::skip<detail::token_octet>(begin, end, true) == end;
  }
  bool all = begin != end;
  for (const unsigned char* at = begin; at != end; ++at) {
    all &= detail::is_in_class<detail::token_octet>(*at);
  }
  return all;
}

bool is_writable(std::span<const HeaderLine> lines) {
  return std::ranges::all_of(lines, [](const HeaderLine& line) {
    return is_token(line.name) && has_no_line_end(line.value);
  });
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

std::size_t size_of(std::span<const Edit> edits) {
  std::size_t size = 0;
  for (const Edit& edit : edits) size += edit.with.size();
  return size;
}

}  // namespace

bool is_writable(const Response& response) {
  return response.status >= 100 && response.status <= 699 && has_no_line_end(response.reason) &&
         (response.to_tag.empty() || is_token(response.to_tag)) && is_writable(response.headers);
}

bool is_writable(const Request& request) {
  return is_token(request.method) && !request.request_uri.empty() &&
         has_no_line_end(request.request_uri) &&
         request.request_uri.find(' ') == request.request_uri.npos &&
         has_no_line_end(request.sent_by) && is_writable(request.headers);
}

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
  const bool needs_max_forwards = !has_header(request.headers, HeaderId::max_forwards);
  const std::size_t at_most = overhead + request.method.size() + request.request_uri.size() +
                              request.sent_by.size() + size_of(request.headers) +
                              request.body.size();
  return write(at_most, [&](Put& put) {
    put(request.method), put(" "), put(request.request_uri), put(" SIP/2.0\r\nVia: SIP/2.0/");
    put(to_string(request.destination.transport)), put(" "), put(request.sent_by);
    put(";branch="), put(branch);
    if (!is_reliable(request.destination.transport)) put(";rport");
    put(via_parameters), put("\r\n");
    if (needs_max_forwards) put("Max-Forwards: 70\r\n");
    put_lines(put, request.headers);
    put_body(put, request.body);
  });
}

Written MessageWriter::ack(const Message& invite, std::string_view to) {
  return companion("ACK", invite, &to);
}

Written MessageWriter::cancel(const Message& invite) {
  return companion("CANCEL", invite, nullptr);
}

Written MessageWriter::copy(const Message& message, std::span<const Edit> edits) {
  const std::size_t at_most = message.bytes().size() + size_of(edits);
  return write(at_most, [&](Put& put) { put_edited(put, message.bytes(), edits); });
}

// ACK and CANCEL are made from the INVITE alike; only an ACK has another To
// (sections 9.1, 17.1.1.3).
Written MessageWriter::companion(std::string_view method, const Message& invite,
                                 const std::string_view* to) {
  const Parsed<CSeq> cseq = parse_cseq(invite.first(HeaderId::cseq).value_or(""));
  SIPRING_ASSERT(cseq.has_value());  // checked when the INVITE was sent
  const Decimal number(cseq->number);
  const std::size_t at_most = overhead + invite.head().size() + (to ? to->size() : 0);
  return write(at_most, [&](Put& put) {
    put(method), put(" "), put(invite.request_uri()), put(" SIP/2.0\r\n");
    put_line(put, "Via", invite.first(HeaderId::via).value_or(""));
    put("Max-Forwards: 70\r\n");
    CopiedLines copied(put);
    for (std::uint32_t i = 0; i < invite.header_count(); ++i) {
      const HeaderField field = invite.header(i);
      const bool same = field.id == HeaderId::from || field.id == HeaderId::call_id ||
                        field.id == HeaderId::route || (field.id == HeaderId::to && !to);
      if (same) copied.add(field);
    }
    copied.flush();
    if (to) put_line(put, "To", *to);
    put("CSeq: "), put(number.view()), put(" "), put(method);
    put("\r\nContent-Length: 0\r\n\r\n");
  });
}

}  // namespace sipring
