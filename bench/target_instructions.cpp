// Sends a number of OPTIONS, all of one text, to an address or to a name whose answers are cached
// (NAPTR, SRV, A), without I/O, for callgrind: perf/instructions.sh says what a name costs more.
// Usage: target_instructions URI COUNT (65,536 at most)
// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri.h>
#include <sipring/core/sending/sender.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory_resource>
#include <string>
#include <string_view>
#include <variant>

namespace {

using namespace sipring;

// Answers each question about "sbc.example.com" with one record: two octets of length stand before
// its data.
std::string answer_to(std::string_view query) {
  constexpr std::size_t head = 12;
  std::size_t end = head;
  while (query[end] != 0) end += 1 + static_cast<unsigned char>(query[end]);
  const auto type = static_cast<unsigned char>(query[end + 2]);
  std::string answer(query.substr(0, end + 5));
  answer[2] = '\x81';
  answer[3] = '\x80';
  answer[7] = 1;   // one answer
  answer[11] = 0;  // no EDNS
  answer += std::string("\xc0\x0c", 2) + '\0' + static_cast<char>(type) + std::string("\0\1", 2) +
            std::string("\0\0\xff\xff", 4);
  const std::string domain("\3sbc\7example\3com", 16);
  const std::string service = "\4_sip\4_udp" + domain + '\0';
  std::string data;
  switch (type) {
    case 35: data = std::string("\0\1\0\1\1s\7SIP+D2U\0", 15) + service; break;
    case 33: data = std::string("\0\1\0\1\x13\xc4", 6) + domain + '\0'; break;
    default: data = "\xc0\x0a\x02\x01";
  }
  answer += '\0';
  answer += static_cast<char>(data.size());
  return answer + data;
}

}  // namespace

int main(int argc, char** argv) {
  const auto uri = parse_uri(argc == 3 ? argv[1] : "");
  const auto destination = uri ? destination_of(*uri) : std::unexpected(DestinationError::not_sip);
  if (!destination) {
    std::fputs("usage: target_instructions sip:HOST COUNT\n", stderr);
    return 2;
  }
  auto& memory = *std::pmr::new_delete_resource();
  const long count = std::strtol(argv[2], nullptr, 10);
  constexpr std::uint32_t most = 65'536;  // all of them are outstanding in the end
  Settings settings;
  settings.limits.transactions = most;
  Engine engine(settings, Entropy{{1, 2, 3, 4}}, memory);
  dns::ResolverSettings names;
  names.servers = {{*parse_ip_address("192.0.2.53"), 53, Transport::udp}};
  dns::Resolver resolver(names, "", Entropy{{1, 2, 3, 4}}, memory);
  Health health({}, {1, 2}, memory);
  SenderSettings sending;
  sending.origins.push_back({.sent_by = "192.0.2.1:5060"});
  sending.sendings = most;
  sending.kept_bytes = std::size_t{64} << 20;
  Sender sender(sending, {engine, resolver, health}, 1, memory);
  constexpr HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                    {"To", "<sip:bob@example.com>"},
                                    {"Call-ID", "c1"},
                                    {"CSeq", "1 OPTIONS"}};
  const Instant now{};
  long sent = 0;
  for (long i = 0; i < count; ++i) {
    (void)sender.send(
        now, *destination,
        {.method = "OPTIONS", .request_uri = "sip:bob@example.com", .headers = headers}, 1);
    while (auto output = resolver.next_output()) {
      if (auto* query = std::get_if<dns::SendQuery>(&*output)) {
        const std::string answer = answer_to(query->bytes->view());
        resolver.receive(now, query->question, query->server, answer);
      } else if (auto* told = std::get_if<dns::Answered>(&*output)) {
        sender.take(now, *told);
      }
    }
    while (auto output = engine.next_output()) {
      sent += static_cast<long>(std::holds_alternative<Transmit>(*output));
      (void)sender.take(now, *output);
    }
  }
  if (sent < count) std::fputs("requests are missing\n", stderr);
  return sent < count ? 1 : 0;
}
