// SPDX-License-Identifier: MIT
#include <answer/rejection.h>

#include <agent/text.h>
#include <answer/capabilities.h>
#include <sipring/core/message/body/coding.h>
#include <sipring/core/message/body/session_part.h>
#include <sipring/core/message/header/params.h>
#include <sipring/pools/trimmed.h>

namespace sipring::app {
namespace {

Rejection rejection(std::uint16_t status, HeaderLine header) {
  return {.status = status, .reason = {}, .headers = {header}, .header_count = 1};
}
Rejection bad_request(std::string_view reason) {
  return {.status = 400, .reason = reason, .headers = {}, .header_count = 0};
}

// Section 8.2.2.1.
std::optional<Rejection> refuse_scheme(const Uri& request_uri) {
  if (request_uri.scheme != Uri::Scheme::other) return std::nullopt;
  return Rejection{.status = 416, .reason = {}, .headers = {}, .header_count = 0};
}

bool is_allowed(Method method, const AnswerAbilities& abilities) {
  switch (method) {
    case Method::invite:
    case Method::ack:
    case Method::cancel:
    case Method::bye:
    case Method::options:
    case Method::info:
    case Method::update:
    case Method::message:
    case Method::register_: return true;
    case Method::prack: return abilities.has_dialogs;
    default: return false;
  }
}

bool is_known_extension(std::string_view option) {
  return equals_ignoring_case(option, recorder);
}

// Section 8.2.2.3.
std::optional<Rejection> refuse_extensions(const Message& request, FixedText<1024>& text) {
  for (const HeaderField field : request.each(HeaderId::require)) {
    std::string_view rest = field.value;
    while (const auto element = take_until(rest, ',')) {
      const std::string_view option = trimmed(*element);
      if (option.empty() || is_known_extension(option)) continue;
      if (text.size() != 0) text << ", ";
      text << option;
    }
  }
  if (text.size() == 0) return std::nullopt;
  return rejection(420, {"Unsupported", text.view()});
}

bool is_optional(const Message& request) {  // section 20.11
  const auto disposition = request.first(HeaderId::content_disposition);
  if (!disposition) return false;
  const std::size_t parameters = disposition->find(';');
  if (parameters == std::string_view::npos) return false;
  const auto handling = parameter(disposition->substr(parameters), "handling");
  return handling && equals_ignoring_case(*handling, "optional");
}

bool is_session_description(std::string_view content_type) {
  if (content_type == sdp_content.value) return true;  // nearly always
  return is_of_type(content_type, "application", "sdp");
}

bool carries_a_session(Method method) {
  return method == Method::invite || method == Method::update;
}

// RFC 5621 section 8.4.
std::optional<Rejection> refuse_parts(std::string_view body, std::string_view type) {
  const Parsed<SessionPart> part = find_session_part(body, type, understood_types);
  if (!part) return bad_request("Malformed Multipart Body");
  if (part->not_understood.data() != nullptr) return rejection(415, accept);
  return std::nullopt;
}

// Section 8.2.3.
std::optional<Rejection> refuse_content(const Message& request) {
  if (!carries_a_session(request.method()) || request.body().empty()) return std::nullopt;
  if (is_optional(request)) return std::nullopt;
  if (is_coded(request)) return rejection(415, accept_encoding);
  const auto type = request.first(HeaderId::content_type);
  if (!type) return bad_request("Missing Content-Type Header Field");
  if (is_multipart(*type)) return refuse_parts(request.body(), *type);
  if (!is_session_description(*type)) return rejection(415, accept);
  return std::nullopt;
}

}  // namespace

std::optional<Rejection> refuse(const Message& request, const Uri& request_uri,
                                const AnswerAbilities& abilities, FixedText<1024>& text) {
  text.clear();
  if (!is_allowed(request.method(), abilities)) return rejection(405, abilities.allow);
  if (auto refused = refuse_scheme(request_uri)) return refused;
  if (abilities.has_dialogs && carries_a_session(request.method())) return std::nullopt;
  if (auto refused = refuse_extensions(request, text)) return refused;
  return refuse_content(request);
}

std::string_view session_description(const Message& request) {
  const auto type = request.first(HeaderId::content_type);
  if (!type) return {};
  if (is_session_description(*type)) return request.body();
  if (!is_multipart(*type)) return {};
  const Parsed<SessionPart> part = find_session_part(request.body(), *type, understood_types);
  return part && part->not_understood.data() == nullptr ? part->text : std::string_view{};
}

}  // namespace sipring::app
