// SPDX-License-Identifier: MIT
#include <sipring/core/message/validate.h>

#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/params.h>
#include <sipring/core/message/header/registry.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/uri.h>
#include <sipring/core/message/utf8.h>
#include <sipring/core/transaction/key.h>

#include <optional>

namespace sipring {
namespace {

constexpr HeaderId mandatory[] = {HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::call_id,
                                  HeaderId::cseq};

// Header fields of section 20 that are neither lists nor challenges. Content-Length is seen by
// framing.
constexpr HeaderId single[] = {
    HeaderId::call_id,      HeaderId::content_disposition,
    HeaderId::content_type, HeaderId::cseq,
    HeaderId::date,         HeaderId::expires,
    HeaderId::from,         HeaderId::max_forwards,
    HeaderId::mime_version, HeaderId::min_expires,
    HeaderId::organization, HeaderId::priority,
    HeaderId::reply_to,     HeaderId::retry_after,
    HeaderId::server,       HeaderId::subject,
    HeaderId::timestamp,    HeaderId::to,
    HeaderId::user_agent,
};

class Validator {
 public:
  Validator(const Message& message, std::span<Finding> findings)
      : message_(message), findings_(findings) {}

  std::size_t run() {
    if (!message_.forgiven().empty()) add(message_.forgiven(), HeaderId::extension, none());
    if (!message_.request_uri().empty()) check_request_uri();
    for (std::uint32_t i = 0; i < message_.header_count(); ++i) check_header(message_.header(i), i);
    for (const HeaderId id : mandatory)
      if (!message_.first(id)) add({ParseErrorCode::missing_header, 0}, id, none());
    for (const HeaderId id : single) check_repetition(id);
    if (message_.is_request()) check_request();
    return count_;
  }

 private:
  [[nodiscard]] std::uint32_t none() const { return message_.header_count(); }

  void add(ParseError error, HeaderId header, std::uint32_t index,
           Forgiveness forgiven = Forgiveness::count) {
    if (count_ < findings_.size()) findings_[count_] = {index, header, error, forgiven};
    ++count_;
  }
  void add(const Forgiven& forgiven, HeaderId header, std::uint32_t index) {
    const Forgiveness first = forgiven.first();
    add({error_code_of(first), forgiven.first_offset()}, header, index, first);
  }
  void forgive(Forgiveness kind, HeaderId header, std::uint32_t index) {
    add({error_code_of(kind), 0}, header, index, kind);
  }

  // Header fields and method are for URIs elsewhere (section 19.1.1).
  void check_request_uri() {
    const std::string_view text = message_.request_uri();
    const std::uint32_t offset = message_.offset_of(text);
    const Parsed<Uri> uri = parse_uri(text);
    if (!uri) {
      add({uri.error().code, offset + uri.error().offset}, HeaderId::extension, none());
    } else if (!uri->headers.empty() || parameter(uri->parameters, "method")) {
      add({error_code_of(Forgiveness::headers_in_request_uri), offset}, HeaderId::extension, none(),
          Forgiveness::headers_in_request_uri);
    } else {
      check_request_uri(*uri, offset);
    }
  }

  void check_request_uri(const Uri& uri, std::uint32_t offset) {
    Forgiven forgiven = uri.forgiven;
    if (!detail::is_grammatical_host(uri.host))
      forgiven.add(Forgiveness::loose_host,
                   static_cast<std::size_t>(uri.host.data() - uri.text.data()));
    if (forgiven.empty()) return;
    const Forgiveness first = forgiven.first();
    add({error_code_of(first), offset + forgiven.first_offset()}, HeaderId::extension, none(),
        first);
  }

  void check_header(const HeaderField& field, std::uint32_t index) {
    HeaderVerdict verdict = verdict_of(field);
    if (verdict.error.code != ParseErrorCode::none) return add(verdict.error, field.id, index);
    // The grammar lets an extension's value have any octet above ASCII.
    if (field.id != HeaderId::extension)
      if (const std::size_t bad = first_not_utf8(field.value); bad != field.value.size())
        verdict.forgiven.add(Forgiveness::not_utf8, bad);
    if (!verdict.forgiven.empty()) add(verdict.forgiven, field.id, index);
  }

  void check_repetition(HeaderId id) {
    const auto [index, repeated] = message_.find_only(id);
    if (!repeated) return;
    const std::uint32_t second = message_.find(id, index + 1);
    if (is_idle(id)) return forgive(Forgiveness::repeated_idle_header, id, second);
    add({ParseErrorCode::repeated_header, 0}, id, second);
  }

  // Section 8.1.1; what RFC 2543 did without is forgiven.
  void check_request() {
    if (!message_.first(HeaderId::max_forwards))
      forgive(Forgiveness::missing_max_forwards, HeaderId::max_forwards, none());
    if (const std::uint32_t index = message_.find(HeaderId::via); index < none())
      if (const Parsed<Via> via = parse_via(message_.header(index).value);
          via && via->branch == magic_cookie)
        forgive(Forgiveness::missing_branch, HeaderId::via, index);
    if (const std::uint32_t index = message_.find(HeaderId::from); index < none())
      if (const auto from = parse_address(message_.header(index).value); from && from->tag.empty())
        forgive(Forgiveness::missing_from_tag, HeaderId::from, index);
    if (const std::uint32_t index = message_.find(HeaderId::cseq); index < none())
      if (const auto cseq = parse_cseq(message_.header(index).value);
          cseq && cseq->method_name != message_.method_name())
        add({ParseErrorCode::cseq, offset_in(index, cseq->method_name)}, HeaderId::cseq, index);
  }

  [[nodiscard]] std::uint32_t offset_in(std::uint32_t index, std::string_view part) const {
    return static_cast<std::uint32_t>(part.data() - message_.header(index).value.data());
  }

  const Message& message_;
  std::span<Finding> findings_;
  std::size_t count_ = 0;
};

}  // namespace

Refusal Finding::refusal() const {
  if (header != HeaderId::extension) return Refusal(header, error.code);
  return is_forgiven() ? Refusal(forgiven) : Refusal(error.code);
}

std::size_t validate(const Message& message, std::span<Finding> findings) {
  return Validator(message, findings).run();
}

}  // namespace sipring
