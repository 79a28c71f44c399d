// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/route_set.h>

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/params.h>
#include <sipring/pools/trimmed.h>

namespace sipring {
namespace {

// Section 19.1.1: neither headers nor a method parameter may stand in a Request-URI. A method is
// cut off with what follows it; proxies put nothing of the kind into Record-Route.
std::string_view as_request_uri(const Uri& uri) {
  std::string_view text = uri.text.substr(0, uri.text.find('?'));
  const std::size_t method = text.find(";method=");
  return text.substr(0, method);
}

}  // namespace

bool RouteSet::read(const Message& message, Order order) {
  if (message.find(HeaderId::record_route) == message.header_count()) return true;
  reversed_ = order == Order::reversed;
  Address first;
  const auto list = elements<parse_address>(message, HeaderId::record_route);
  for (auto i = list.begin(); i != list.end(); ++i) {
    if (!*i || size_ == capacity) return false;
    const std::string_view value = message.header(i.header_index()).value;
    texts_[size_] = trimmed(value.substr(i.offset(), (*i)->length));
    if (reversed_ || size_ == 0) first = **i;
    ++size_;
  }
  if (size_ == 0) return true;
  first_secure_ = first.uri.scheme == Uri::Scheme::sips;
  const bool loose = parameter(first.uri.parameters, "lr").has_value() ||
                     (!first.bracketed && parameter(first.parameters, "lr").has_value());
  if (!loose && is_sip(first.uri)) strict_uri_ = as_request_uri(first.uri);
  return true;
}

}  // namespace sipring
