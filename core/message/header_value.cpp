// Typed values as text. Each is parsed again after it was written and compared with what was given.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/header_grammar.h>
#include <sipring/core/message/detail/header_value.h>
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/params.h>
#include <sipring/pools/trimmed.h>

namespace sipring {
namespace {

constexpr std::string_view blanks = " \t";

void put_port(TextRoom& room, std::uint16_t port) {
  if (port != 0) room.put(":"), room.put(std::uint32_t{port});
}

void put(TextRoom& room, const Uri& uri) {
  if (uri.host.empty()) return room.put(uri.text);
  room.put(uri.scheme == Uri::Scheme::sips ? "sips:" : "sip:");
  room.put(uri.user);
  if (!uri.password.empty()) room.put(":"), room.put(uri.password);
  if (!uri.user.empty()) room.put("@");
  room.put(uri.host);
  put_port(room, uri.port);
  room.put(uri.parameters);
  if (!uri.headers.empty()) room.put("?"), room.put(uri.headers);
}

// A parameter that `parameters` does not have yet.
void put_parameter(TextRoom& room, std::string_view parameters, std::string_view name,
                   std::string_view value) {
  if (value.empty() || parameter(parameters, name)) return;
  room.put(";"), room.put(name), room.put("="), room.put(value);
}

void put(TextRoom& room, const Address& address) {
  room.put(address.display_name);
  room.put(address.display_name.empty() ? "<" : " <");
  put(room, address.uri);
  room.put(">");
  room.put(address.parameters);
  put_parameter(room, address.parameters, "tag", address.tag);
}

void put_rport(TextRoom& room, const Via& via) {
  if (!via.has_rport || parameter(via.parameters, "rport")) return;
  room.put(";rport");
  if (via.rport != 0) room.put("="), room.put(std::uint32_t{via.rport});
}

void put(TextRoom& room, const Via& via) {
  room.put("SIP/2.0/"), room.put(via.transport), room.put(" "), room.put(via.host);
  put_port(room, via.port);
  room.put(via.parameters);
  put_parameter(room, via.parameters, "branch", via.branch);
  put_parameter(room, via.parameters, "received", via.received);
  put_rport(room, via);
  put_parameter(room, via.parameters, "maddr", via.maddr);
}

void put(TextRoom& room, const CSeq& cseq) {
  room.put(cseq.number), room.put(" ");
  room.put(cseq.method_name.empty() ? to_string(cseq.method) : cseq.method_name);
}

bool is_same(const Uri& read, const Uri& given) {
  if (given.host.empty()) return read.text == given.text;
  return read.scheme != Uri::Scheme::other && read.user == given.user &&
         read.password == given.password && read.host == given.host && read.port == given.port &&
         read.parameters == given.parameters && read.headers == given.headers;
}

bool reads_as(std::string_view text, const Uri& given) {
  const Parsed<Uri> read = strictly_where_noted(parse_uri(text));
  return read && is_same(*read, given);
}

bool reads_as(std::string_view text, const Address& given) {
  const Parsed<Address> read = strictly_where_noted(parse_address(text));
  return read && read->length == text.size() && read->display_name == given.display_name &&
         read->tag == given.tag && is_same(read->uri, given.uri) &&
         read->parameters.starts_with(given.parameters);
}

bool reads_as(std::string_view text, const Via& given) {
  const Parsed<Via> read = strictly_where_noted(parse_via(text));
  return read && read->length == text.size() && read->transport == given.transport &&
         read->host == given.host && read->port == given.port && read->branch == given.branch &&
         read->received == given.received && read->maddr == given.maddr &&
         read->has_rport == given.has_rport && read->rport == given.rport &&
         read->parameters.starts_with(given.parameters);
}

bool reads_as(std::string_view text, const CSeq& given) {
  const Parsed<CSeq> read = strictly_where_noted(parse_cseq(text));
  return read && read->number == given.number;
}

struct Putter {
  TextRoom& room;
  void operator()(std::string_view text) const { room.put(trimmed(text, blanks)); }
  void operator()(std::uint32_t number) const { room.put(number); }
  void operator()(const Uri* uri) const { room.put("<"), put(room, *uri), room.put(">"); }
  void operator()(const auto* value) const { put(room, *value); }
};

struct Checker {
  std::string_view text;
  bool operator()(std::string_view) const { return true; }
  bool operator()(std::uint32_t) const { return true; }
  bool operator()(const Uri* uri) const { return reads_as(text.substr(1, text.size() - 2), *uri); }
  bool operator()(const auto* value) const { return reads_as(text, *value); }
};

}  // namespace

bool HeaderName::is(HeaderId other, std::string_view other_text) const {
  if (id != HeaderId::extension || other != HeaderId::extension) return id == other;
  return detail::equals_ignoring_case(text, other_text);
}

std::expected<std::string_view, BuildProblem> HeaderValue::write(HeaderId header,
                                                                 TextRoom& room) const {
  room.begin();
  std::visit(Putter{room}, value_);
  const std::optional<std::string_view> text = room.end();
  if (!text) return std::unexpected(BuildProblem::room_full);
  const auto refuse = [&](BuildProblem problem) {
    room.take_back();
    return std::unexpected(problem);
  };
  if (!is_line_text(*text)) return refuse(line_problem(*text));
  if (!std::visit(Checker{*text}, value_) || !is_well_formed(header, *text))
    return refuse(BuildProblem::malformed);
  return *text;
}

std::expected<std::string_view, BuildProblem> HeaderValue::write_request_uri(TextRoom& room) const {
  const auto* const text = std::get_if<std::string_view>(&value_);
  const auto* const uri = std::get_if<const Uri*>(&value_);
  if (text == nullptr && uri == nullptr) return std::unexpected(BuildProblem::start_line);
  Uri given = uri != nullptr ? **uri : Uri{};
  if (text != nullptr) given.text = trimmed(*text, blanks);
  room.begin();
  put(room, given);
  const std::optional<std::string_view> written = room.end();
  if (!written) return std::unexpected(BuildProblem::room_full);
  if (detail::is_all<detail::uri_octet>(*written) && reads_as(*written, given)) return *written;
  room.take_back();
  return std::unexpected(BuildProblem::start_line);
}

std::expected<Via, BuildProblem> make_via(Transport transport, std::string_view sent_by,
                                          std::string_view branch) {
  const std::size_t colon = sent_by.rfind(':');
  const bool has_port = colon != std::string_view::npos && !sent_by.ends_with(']');
  Via via;
  via.transport = to_string(transport);
  via.host = sent_by.substr(0, has_port ? colon : sent_by.size());
  via.branch = branch;
  via.has_rport = !is_reliable(transport);
  if (!has_port) return via;
  const std::optional<std::uint16_t> port = detail::port_from(sent_by.substr(colon + 1));
  if (!port) return std::unexpected(BuildProblem::malformed);
  via.port = *port;
  return via;
}

}  // namespace sipring
