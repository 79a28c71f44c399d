// SPDX-License-Identifier: MIT
#include <check/explanation.h>

#include <check/bodies.h>
#include <check/headers.h>
#include <check/report.h>
#include <check/sip_start.h>
#include <check/working_text.h>

#include <sipring/core/message/body/coding.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/message.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/message/validate.h>

#include <fmt/format.h>

#include <algorithm>
#include <memory_resource>
#include <utility>
#include <vector>

namespace sipring::app {
namespace {

constexpr std::uint32_t max_headers = 4'096;
constexpr std::size_t max_cuts = 100;  // broken lines that are stepped over
// One more than a message may have: the parsers then say that it is too large.
constexpr std::size_t most_octets = 65'536;

class Explainer {
 public:
  Explainer(std::string_view bytes, bool strict)
      : text_(bytes.substr(0, most_octets)),
        report_(text_, strict),
        message_(max_headers, *std::pmr::new_delete_resource()) {
    report_.explanation().octets = bytes.size();
  }

  Explanation explain() {
    if (is_keep_alive(text_.view())) return explain_keep_alive();
    if (is_sdp(text_.view())) return explain_session();
    frame();
    if (has_start_line_ && !message_.bytes().empty()) show_start_line(report_, message_);
    for (std::uint32_t i = 0; i < message_.header_count(); ++i)
      show_header(report_, message_.header(i));
    judge();
    Explanation& explanation = report_.explanation();
    if (has_start_line_ && message_.is_request())
      explanation.kind = message_.method_name();
    else if (has_start_line_ && message_.status() != 0)
      explanation.kind = std::to_string(message_.status());
    explanation.call_id = message_.first(HeaderId::call_id).value_or("");
    if (is_framed_ && !message_.body().empty())
      explain_body(report_, message_.body(), readable_type());
    if (is_framed_) explain_octets_behind();
    return report_.take();
  }

 private:
  Explanation explain_session() {
    explain_sdp(report_, text_.view());
    report_.explanation().kind = "SDP";
    return report_.take();
  }

  Explanation explain_keep_alive() {
    report_.explanation().kind = "keep-alive";
    report_.note(report_.position(std::size_t{0}), "keep_alive",
                 "a keep-alive, not a message: nothing answers it but its transport",
                 "RFC 5626 section 4.4.1");
    return report_.take();
  }

  // RFC 3261 section 18.3: they are part of the packet and not of the message.
  void explain_octets_behind() {
    const std::string_view behind = text_.view().substr(body_offset() + message_.body().size());
    if (behind.empty()) return;
    report_.note(report_.position(behind), "octets_behind",
                 fmt::format("{} octet{} behind the message {} not looked at", behind.size(),
                             behind.size() == 1 ? "" : "s", behind.size() == 1 ? "is" : "are"),
                 "RFC 3261 section 18.3");
  }

  // Parses, and parses again without the line that could not be read, until the rest is framed.
  void frame() {
    for (std::size_t cuts = 0; cuts < max_cuts; ++cuts) {
      const Parsed<void> parsed = parse(text_.view(), message_);
      if (parsed) return void(is_framed_ = true);
      const ParseError error = parsed.error();
      const Position position = report_.position(error.offset);
      if (!is_cut_off(position))
        report_.mistake(position, error.code, std::string(explanation(error.code)));
      if (!step_over(error)) return;
    }
  }

  bool step_over(const ParseError& error) {
    const bool in_start_line = error.offset <= text_.view().find('\n');
    switch (error.code) {
      case ParseErrorCode::incomplete: return end_head();
      case ParseErrorCode::too_many_headers:
      case ParseErrorCode::message_too_large:
      case ParseErrorCode::content_length:  // explained with the header field
        is_framed_ = error.code == ParseErrorCode::content_length;
        return false;
      default:
        if (!in_start_line) return text_.cut_line(error.offset);
        if (!std::exchange(has_start_line_, false)) return false;
        text_.replace_start_line("SIP/2.0 100 Trying");  // of which nothing is asked
        return true;
    }
  }

  // Where octets end within the head, its lines are explained all the same: as far as they are
  // there, and without what the missing ones would have held. False when it is the body that ends.
  bool end_head() {
    const std::string_view text = text_.view();
    const bool has_blank_line = text.find("\n\r\n") != text.npos || text.find("\n\n") != text.npos;
    if (has_blank_line || is_head_cut_) return false;
    is_head_cut_ = true;
    if (!text.ends_with('\n')) {
      const std::size_t last = text.rfind('\n');
      cut_from_ = report_.position(last == text.npos ? 0 : last + 1).offset;
    }
    text_.end_head();
    return true;
  }

  // Of a line that is not whole nothing can be said.
  [[nodiscard]] bool is_cut_off(const Position& position) const {
    return is_head_cut_ && position.offset >= cut_from_;
  }

  void judge() {
    explain_bare_line_feeds();
    std::vector<Finding> findings(2 * std::size_t{max_headers});
    findings.resize(std::min(validate(message_, findings), findings.size()));
    for (const Finding& finding : findings) judge(finding);
    report_.forgiven(text_.view(), message_.forgiven(), "");
    for (std::uint32_t i = 0; i < message_.header_count(); ++i)
      if (!is_cut_off(report_.position(message_.header(i).name)))
        judge_header(report_, message_.header(i));
  }

  void judge(const Finding& finding) {
    const bool is_absence = finding.error.code == ParseErrorCode::missing_header;
    if (is_head_cut_ && (is_absence || is_cut_off(place_of(finding)))) return;
    if (finding.is_forgiven())
      report_.forgiven(place_of(finding), finding.forgiven, text_of(finding));
    else
      report_.mistake(place_of(finding), finding.error.code, text_of(finding));
  }

  [[nodiscard]] Position place_of(const Finding& finding) const {
    if (finding.index < message_.header_count()) {
      const std::string_view value = message_.header(finding.index).value;
      return report_.position(
          value.substr(std::min<std::size_t>(finding.error.offset, value.size())));
    }
    if (finding.header == HeaderId::extension) return report_.position(finding.error.offset);
    return report_.position(body_offset());
  }

  [[nodiscard]] std::size_t body_offset() const {
    if (!is_framed_) return text_.view().size();
    const std::string_view head = message_.head();
    return static_cast<std::size_t>(head.data() - text_.view().data()) + head.size();
  }

  [[nodiscard]] std::string text_of(const Finding& finding) const {
    const std::string_view name = to_string(finding.header);
    switch (finding.error.code) {
      case ParseErrorCode::missing_header: return fmt::format("{} is absent", name);
      case ParseErrorCode::repeated_header:
        if (!finding.is_forgiven()) return fmt::format("{} may be there once only", name);
        break;
      case ParseErrorCode::cseq: {
        const auto cseq = parse_cseq(message_.header(finding.index).value);
        if (!cseq) break;
        return fmt::format("CSeq: the method is {}, the request's is {}", cseq->method_name,
                           message_.method_name());
      }
      default: break;
    }
    const std::string_view text =
        finding.is_forgiven() ? explanation(finding.forgiven) : explanation(finding.error.code);
    return name.empty() ? std::string(text) : fmt::format("{}: {}", name, text);
  }

  void explain_bare_line_feeds() {
    if (!message_.forgiven().has(Forgiveness::bare_line_feed)) return;
    const std::string_view head = message_.head();
    std::size_t count = 0, first = head.size();
    for (std::size_t at = head.find('\n'); at != head.npos; at = head.find('\n', at + 1)) {
      if (at != 0 && head[at - 1] == '\r') continue;
      if (count++ == 0) first = at;
    }
    report_.forgiven(report_.position(head.substr(first)), Forgiveness::bare_line_feed,
                     fmt::format("{} line{} of the head end{} in LF alone, not in CRLF; `unix2dos` "
                                 "or `sed 's/$/\\r/'` makes it right",
                                 count, count == 1 ? "" : "s", count == 1 ? "s" : ""));
  }

  // Coded bodies are not looked into.
  [[nodiscard]] std::string_view readable_type() const {
    if (is_coded(message_)) return "";
    return message_.first(HeaderId::content_type).value_or("");
  }

  WorkingText text_;
  Report report_;
  Message message_;
  bool has_start_line_ = true;
  bool is_framed_ = false;
  bool is_head_cut_ = false;
  std::size_t cut_from_ = std::string_view::npos;  // offset of the line that is not whole
};

}  // namespace

Explanation explain(std::string_view bytes, bool strict) {
  return Explainer(bytes, strict).explain();
}

}  // namespace sipring::app
