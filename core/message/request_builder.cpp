// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/assembly.h>
#include <sipring/core/message/detail/header_grammar.h>
#include <sipring/core/message/detail/magic_cookie.h>
#include <sipring/core/message/detail/mandatory_headers.h>
#include <sipring/core/message/request_builder.h>

#include <algorithm>
#include <utility>

namespace sipring {
namespace {

// Behind the last Via, where a proxy looks for it.
std::uint32_t after_vias(const HeaderList& headers) {
  std::uint32_t index = 0;
  for (std::uint32_t i = 0; i < headers.size(); ++i)
    if (headers[i].id == HeaderId::via) index = i + 1;
  return index;
}

}  // namespace

RequestBuilder& RequestBuilder::start(Method method, const HeaderValue& request_uri) {
  return start(to_string(method), request_uri);
}

RequestBuilder& RequestBuilder::start(std::string_view method, const HeaderValue& request_uri) {
  clear();
  is_copy_ = false;
  method_ = method_from(method);
  method_name_ = request_uri_ = {};
  if (!is_token_text(method)) return fail(BuildProblem::start_line, HeaderId::extension);
  TextRoom& room = headers_.room();
  room.begin();
  room.put(method);
  const auto name = room.end();
  if (!name) return fail(BuildProblem::room_full, HeaderId::extension);
  method_name_ = *name;
  return this->request_uri(request_uri);
}

RequestBuilder& RequestBuilder::start_copy(const Message& request) {
  clear();
  is_copy_ = true;
  method_ = request.method();
  method_name_ = request.method_name();
  request_uri_ = request.request_uri();
  body_ = request.body();
  if (!request.is_request()) return fail(BuildProblem::start_line, HeaderId::extension);
  return copy_all(request);
}

RequestBuilder& RequestBuilder::request_uri(const HeaderValue& uri) {
  if (headers_.error()) return *this;
  const auto text = uri.write_request_uri(headers_.room());
  if (!text) return fail(text.error(), HeaderId::extension);
  request_uri_ = *text;
  return *this;
}

RequestBuilder& RequestBuilder::cseq(std::uint32_t number) {
  return replace(HeaderId::cseq, CSeq{number, method_, method_name_});
}

// False when something is missing, or was wrong before. `given_by_others`: written by the engine.
bool RequestBuilder::complete(const HeaderSet& given_by_others) {
  if (headers_.error()) return false;
  if (method_name_.empty() || request_uri_.empty())
    return fail(BuildProblem::start_line, HeaderId::extension), false;
  if (headers_.find(HeaderId::max_forwards) == headers_.size())
    insert(after_vias(headers_), HeaderId::max_forwards, default_hops);
  if (const auto header = missing_header(method_, headers_.kinds() | given_by_others))
    return fail(BuildProblem::missing, *header), false;
  if (!body_.empty() && headers_.first(HeaderId::content_type).data() == nullptr)
    return fail(BuildProblem::missing, HeaderId::content_type), false;
  if (const auto header = headers_.repeated()) return fail(BuildProblem::repeated, *header), false;
  return check_addresses();
}

bool RequestBuilder::check_addresses() {
  const Parsed<CSeq> cseq = parse_cseq(headers_.first(HeaderId::cseq));
  if (!cseq || cseq->method_name != method_name_)
    return fail(BuildProblem::contradiction, HeaderId::cseq), false;
  if (is_copy_) return true;
  const Parsed<Address> from = parse_address(headers_.first(HeaderId::from));
  if (!from || from->tag.empty()) return fail(BuildProblem::missing_tag, HeaderId::from), false;
  const std::string_view top = headers_.first(HeaderId::via);
  if (top.data() == nullptr) return true;
  const Parsed<Via> via = parse_via(top);
  if (!via || !has_magic_cookie(via->branch))
    return fail(BuildProblem::missing_branch, HeaderId::via), false;
  return true;
}

Built RequestBuilder::build(BufferPool& buffers) {
  if (!complete({})) return std::unexpected(*headers_.error());
  return detail::write({start_line(), headers_, names_, body_}, buffers);
}

std::expected<std::string_view, BuildError> RequestBuilder::build(std::span<char> room) {
  if (!complete({})) return std::unexpected(*headers_.error());
  return detail::write({start_line(), headers_, names_, body_}, room);
}

std::expected<Request, BuildError> RequestBuilder::request(std::span<HeaderLine> lines) {
  remove(HeaderId::via).remove(HeaderId::content_length);
  HeaderSet by_engine;
  by_engine.set(std::to_underlying(HeaderId::via));
  if (!complete(by_engine)) return std::unexpected(*headers_.error());
  if (lines.size() < headers_.size())
    return std::unexpected(BuildError{BuildProblem::too_many_headers, HeaderId::extension});
  std::ranges::transform(headers_.lines(), lines.begin(), [](const HeaderList::Line& line) {
    return HeaderLine{line.name, line.value};
  });
  return Request{.method = method_name_,
                 .request_uri = request_uri_,
                 .headers = lines.first(headers_.size()),
                 .body = body_};
}

}  // namespace sipring
