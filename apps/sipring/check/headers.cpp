// SPDX-License-Identifier: MIT
#include <check/headers.h>

#include <check/typed_values.h>

#include <sipring/core/message/header/registry.h>

#include <fmt/format.h>

#include <utility>

namespace sipring::app {
namespace {

void show_request_line(Report& report, const Message& message, std::string_view prefix) {
  const std::string_view uri = message.request_uri();
  TypedValue typed{{"method", message.method() == Method::unknown
                                  ? fmt::format("{} (not in the registry)", message.method_name())
                                  : std::string(message.method_name())}};
  for (auto& part : typed_uri(uri)) typed.push_back(std::move(part));
  report.show(message.method_name(), fmt::format("{}request", prefix),
              fmt::format("{} {} SIP/2.0", message.method_name(), made_visible(uri)),
              {std::move(typed)});
}

}  // namespace

std::string name_of(const HeaderField& field) {
  return std::string(field.id == HeaderId::extension ? field.name : to_string(field.id));
}

void show_start_line(Report& report, const Message& message, std::string_view prefix) {
  if (!message.request_uri().empty()) return show_request_line(report, message, prefix);
  if (message.status() == 0) return;
  report.show(message.head(), fmt::format("{}status", prefix),
              fmt::format("SIP/2.0 {} {}", message.status(), made_visible(message.reason())),
              {{{"status", std::to_string(message.status())}}});
}

void show_header(Report& report, const HeaderField& field, std::string_view prefix) {
  report.show(field.name, fmt::format("{}{}", prefix, name_of(field)), made_visible(field.value),
              typed_values(field));
}

void judge_header(Report& report, const HeaderField& field) {
  const HeaderVerdict verdict = verdict_of(field);
  if (verdict.error.code != ParseErrorCode::none)
    report.mistake(field.value, verdict.error, name_of(field));
  report.forgiven(field.value, verdict.forgiven, name_of(field));
}

}  // namespace sipring::app
