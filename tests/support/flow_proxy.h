// FlowProxy: a proxy between phones in virtual time, as the flows of RFC 3665 have it: it adds its
// Via and takes it away, record-routes, asks for a password, or changes descriptions as an ALG
// does. It works on texts, and repeats nothing: the network between must lose nothing.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest_server.h>
#include <sipring/core/message/parser.h>

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "tests/support/call_world.h"
#include "tests/support/openssl_hashes.h"

namespace sipring::test {

class FlowProxy {
 public:
  FlowProxy(World& world, std::string its_name, const NetworkAddress& its_address)
      : name(std::move(its_name)), address(its_address), world_(world) {}

  void receive(const World::Packet& packet) {
    if (is_gone) return;
    if (packet.bytes.starts_with("SIP/2.0")) return receive_response(packet);
    receive_request(packet);
  }

  std::string name;
  NetworkAddress address;
  const FlowProxy* next = nullptr;  // of requests outside of dialogs; nullptr: as their URI says
  bool is_gone = false;
  bool record_routes = true;
  bool relays_media = false;  // the descriptions name it in place of the phones
  bool challenges = false;    // INVITEs without the password "secret" of alice's

 private:
  struct Forwarded {
    std::string request;
    NetworkAddress to;
  };

  [[nodiscard]] std::string uri() const {
    return "<sip:" + std::string(to_text(address).view()) + ";lr>";
  }
  static std::string branch_of(const std::string& text) {
    const std::string via = header_of(text, "Via");
    const std::size_t at = via.find("branch=") + 7;
    return via.substr(at, via.find_first_of(";,", at) - at);
  }
  // Of "sip:user@192.0.2.1:5060;lr" or "SIP/2.0/UDP 192.0.2.1;branch=..".
  static NetworkAddress address_of(std::string_view text) {
    const std::size_t at = std::min(text.find('@'), text.find(text.starts_with("SIP") ? ' ' : ':'));
    std::string_view host = text.substr(text.find('@') != text.npos ? text.find('@') + 1 : at + 1);
    host = host.substr(0, host.find_first_of(";> "));
    const std::size_t colon = host.find(':');
    const int port = colon == host.npos ? 5060 : std::stoi(std::string(host.substr(colon + 1)));
    return test::address(std::string(host.substr(0, colon)), static_cast<std::uint16_t>(port));
  }
  static std::string without_line(std::string text, std::string_view name) {
    const std::size_t at = text.find("\r\n" + std::string(name) + ":");
    if (at != text.npos) text.erase(at, text.find("\r\n", at + 2) - at);
    return text;
  }
  static std::string with_first_line(std::string text, const std::string& line) {
    return text.insert(text.find("\r\n") + 2, line + "\r\n");
  }
  [[nodiscard]] std::string with_media(std::string text) const {
    return relays_media ? replaced(std::move(text), "m=audio 4000", "m=audio 5000") : text;
  }

  // The end of a hop: 100, 407, and the ACK of a failure that another proxy has sent.
  static std::string response_to(const std::string& request, std::string_view status,
                                 std::string_view more = {}) {
    std::string text = "SIP/2.0 " + std::string(status);
    for (std::size_t at = 0; (at = request.find("\r\nVia:", at)) != request.npos; ++at)
      text += request.substr(at, request.find("\r\n", at + 2) - at);
    for (const std::string_view header : {"From", "To", "Call-ID", "CSeq"})
      text += "\r\n" + std::string(header) + ": " + header_of(request, header);
    return text + "\r\n" + std::string(more) + "Content-Length: 0\r\n\r\n";
  }

  void receive_request(const World::Packet& packet) {
    const std::string& text = packet.bytes;
    const bool is_invite = text.starts_with("INVITE");
    if (text.starts_with("ACK") && failed_.contains(branch_of(text))) return;
    if (is_invite && challenges && !is_authorized(text)) return challenge(packet);
    std::string request = without_own_route(text);
    const std::string routes = header_of(request, "Route");
    const NetworkAddress to =
        routes != "(none)" ? address_of(routes)
        : next != nullptr && header_of(text, "To").find(";tag=") == text.npos
            ? next->address
            : address_of(first_line(request).substr(first_line(request).find(' ') + 1));
    if (is_invite && record_routes)
      request = with_first_line(std::move(request), "Record-Route: " + uri());
    const std::string branch = "z9hG4bK" + name + std::to_string(++branches_);
    request = with_first_line(
        std::move(request),
        "Via: SIP/2.0/UDP " + std::string(to_text(address).view()) + ";branch=" + branch);
    request = with_media(std::move(request));
    forwarded_[branch] = {request, to};
    upstream_[branch] = branch_of(text);
    world_.send(address, to, request);
    if (is_invite) world_.send(address, packet.from, response_to(text, "100 Trying"));
  }

  void receive_response(const World::Packet& packet) {
    const std::string branch = branch_of(packet.bytes);
    const int status = std::stoi(packet.bytes.substr(8, 3));
    if (status == 100) return;
    const std::string response = with_media(without_line(packet.bytes, "Via"));
    world_.send(address, address_of(header_of(response, "Via")), response);
    if (status < 300 || !header_of(response, "CSeq").ends_with("INVITE")) return;
    failed_.insert(upstream_[branch]);
    const Forwarded& sent = forwarded_[branch];
    const std::string start = first_line(sent.request);
    std::string ack = "ACK" + start.substr(start.find(' ')) +
                      "\r\nVia: " + header_of(sent.request, "Via") + "\r\nMax-Forwards: 70";
    for (const std::string_view header : {"From", "Call-ID"})
      ack += "\r\n" + std::string(header) + ": " + header_of(sent.request, header);
    ack += "\r\nTo: " + header_of(packet.bytes, "To");
    ack += "\r\nCSeq: " + replaced(header_of(sent.request, "CSeq"), "INVITE", "ACK");
    world_.send(address, sent.to, ack + "\r\nContent-Length: 0\r\n\r\n");
  }

  [[nodiscard]] std::string without_own_route(const std::string& request) const {
    const std::string routes = header_of(request, "Route");
    if (!routes.starts_with(uri())) return request;
    std::string rest = routes.substr(uri().size());
    rest.erase(0, rest.find_first_not_of(", "));
    std::string text = without_line(request, "Route");
    return rest.empty() ? text : with_first_line(std::move(text), "Route: " + rest);
  }

  DigestServer& guard() {
    if (!guard_) {
      guard_.emplace(DigestServerSettings{.realm = name, .role = DigestRole::proxy},
                     openssl_hashes(), Entropy{{address.ip.octets[3], 2, 3, 4}},
                     *std::pmr::new_delete_resource());
    }
    return *guard_;
  }

  bool is_authorized(const std::string& text) {
    const PaddedText padded(text);
    Message request(64, *std::pmr::new_delete_resource());
    EXPECT_TRUE(parse(padded.view(), request));
    const auto claim = guard().claim(request);
    if (!claim) return false;
    const auto ha1 = make_ha1(openssl_hashes(), claim->algorithm, "alice", name, "secret");
    return guard().judge(world_.now, *claim, ha1) == DigestVerdict::accepted;
  }

  void challenge(const World::Packet& packet) {
    std::array<HeaderLine, DigestServer::most_lines> lines;
    std::string room(guard().room_for_lines(), '\0');
    std::string more;
    for (const HeaderLine& line : guard().challenge(world_.now, false, lines, room))
      more += std::string(line.name) + ": " + std::string(line.value) + "\r\n";
    const std::string to = header_of(packet.bytes, "To");
    std::string response = response_to(packet.bytes, "407 Proxy Authentication Required", more);
    response = replaced(std::move(response), "To: " + to, "To: " + to + ";tag=" + name);
    failed_.insert(branch_of(packet.bytes));
    world_.send(address, packet.from, response);
  }

  World& world_;
  std::optional<DigestServer> guard_;
  int branches_ = 0;
  std::map<std::string, Forwarded> forwarded_;   // by the branch of ours
  std::map<std::string, std::string> upstream_;  // whose branch that was
  std::set<std::string> failed_;                 // branches of INVITEs whose ACK ends here
};

}  // namespace sipring::test
