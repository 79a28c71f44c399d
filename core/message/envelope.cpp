// SPDX-License-Identifier: MIT
#include <sipring/core/message/envelope.h>

#include <sipring/core/message/detail/ordinary.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/values.h>

namespace sipring {
namespace {

// Reads header fields into an envelope; its error is set by what returns false.
class Reading {
 public:
  Reading(const Message& message, Envelope& envelope) : message_(message), envelope_(envelope) {}

  bool via() {
    return field(HeaderId::via, [&](std::string_view value) {
      if (detail::take_ordinary_via(value, envelope_.via)) return true;
      envelope_.via = {};
      return keep(HeaderId::via, parse_via(value), envelope_.via) && rest_is_good(value);
    });
  }

  bool sent_by() {
    return field(HeaderId::via, [&](std::string_view value) {
      const std::string_view before_parameters = value.substr(0, value.find_first_of(";,"));
      return keep(HeaderId::via, parse_via(before_parameters), envelope_.via);
    });
  }

  bool cseq() {
    return field(HeaderId::cseq, [&](std::string_view value) {
      return keep(HeaderId::cseq, parse_cseq(value), envelope_.cseq);
    });
  }

  bool call_id() {
    return field(HeaderId::call_id, [&](std::string_view value) {
      envelope_.call_id = value;
      if (detail::is_ordinary_call_id(value)) return true;
      const Parsed<CallId> call_id = parse_call_id(value);
      return call_id || fail(HeaderId::call_id, call_id.error());
    });
  }

  // Of a From or a To.
  bool tag(HeaderId id, std::string_view& tag) {
    return field(id, [&](std::string_view value) {
      return detail::take_ordinary_tag(value, tag) || tag_of_address(id, value, tag);
    });
  }

 private:
  // Stray semicolons are let pass where the others of the list are good: in ";;,;,," nobody knows
  // what was meant (RFC 4475 section 3.1.2.1).
  bool rest_is_good(std::string_view value) {
    if (!envelope_.via.forgiven.has(Forgiveness::empty_parameter)) return true;
    for (const Parsed<Via>& via : elements<parse_via>(value))
      if (!via) return fail(HeaderId::via, via.error());
    return true;
  }

  // The value of a header field that must be there, and only once unless it is a Via, for `take`.
  template <class Take>
  bool field(HeaderId id, Take&& take) {
    const auto [index, repeated] = message_.find_only(id);
    if (index == message_.header_count()) return fail(id, {ParseErrorCode::missing_header, 0});
    if (repeated && id != HeaderId::via) return fail(id, {ParseErrorCode::repeated_header, 0});
    return take(message_.header(index).value);
  }

  template <class T>
  bool keep(HeaderId id, const Parsed<T>& parsed, T& to) {
    if (!parsed) return fail(id, parsed.error());
    to = *parsed;
    return true;
  }

  bool tag_of_address(HeaderId id, std::string_view value, std::string_view& tag) {
    const Parsed<Address> address = parse_address_without_uri(value);
    tag = address ? address->tag : std::string_view{};
    if (!address) return fail(id, address.error());
    return address->length == value.size() ||
           fail(id, {ParseErrorCode::repeated_header, address->length});
  }

  bool fail(HeaderId header, ParseError error) {
    envelope_.error = {header, error};
    return false;
  }

  const Message& message_;
  Envelope& envelope_;
};

}  // namespace

bool read_top_via(const Message& message, Envelope& envelope) {
  return Reading(message, envelope).via();
}

bool read_sent_by(const Message& message, Envelope& envelope) {
  return Reading(message, envelope).sent_by();
}

bool read_cseq(const Message& message, Envelope& envelope) {
  return Reading(message, envelope).cseq();
}

bool read_names(const Message& message, Envelope& envelope) {
  Reading reading(message, envelope);
  return reading.call_id() && reading.tag(HeaderId::from, envelope.from_tag) &&
         reading.tag(HeaderId::to, envelope.to_tag);
}

bool read_envelope(const Message& message, Envelope& envelope) {
  read_request_uri(message, envelope);
  return read_top_via(message, envelope) && read_cseq(message, envelope) &&
         read_names(message, envelope);
}

void read_request_uri(const Message& message, Envelope& envelope) {
  envelope.request_uri.reset();
  if (!message.is_request()) return;
  if (const Parsed<Uri> uri = parse_uri(message.request_uri())) envelope.request_uri = *uri;
}

}  // namespace sipring
