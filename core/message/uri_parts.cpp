// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/uri_parts.h>
#include <sipring/core/message/uri_writer.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sipring {
namespace {

// 1*DIGIT up to `most`.
std::optional<std::uint16_t> number_of(const Uri& uri, std::string_view name, std::uint16_t most) {
  const std::optional<std::string_view> value = uri_parameter(uri, name);
  if (!value || value->empty()) return std::nullopt;
  const unsigned char* at = detail::octets(value->data());
  const unsigned char* const end = at + value->size();
  const std::uint64_t number = detail::read_number(at, end, std::uint64_t{most} + 1);
  if (at != end || number > most) return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

}  // namespace

void UriComponents::Cursor::next() {
  component_ = {};
  while (component_.name.empty() && !rest_.empty()) {
    const std::size_t end = std::min(rest_.find(separator_), rest_.size());
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    const std::size_t equal = text.find('=');
    component_.name = text.substr(0, equal);
    component_.has_value = equal != text.npos;
    if (component_.has_value) component_.value = text.substr(equal + 1);
  }
}

std::optional<UriComponent> find(const UriComponents& components, std::string_view name) {
  for (const UriComponent& component : components)
    if (same_text_ignoring_case(component.name, name)) return component;
  return std::nullopt;
}

std::optional<std::string_view> uri_parameter(const Uri& uri, std::string_view name) {
  const std::optional<UriComponent> found = find(uri_parameters(uri), name);
  return found ? std::optional{found->value} : std::nullopt;
}

std::optional<std::string_view> uri_header(const Uri& uri, std::string_view name) {
  const std::optional<UriComponent> found = find(uri_headers(uri), name);
  return found ? std::optional{found->value} : std::nullopt;
}

bool has_uri_parameter(const Uri& uri, std::string_view name) {
  return find(uri_parameters(uri), name).has_value();
}

std::optional<Transport> transport_of(const Uri& uri) {
  const std::optional<std::string_view> value = uri_parameter(uri, "transport");
  if (!value) return std::nullopt;
  for (const Transport transport :
       {Transport::udp, Transport::tcp, Transport::tls, Transport::ws, Transport::wss})
    if (same_text_ignoring_case(*value, to_string(transport))) return transport;
  return std::nullopt;
}

std::optional<std::uint8_t> ttl_of(const Uri& uri) {
  const std::optional<std::uint16_t> ttl = number_of(uri, "ttl", 255);
  return ttl ? std::optional{static_cast<std::uint8_t>(*ttl)} : std::nullopt;
}

std::optional<std::string_view> maddr_of(const Uri& uri) {
  const std::optional<std::string_view> value = uri_parameter(uri, "maddr");
  return value && detail::is_host(*value) ? value : std::nullopt;
}

std::optional<Method> method_of(const Uri& uri) {
  const std::optional<std::string_view> value = uri_parameter(uri, "method");
  if (!value) return std::nullopt;
  std::array<char, 32> room;  // longer than any method in the list
  const UriText name = unescape(*value, room);
  if (!name) return Method::unknown;
  if (name->empty() || !detail::is_all<detail::token_octet>(*name)) return std::nullopt;
  return method_from(*name);
}

bool is_phone(const Uri& uri) {
  return same_text_ignoring_case(uri_parameter(uri, "user").value_or(""), "phone");
}

bool is_loose_router(const Uri& uri) {
  return has_uri_parameter(uri, "lr");
}

bool has_outbound(const Uri& uri) {
  return has_uri_parameter(uri, "ob");
}

std::optional<std::string_view> gruu_of(const Uri& uri) {
  return uri_parameter(uri, "gr");
}

std::optional<std::uint16_t> cause_of(const Uri& uri) {
  const std::optional<std::uint16_t> cause = number_of(uri, "cause", 699);
  return cause && *cause >= 100 ? cause : std::nullopt;
}

}  // namespace sipring
