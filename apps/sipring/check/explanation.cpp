// SPDX-License-Identifier: MIT
#include <check/explanation.h>

#include <check/typed_values.h>
#include <check/working_text.h>

#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/message.h>
#include <sipring/core/message/parser.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <memory_resource>
#include <utility>

namespace sipring {
namespace {

constexpr std::uint32_t max_headers = 4'096;
constexpr std::size_t max_cuts = 100;  // broken lines that are stepped over

// One space for a fold; other control octets as \xNN.
std::string made_visible(std::string_view text) {
  std::string visible;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\r\n")) {
      i = std::min(text.find_first_not_of(" \t\r\n", i), text.size()) - 1;
      visible += ' ';
    } else if (std::iscntrl(static_cast<unsigned char>(text[i])) != 0) {
      visible += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
    } else {
      visible += text[i];
    }
  }
  return visible;
}

class Explainer {
 public:
  explicit Explainer(std::string_view bytes)
      : bytes_(bytes), text_(bytes), message_(max_headers, *std::pmr::new_delete_resource()) {}

  Explanation explain() {
    explanation_.octets = bytes_.size();
    explain_line_feeds();
    frame();
    explain_start_line();
    for (std::uint32_t i = 0; i < message_.header_count(); ++i) explain_header(message_.header(i));
    if (has_start_line_) {
      explanation_.kind =
          message_.is_request() ? message_.method_name() : std::to_string(message_.status());
      explain_what_belongs_together();
    }
    explanation_.call_id = message_.first(HeaderId::call_id).value_or("");
    if (is_framed_) explain_body();
    return std::move(explanation_);
  }

 private:
  // The same mistake may be met by framing and again by its value's parser.
  void add(Position position, ParseErrorCode code, std::string text) {
    const auto is_same = [&](const Mistake& mistake) {
      return mistake.position.offset == position.offset && mistake.code == to_string(code);
    };
    if (std::ranges::any_of(explanation_.mistakes, is_same)) return;
    const auto offset_of = [](const Mistake& mistake) { return mistake.position.offset; };
    const auto behind =
        std::ranges::upper_bound(explanation_.mistakes, position.offset, {}, offset_of);
    explanation_.mistakes.insert(behind, {position, std::string(to_string(code)), std::move(text),
                                          std::string(rfc_section(code))});
  }
  void add(Position position, ParseErrorCode code) {
    add(position, code, std::string(explanation(code)));
  }

  void explain_line_feeds() {
    const std::size_t count = text_.bare_line_feeds();
    if (count == 0) return;
    add(text_.first_bare_line_feed(), ParseErrorCode::line_ending,
        fmt::format("{} line{} of the head end{} in LF alone, not in CRLF; `unix2dos` or `sed "
                    "'s/$/\\r/'` makes it right",
                    count, count == 1 ? "" : "s", count == 1 ? "s" : ""));
  }

  // Parses, and parses again without the line that could not be read, until the rest is framed.
  void frame() {
    for (std::size_t cuts = 0; cuts < max_cuts; ++cuts) {
      const Parsed<void> parsed = parse(text_.view(), message_);
      if (parsed) return void(is_framed_ = true);
      const ParseError error = parsed.error();
      add(text_.position(error.offset), error.code);
      if (!step_over(error)) return;
    }
  }

  bool step_over(const ParseError& error) {
    const bool in_start_line = error.offset <= text_.view().find("\r\n");
    switch (error.code) {
      case ParseErrorCode::incomplete:
      case ParseErrorCode::too_many_headers:
      case ParseErrorCode::message_too_large:
      case ParseErrorCode::content_length:  // explained with the header field
        is_framed_ = error.code == ParseErrorCode::content_length;
        return false;
      default:
        if (!in_start_line) return text_.cut_line(error.offset);
        if (!std::exchange(has_start_line_, false)) return false;
        text_.replace_start_line("OPTIONS sip:invalid SIP/2.0");
        return true;
    }
  }

  void explain_start_line() {
    if (!has_start_line_ || message_.bytes().empty()) return;
    if (!message_.is_request()) return explain_status_line();
    if (message_.request_uri().empty()) return;
    ExplainedField field{{}, "request", {}, {}};
    const std::string_view uri = message_.request_uri();
    field.position = text_.position(message_.method_name());
    field.value = fmt::format("{} {} SIP/2.0", message_.method_name(), made_visible(uri));
    TypedValue typed{
        {"method", message_.method() == Method::unknown
                       ? fmt::format("{} (not in the registry)", message_.method_name())
                       : std::string(message_.method_name())}};
    if (const Parsed<TypedValue> parts = type_uri(uri)) {
      typed.insert(typed.end(), parts->begin(), parts->end());
    } else {
      Position position = text_.position(uri.substr(parts.error().offset));
      add(position, parts.error().code);
    }
    field.elements.push_back(std::move(typed));
    explanation_.fields.push_back(std::move(field));
  }

  void explain_status_line() {
    explanation_.fields.push_back(
        {text_.position(0),
         "status",
         fmt::format("SIP/2.0 {} {}", message_.status(), made_visible(message_.reason())),
         {{{"status", std::to_string(message_.status())}}}});
  }

  void explain_header(const HeaderField& header) {
    ExplainedField field{
        text_.position(header.name),
        std::string(header.id == HeaderId::extension ? header.name : to_string(header.id)),
        made_visible(header.value),
        {}};
    TypedField typed = type_field(header.id, header.value);
    field.elements = std::move(typed.elements);
    if (typed.error) {
      const std::size_t offset = std::min<std::size_t>(typed.error->offset, header.value.size());
      add(text_.position(header.value.substr(offset)), typed.error->code,
          fmt::format("{}: {}", field.name, explanation(typed.error->code)));
    }
    explanation_.fields.push_back(std::move(field));
  }

  void explain_what_belongs_together() {
    static constexpr std::array mandatory{HeaderId::via, HeaderId::from, HeaderId::to,
                                          HeaderId::call_id, HeaderId::cseq};
    for (const HeaderId id : mandatory) require(id);
    if (message_.is_request()) require(HeaderId::max_forwards);
    if (message_.method() == Method::invite) require(HeaderId::contact);
    static constexpr std::array single{HeaderId::from, HeaderId::to, HeaderId::call_id,
                                       HeaderId::cseq, HeaderId::max_forwards};
    for (const HeaderId id : single) explain_repetition(id);
    explain_cseq_method();
  }

  void require(HeaderId id) {
    if (message_.first(id)) return;
    add(text_.position(text_.view().size() - message_.body().size()),
        ParseErrorCode::missing_header, fmt::format("{} is absent", to_string(id)));
  }

  void explain_repetition(HeaderId id) {
    const std::uint32_t first = message_.find(id);
    if (first == message_.header_count()) return;
    const std::uint32_t second = message_.find(id, first + 1);
    if (second == message_.header_count()) return;
    add(text_.position(message_.header(second).name), ParseErrorCode::repeated_header,
        fmt::format("{} may be there once only", to_string(id)));
  }

  void explain_cseq_method() {
    if (!message_.is_request()) return;
    const auto value = message_.first(HeaderId::cseq);
    const Parsed<CSeq> cseq = parse_cseq(value.value_or(""));
    if (!cseq || cseq->method_name == message_.method_name()) return;
    add(text_.position(cseq->method_name), ParseErrorCode::cseq,
        fmt::format("CSeq: the method is {}, the request's is {}", cseq->method_name,
                    message_.method_name()));
  }

  void explain_body() {
    const std::string_view body = message_.body();
    if (body.empty()) return;
    explanation_.fields.push_back(
        {text_.position(body), "body", fmt::format("{} octets", body.size()), {}});
  }

  std::string_view bytes_;
  WorkingText text_;
  Message message_;
  Explanation explanation_;
  bool has_start_line_ = true;
  bool is_framed_ = false;
};

}  // namespace

Explanation explain(std::string_view bytes) {
  return Explainer(bytes).explain();
}

}  // namespace sipring
