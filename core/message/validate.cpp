// SPDX-License-Identifier: MIT
#include <sipring/core/message/validate.h>

#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/magic_cookie.h>
#include <sipring/core/message/detail/mandatory_headers.h>
#include <sipring/core/message/detail/utf8.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/params.h>
#include <sipring/core/message/header/registry.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/uri.h>

#include <optional>
#include <utility>

namespace sipring {
namespace {

constexpr HeaderId mandatory[] = {HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::call_id,
                                  HeaderId::cseq};

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
    check_repetition();
    message_.is_request() ? check_request() : check_response();
    check_mandatory();
    check_contacts();
    check_content();
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

  // Told of the second of a kind.
  void check_repetition() {
    HeaderSet seen, told;
    for (std::uint32_t i = 0; i < message_.header_count(); ++i) {
      const HeaderId id = message_.header(i).id;
      if (!stands_once(id)) continue;
      const std::size_t bit = std::to_underlying(id);
      if (seen.test(bit) && !told.test(bit)) tell_of_second(id, i);
      (seen.test(bit) ? told : seen).set(bit);
    }
  }

  void tell_of_second(HeaderId id, std::uint32_t index) {
    if (is_remark(id))
      forgive(Forgiveness::repeated_idle_header, id, index);
    else
      add({ParseErrorCode::repeated_header, 0}, id, index);
  }

  // For people and logs: which of two counts is nobody's concern.
  static bool is_remark(HeaderId id) {
    switch (id) {
      case HeaderId::date:
      case HeaderId::mime_version:
      case HeaderId::organization:
      case HeaderId::priority:
      case HeaderId::server:
      case HeaderId::subject:
      case HeaderId::timestamp:
      case HeaderId::user_agent: return true;
      default: return false;
    }
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

  // Section 8.2.6.2: only a 100 may be without a tag of its own; and RFC 3665's answers of proxies
  // to a CANCEL are, which is answered hop by hop (section 9.2).
  void check_response() {
    if (message_.status() == 100 || method_of_response() == Method::cancel) return;
    if (const std::uint32_t index = message_.find(HeaderId::to); index < none())
      if (const auto to = parse_address(message_.header(index).value); to && to->tag.empty())
        forgive(Forgiveness::missing_to_tag, HeaderId::to, index);
  }

  // What the method or the status asks for beside what every message has (mandatory_headers.h).
  void check_mandatory() {
    HeaderSet present = headers_of(message_);
    for (const HeaderId id : mandatory) present.set(std::to_underlying(id));
    present.set(std::to_underlying(HeaderId::max_forwards));
    while (const auto id = missing(present)) {
      if (is_indispensable(*id))
        add({ParseErrorCode::missing_header, 0}, *id, none());
      else
        forgive(Forgiveness::missing_header, *id, none());
      present.set(std::to_underlying(*id));
    }
  }

  [[nodiscard]] std::optional<HeaderId> missing(const HeaderSet& present) const {
    if (message_.is_request()) return missing_header(message_.method(), present);
    return missing_header(message_.status(), method_of_response(), present);
  }

  [[nodiscard]] Method method_of_response() const {
    const auto value = message_.first(HeaderId::cseq);
    const auto cseq = value ? parse_cseq(*value) : CSeq{};
    return cseq ? cseq->method : Method::unknown;
  }

  // Nobody can act on the message without it. Peers leave out the others and are understood.
  [[nodiscard]] bool is_indispensable(HeaderId id) const {
    switch (id) {
      case HeaderId::contact: return dialog_needs_contact();
      case HeaderId::refer_to:
      case HeaderId::event:
      case HeaderId::rack:
      case HeaderId::www_authenticate:
      case HeaderId::proxy_authenticate: return true;
      default: return false;
    }
  }

  // Without it where the ACK and the BYE go is a guess (section 12.1).
  [[nodiscard]] bool dialog_needs_contact() const {
    const Method method = message_.is_request() ? message_.method() : method_of_response();
    return method == Method::invite;
  }

  // "*" is a REGISTER's, alone and with Expires: 0 (section 10.2.2); where a dialog may begin there
  // is exactly one (sections 8.1.1.8, 12.1.1).
  void check_contacts() {
    const std::uint32_t first = message_.find(HeaderId::contact);
    if (first == none()) return;
    const std::uint32_t second = message_.find(HeaderId::contact, first + 1);
    for (std::uint32_t i = first; i < none(); i = message_.find(HeaderId::contact, i + 1))
      if (is_wildcard(message_.header(i).value)) return check_wildcard(i, i == first ? second : i);
    if (!may_begin_dialog()) return;
    if (second < none()) return forgive(Forgiveness::surplus_contact, HeaderId::contact, second);
    const auto all = elements<parse_contact>(message_.header(first).value);
    auto contact = all.begin();
    if (contact == all.end() || !*contact) return;
    ++contact;
    if (contact != all.end() && *contact)
      forgive(Forgiveness::surplus_contact, HeaderId::contact, first);
  }

  // `other` is the second Contact; none() where there is none.
  void check_wildcard(std::uint32_t index, std::uint32_t other) {
    if (!message_.is_request() || message_.method() != Method::register_)
      return add({ParseErrorCode::address, 0}, HeaderId::contact, index);
    if (other < none()) add({ParseErrorCode::repeated_header, 0}, HeaderId::contact, other);
    const std::uint32_t expires = message_.find(HeaderId::expires);
    if (expires == none())
      return add({ParseErrorCode::missing_header, 0}, HeaderId::expires, none());
    const auto seconds = parse_expires(message_.header(expires).value);
    if (seconds && *seconds != 0) add({ParseErrorCode::number, 0}, HeaderId::expires, expires);
  }

  [[nodiscard]] bool may_begin_dialog() const {
    if (!message_.is_request()) {
      return message_.status() / 100 == 2 && method_of_response() == Method::invite;
    }
    switch (message_.method()) {
      case Method::invite:
      case Method::subscribe:
      case Method::refer: return true;
      default: return false;
    }
  }

  // Section 20.15: a request can be answered 400, a response has to do. Where nothing says how long
  // the body is, a line ending too many is none.
  void check_content() {
    const std::string_view body = message_.body();
    const bool is_body = message_.first(HeaderId::content_length)
                             ? !body.empty()
                             : body.find_first_not_of("\r\n") != std::string_view::npos;
    if (!is_body || message_.first(HeaderId::content_type)) return;
    if (message_.is_request())
      return add({ParseErrorCode::missing_header, 0}, HeaderId::content_type, none());
    forgive(Forgiveness::missing_content_type, HeaderId::content_type, none());
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
