// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/precedence.h>

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/unframed.h>

#include <algorithm>
#include <optional>

namespace sipring {
namespace {

bool starts_with(std::string_view text, std::string_view lower) {
  return detail::equals_ignoring_case(text.substr(0, lower.size()), lower);
}

// RFC 5031: urn:service:sos and what is below it.
bool is_emergency_service(std::string_view request_uri) {
  constexpr std::string_view sos = "urn:service:sos";
  if (!starts_with(request_uri, sos)) return false;
  return request_uri.size() == sos.size() || request_uri[sos.size()] == '.';
}

// Namespaces whose every value means an emergency.
bool is_emergency_resource(std::string_view value) {
  return starts_with(value, "esnet.") || starts_with(value, "ets.") || starts_with(value, "wps.");
}

// These never begin anything, whatever their To says.
bool is_never_new(std::string_view method) {
  return method == "ACK" || method == "BYE" || method == "CANCEL" || method == "PRACK";
}

Precedence outside_of_dialogs(std::string_view method, std::string_view request_uri,
                              std::string_view resource_priority) {
  if (is_emergency_service(request_uri) || is_emergency_resource(resource_priority)) {
    return Precedence::emergency;
  }
  if (method == "INVITE") return Precedence::call;
  return method == "REGISTER" ? Precedence::registration : Precedence::other;
}

std::string_view value_of(const Request& request, HeaderId id) {
  for (const HeaderLine& line : request.headers) {
    if (header_id_from(line.name) == id) return line.value;
  }
  return {};
}

// The To of octets that nobody has framed: a tag is taken for one wherever it stands in the line.
bool seems_within_dialog(std::string_view datagram) {
  const auto to = find_unframed(datagram, HeaderId::to);
  if (!to) return false;
  const auto start = static_cast<std::size_t>(to->data() - datagram.data());
  const std::string_view rest = datagram.substr(start);
  return rest.substr(0, rest.find('\n')).find(";tag=") != std::string_view::npos;
}

}  // namespace

std::string_view to_string(Precedence precedence) {
  switch (precedence) {
    case Precedence::in_dialog: return "in_dialog";
    case Precedence::emergency: return "emergency";
    case Precedence::call: return "call";
    case Precedence::other: return "other";
    case Precedence::registration: return "registration";
    case Precedence::count: break;
  }
  return "";
}

Precedence precedence_of(const Message& request, std::string_view to_tag) {
  if (!to_tag.empty() || is_never_new(request.method_name())) return Precedence::in_dialog;
  return outside_of_dialogs(request.method_name(), request.request_uri(),
                            request.first(HeaderId::resource_priority).value_or(""));
}

Precedence precedence_of(const Request& request) {
  if (is_never_new(request.method)) return Precedence::in_dialog;
  const auto to = parse_address_without_uri(value_of(request, HeaderId::to));
  if (to && !to->tag.empty()) return Precedence::in_dialog;
  return outside_of_dialogs(request.method, request.request_uri,
                            value_of(request, HeaderId::resource_priority));
}

Precedence guess_precedence(std::string_view datagram) {
  const std::size_t start = std::min(datagram.find_first_not_of("\r\n"), datagram.size());
  const std::string_view line = datagram.substr(start, datagram.find('\n', start) - start);
  if (line.starts_with("SIP/2.0 ")) return Precedence::in_dialog;
  const std::size_t method_end = line.find(' ');
  if (method_end == std::string_view::npos) return Precedence::registration;
  const std::string_view method = line.substr(0, method_end);
  if (is_never_new(method) || seems_within_dialog(datagram)) return Precedence::in_dialog;
  const std::string_view rest = line.substr(method_end + 1);
  return outside_of_dialogs(method, rest.substr(0, rest.find(' ')),
                            find_unframed(datagram, HeaderId::resource_priority).value_or(""));
}

}  // namespace sipring
