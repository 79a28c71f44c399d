// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/assembly.h>
#include <sipring/core/message/detail/header_grammar.h>
#include <sipring/core/message/detail/mandatory_headers.h>
#include <sipring/core/message/response_builder.h>
#include <sipring/core/message/writer.h>

namespace sipring {
namespace {

// Sections 12.1.1, RFC 6665 section 4.2.1.2, RFC 3515 section 2.4.4.
bool can_make_dialog(Method method, std::uint16_t status) {
  if (method == Method::invite) return status > 100 && status < 300;
  const bool subscribes = method == Method::subscribe || method == Method::refer;
  return subscribes && status >= 200 && status < 300;
}

bool is_copied(HeaderId id, Method method, std::uint16_t status) {
  switch (id) {
    case HeaderId::via:
    case HeaderId::from:
    case HeaderId::to:
    case HeaderId::call_id:
    case HeaderId::cseq: return true;
    case HeaderId::record_route: return can_make_dialog(method, status);
    case HeaderId::timestamp: return status == 100;
    default: return false;
  }
}

}  // namespace

ResponseBuilder& ResponseBuilder::start(std::uint16_t status) {
  clear();
  is_copy_ = false;
  return this->status(status);
}

ResponseBuilder& ResponseBuilder::start(const Message& request, std::uint16_t status) {
  start(status);
  for (std::uint32_t i = 0; i < request.header_count(); ++i)
    if (is_copied(request.id(i), request.method(), status)) headers_.copy(request, i);
  return *this;
}

ResponseBuilder& ResponseBuilder::start_copy(const Message& response) {
  start(static_cast<std::uint16_t>(response.status()));
  is_copy_ = true;
  reason_ = response.reason();
  body_ = response.body();
  return copy_all(response);
}

ResponseBuilder& ResponseBuilder::status(std::uint16_t status) {
  if (status < 100 || status > 699) return fail(BuildProblem::start_line, HeaderId::extension);
  const auto digit = [](int number) { return static_cast<char>('0' + number % 10); };
  status_ = status;
  digits_ = {digit(status / 100), digit(status / 10), digit(status)};
  reason_ = reason_phrase(status);
  return *this;
}

ResponseBuilder& ResponseBuilder::reason(const HeaderValue& text) {
  if (headers_.error()) return *this;
  const auto written = text.write(HeaderId::extension, headers_.room());
  if (!written) return fail(written.error(), HeaderId::extension);
  reason_ = *written;
  return *this;
}

bool ResponseBuilder::complete() {
  if (headers_.error()) return false;
  if (status_ == 0) return fail(BuildProblem::start_line, HeaderId::extension), false;
  const Parsed<CSeq> cseq = parse_cseq(headers_.first(HeaderId::cseq));
  const Method method = cseq ? cseq->method : Method::unknown;
  if (const auto header = missing_header(status_, method, headers_.kinds()))
    return fail(BuildProblem::missing, *header), false;
  if (!body_.empty() && headers_.first(HeaderId::content_type).data() == nullptr)
    return fail(BuildProblem::missing, HeaderId::content_type), false;
  if (const auto header = headers_.repeated()) return fail(BuildProblem::repeated, *header), false;
  const Parsed<Address> to = parse_address(headers_.first(HeaderId::to));
  if (!is_copy_ && status_ > 100 && (!to || to->tag.empty()))
    return fail(BuildProblem::missing_tag, HeaderId::to), false;
  return true;
}

Built ResponseBuilder::build(BufferPool& buffers) {
  if (!complete()) return std::unexpected(*headers_.error());
  return detail::write({start_line(), headers_, names_, body_}, buffers);
}

std::expected<std::string_view, BuildError> ResponseBuilder::build(std::span<char> room) {
  if (!complete()) return std::unexpected(*headers_.error());
  return detail::write({start_line(), headers_, names_, body_}, room);
}

}  // namespace sipring
