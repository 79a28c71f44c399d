// What each parser reads of a value, as text: "ok" or an error with its offset, then the fields
// that are there, each as "name=value". Elements of a list follow each other. The tables in
// tests/corpus/headers hold such texts, and the fuzz target runs every parser of this list.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/accepted.h>
#include <sipring/core/message/header/authentication_info.h>
#include <sipring/core/message/header/caller_preferences.h>
#include <sipring/core/message/header/challenge.h>
#include <sipring/core/message/header/content_disposition.h>
#include <sipring/core/message/header/credentials.h>
#include <sipring/core/message/header/date.h>
#include <sipring/core/message/header/event.h>
#include <sipring/core/message/header/info_package.h>
#include <sipring/core/message/header/media_type.h>
#include <sipring/core/message/header/mime.h>
#include <sipring/core/message/header/product.h>
#include <sipring/core/message/header/rack.h>
#include <sipring/core/message/header/refer_sub.h>
#include <sipring/core/message/header/retry_after.h>
#include <sipring/core/message/header/session_timer.h>
#include <sipring/core/message/header/subscription_state.h>
#include <sipring/core/message/header/text.h>
#include <sipring/core/message/header/timestamp.h>
#include <sipring/core/message/header/token.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/warning.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sipring::testing {

// Collects the fields of one reading and, for the fuzz target, whether its views lie in the value.
class Fields {
 public:
  explicit Fields(std::string_view value) : value_(value) {}

  void add(std::string_view name, std::string_view view) {
    if (view.data() == nullptr) return;
    inside_ = inside_ && view.data() >= value_.data() &&
              view.data() + view.size() <= value_.data() + value_.size();
    put(name, view);
  }
  void add(std::string_view name, std::uint64_t number) { put(name, std::to_string(number)); }
  void add(std::string_view name, const std::optional<std::uint32_t>& number) {
    if (number) add(name, std::uint64_t{*number});
  }
  void add(std::string_view name, bool flag) {
    if (flag) put(name, "true");
  }
  void add(const Quality& quality) {
    if (quality.given) put("q", std::to_string(quality.thousandths));
  }
  void add(const Forgiven& forgiven) {
    if (!forgiven.empty())
      put("forgiven",
          std::string(to_string(forgiven.first())) + "@" + std::to_string(forgiven.first_offset()));
  }
  void add(const ParseError& error, std::size_t offset = 0) {
    inside_ = inside_ && error.offset + offset <= value_.size();
    outcome_ = std::string(to_string(error.code)) + "@" + std::to_string(error.offset + offset);
  }

  [[nodiscard]] std::string text() const { return outcome_ + text_; }
  [[nodiscard]] bool all_inside() const { return inside_; }

 private:
  void put(std::string_view name, std::string_view text) {
    text_ += '\t';
    text_ += name;
    text_ += '=';
    text_ += text;
  }

  std::string_view value_;
  std::string outcome_ = "ok";
  std::string text_;
  bool inside_ = true;
};

inline void show(Fields& fields, std::string_view text) {
  fields.add("value", text);
}
inline void show(Fields& fields, std::uint32_t number) {
  fields.add("number", std::uint64_t{number});
}
inline void show(Fields& fields, const Token& token) {
  fields.add("token", token.text);
}
inline void show(Fields& fields, const RepliedCall& call) {
  fields.add("call_id", call.call_id);
  fields.add(call.forgiven);
}
inline void show(Fields& fields, Priority priority) {
  fields.add("priority", static_cast<std::uint64_t>(priority));
}
inline void show(Fields& fields, const Accepted& accepted) {
  fields.add("name", accepted.name);
  fields.add(accepted.quality);
  fields.add("parameters", accepted.parameters);
  fields.add(accepted.forgiven);
}
inline void show(Fields& fields, const MediaRange& range) {
  fields.add("type", range.type);
  fields.add("subtype", range.subtype);
  fields.add(range.quality);
  fields.add("parameters", range.parameters);
  fields.add(range.forgiven);
}
inline void show(Fields& fields, const MediaType& type) {
  fields.add("type", type.type);
  fields.add("subtype", type.subtype);
  fields.add("parameters", type.parameters);
  if (const auto text = boundary(type)) fields.add("boundary", *text);
  fields.add(type.forgiven);
}
inline void show(Fields& fields, const ContentDisposition& disposition) {
  fields.add("type", disposition.type);
  fields.add("parameters", disposition.parameters);
  fields.add("optional", disposition.handling == Handling::optional);
  fields.add("other", disposition.handling == Handling::other);
  fields.add(disposition.forgiven);
}
inline void show(Fields& fields, const MimeVersion& version) {
  fields.add("major", std::uint64_t{version.major});
  fields.add("minor", std::uint64_t{version.minor});
}
inline void show(Fields& fields, const InfoPackage& package) {
  fields.add("name", package.name);
  fields.add("parameters", package.parameters);
  fields.add(package.forgiven);
}
inline void show(Fields& fields, const ContactPreference& preference) {
  fields.add("parameters", preference.parameters);
  fields.add("require", preference.require);
  fields.add("explicit", preference.explicit_match);
  fields.add(preference.forgiven);
}
inline void show(Fields& fields, const EventType& event) {
  fields.add("type", event.type);
  fields.add("package", event.package);
  fields.add("id", event.id);
  fields.add("parameters", event.parameters);
  fields.add(event.forgiven);
}
inline void show(Fields& fields, const SubscriptionState& state) {
  fields.add("state", state.state_name);
  fields.add("known_state", state.state != SubscriptionState::State::other);
  fields.add("reason", state.reason_name);
  fields.add("known_reason", state.reason > SubscriptionState::Reason::other);
  fields.add("expires", state.expires);
  fields.add("retry_after", state.retry_after);
  fields.add("parameters", state.parameters);
  fields.add(state.forgiven);
}
inline void show(Fields& fields, const ReferSub& refer_sub) {
  fields.add("subscribe", refer_sub.subscribe);
  fields.add("parameters", refer_sub.parameters);
  fields.add(refer_sub.forgiven);
}
inline void show(Fields& fields, const SessionExpires& expires) {
  fields.add("seconds", std::uint64_t{expires.seconds});
  fields.add("uac", expires.refresher == Refresher::uac);
  fields.add("uas", expires.refresher == Refresher::uas);
  fields.add("parameters", expires.parameters);
  fields.add(expires.forgiven);
}
inline void show(Fields& fields, const MinSe& min_se) {
  fields.add("seconds", std::uint64_t{min_se.seconds});
  fields.add("parameters", min_se.parameters);
  fields.add(min_se.forgiven);
}
inline void show(Fields& fields, const RetryAfter& retry_after) {
  fields.add("seconds", std::uint64_t{retry_after.seconds});
  fields.add("comment", retry_after.comment);
  fields.add("duration", retry_after.duration);
  fields.add("parameters", retry_after.parameters);
  fields.add(retry_after.forgiven);
}
inline void show(Fields& fields, const RAck& rack) {
  fields.add("response", std::uint64_t{rack.response_number});
  fields.add("cseq", std::uint64_t{rack.cseq_number});
  fields.add("method", rack.method_name);
  fields.add("unknown", rack.method == Method::unknown);
}
inline void show(Fields& fields, const Timestamp& timestamp) {
  fields.add("value", timestamp.value_text);
  fields.add("nanoseconds", static_cast<std::uint64_t>(timestamp.value.count()));
  fields.add("delay", timestamp.delay_text);
  if (timestamp.delay.count() != 0)
    fields.add("delay_ns", static_cast<std::uint64_t>(timestamp.delay.count()));
}
inline void show(Fields& fields, const Date& date) {
  const std::int64_t seconds = date.seconds_since_epoch();
  fields.add(seconds < 0 ? "before_epoch" : "epoch",
             static_cast<std::uint64_t>(seconds < 0 ? -seconds : seconds));
  fields.add(date.forgiven);
}
inline void show(Fields& fields, const Text& text) {
  fields.add("text", text.text);
  fields.add(text.forgiven);
}
inline void show(Fields& fields, const Product& product) {
  fields.add("name", product.name);
  fields.add("version", product.version);
  fields.add("comment", product.comment);
}
inline void show(Fields& fields, const Warning& warning) {
  fields.add("code", std::uint64_t{warning.code});
  fields.add("agent", warning.agent);
  fields.add("text", warning.text);
}
inline void show(Fields& fields, const Challenge& challenge) {
  fields.add("scheme", challenge.scheme);
  if (!challenge.is_digest()) fields.add("parameters", challenge.parameters);
  fields.add("realm", challenge.realm);
  fields.add("domain", challenge.domain);
  fields.add("qop", challenge.qop);
  fields.add("nonce", challenge.nonce);
  fields.add("opaque", challenge.opaque);
  fields.add("stale", challenge.stale);
  fields.add("algorithm", challenge.algorithm);
  fields.add("charset", challenge.charset);
  fields.add("userhash", challenge.userhash);
  fields.add(challenge.forgiven);
}
inline void show(Fields& fields, const Credentials& credentials) {
  fields.add("scheme", credentials.scheme);
  if (!credentials.is_digest()) fields.add("parameters", credentials.parameters);
  fields.add("username", credentials.username);
  fields.add("username*", credentials.username_extended);
  fields.add("realm", credentials.realm);
  fields.add("nonce", credentials.nonce);
  fields.add("uri", credentials.uri);
  fields.add("response", credentials.response);
  fields.add("algorithm", credentials.algorithm);
  fields.add("cnonce", credentials.cnonce);
  fields.add("opaque", credentials.opaque);
  fields.add("qop", credentials.qop);
  fields.add("nc", credentials.nc);
  fields.add("userhash", credentials.userhash);
  fields.add("auts", credentials.auts);
  fields.add(credentials.forgiven);
}
inline void show(Fields& fields, const AuthenticationInfo& info) {
  fields.add("nextnonce", info.nextnonce);
  fields.add("qop", info.qop);
  fields.add("rspauth", info.rspauth);
  fields.add("cnonce", info.cnonce);
  fields.add("nc", info.nc);
  fields.add(info.forgiven);
}

// The value as a whole.
template <auto parse>
Fields read_one(std::string_view value) {
  Fields fields(value);
  if (const auto parsed = parse(value))
    show(fields, *parsed);
  else
    fields.add(parsed.error());
  return fields;
}

// Each element up to the first mistake.
template <auto parse>
Fields read_list(std::string_view value) {
  Fields fields(value);
  const auto list = elements<parse>(value);
  for (auto element = list.begin(); element != list.end(); ++element)
    if (*element)
      show(fields, **element);
    else
      fields.add(element->error());
  return fields;
}

inline Fields read_products(std::string_view value) {
  Fields fields(value);
  for (std::string_view rest = value; !rest.empty();) {
    const Parsed<Product> product = parse_product(rest);
    if (!product) {
      fields.add(product.error(), value.size() - rest.size());
      break;
    }
    show(fields, *product);
    rest.remove_prefix(product->length);
  }
  return fields;
}

struct Reading {
  std::string_view header;
  Fields (*read)(std::string_view value);
};

inline constexpr Reading readings[] = {
    {"Supported", read_list<parse_token>},
    {"SIP-ETag", read_one<parse_entity_tag>},
    {"Priority", read_one<parse_priority>},
    {"In-Reply-To", read_list<parse_in_reply_to>},
    {"Accept", read_list<parse_accept>},
    {"Accept-Encoding", read_list<parse_accept_encoding>},
    {"Accept-Language", read_list<parse_accept_language>},
    {"Accept-Contact", read_list<parse_accept_contact>},
    {"Reject-Contact", read_list<parse_reject_contact>},
    {"Recv-Info", read_list<parse_recv_info>},
    {"Info-Package", read_one<parse_info_package>},
    {"Content-Type", read_one<parse_content_type>},
    {"Content-Disposition", read_one<parse_content_disposition>},
    {"MIME-Version", read_one<parse_mime_version>},
    {"Content-ID", read_one<parse_content_id>},
    {"Retry-After", read_one<parse_retry_after>},
    {"Min-Expires", read_one<parse_min_expires>},
    {"Max-Breadth", read_one<parse_max_breadth>},
    {"Flow-Timer", read_one<parse_flow_timer>},
    {"RSeq", read_one<parse_rseq>},
    {"RAck", read_one<parse_rack>},
    {"Session-Expires", read_one<parse_session_expires>},
    {"Min-SE", read_one<parse_min_se>},
    {"Refer-Sub", read_one<parse_refer_sub>},
    {"Timestamp", read_one<parse_timestamp>},
    {"Date", read_one<parse_date>},
    {"Event", read_one<parse_event>},
    {"Subscription-State", read_one<parse_subscription_state>},
    {"Subject", read_one<parse_text>},
    {"User-Agent", read_products},
    {"Warning", read_list<parse_warning>},
    {"WWW-Authenticate", read_one<parse_challenge>},
    {"Authorization", read_one<parse_credentials>},
    {"Authentication-Info", read_one<parse_authentication_info>},
};

}  // namespace sipring::testing
