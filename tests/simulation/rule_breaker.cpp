// SPDX-License-Identifier: MIT
#include "tests/simulation/rule_breaker.h"

#include <sipring/core/limits.h>
#include <sipring/core/message/parser.h>

#include <memory_resource>

#include "tests/simulation/corruption.h"

namespace sipring::simulation {

RuleBreaker::RuleBreaker(std::size_t number, const Weights& weights, const Directory& directory,
                         Random& random, Network& network)
    : number_(number),
      weights_(weights),
      directory_(directory),
      random_(random),
      network_(network),
      sent_by_(to_text(directory[number]).view()),
      scratch_(Limits{}.headers, *std::pmr::new_delete_resource()) {}

void RuleBreaker::begin(Instant now) {
  if (is_retired_) return;
  ++outrages_;
  switch (random_.below(8)) {
    case 0:
    case 1:
    case 2: return send_new(now);
    case 3:
    case 4: return send_old(now);
    case 5: return send_flood(now);
    case 6: return random_.chance(500) ? send_mutation(now) : send_answer_to_nothing(now);
    default: return send_noise(now);
  }
}

void RuleBreaker::receive(Instant now, const Packet& packet) {
  if (packet.is_bounce) return;
  Packet& seen = seen_[received_++ % seen_.size()];
  seen.source = packet.source;
  seen.bytes = packet.bytes;
  if (is_retired_ || !random_.chance(weights_.retort)) return;
  ++outrages_;
  answer_oddly(now, packet);
}

RuleBreaker::Draft RuleBreaker::draw_draft() {
  const std::string number = std::to_string(++made_);
  Draft draft;
  draft.method = random_.pick({"INVITE", "INVITE", "OPTIONS", "BYE", "ACK", "CANCEL", "X-Odd"});
  draft.cseq_method = random_.chance(100) ? "MESSAGE" : draft.method;
  draft.branch = random_.chance(250)   ? ""
                 : random_.chance(200) ? number
                                       : "z9hG4bKbreaker" + number;
  draft.call_id = number + "@breaker" + std::to_string(number_);
  draft.cseq = random_.chance(50) ? (std::uint64_t{1} << 31) : random_.below(4);
  draft.target = random_.below(directory_.size());
  return draft;
}

std::string RuleBreaker::write(const Draft& draft) const {
  std::string text = draft.method + " sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/";
  text += to_string(weights_.transport);
  text += " " + sent_by_;
  if (!draft.branch.empty()) text += ";branch=" + draft.branch;
  text +=
      "\r\nMax-Forwards: 3\r\nFrom: <sip:breaker@example.com>;tag=o\r\nTo: <sip:bob@example.com>";
  text += "\r\nCall-ID: " + draft.call_id + "\r\nCSeq: " + std::to_string(draft.cseq) + " " +
          draft.cseq_method + "\r\nContent-Length: 0\r\n\r\n";
  return text;
}

void RuleBreaker::put(Instant now, std::size_t target, std::string_view bytes) {
  if (target == number_) return;
  network_.send(now, directory_[number_], directory_[target], bytes);
}

void RuleBreaker::send_new(Instant now) {
  const Draft draft = draw_draft();
  send(now, draft);
  drafts_[made_ % drafts_.size()] = draft;
}

// Once more, as it was or with something that has changed: another method under the same branch, an
// ACK or a CANCEL, another call.
void RuleBreaker::send_old(Instant now) {
  Draft draft = some_draft();
  if (draft.method.empty()) return;
  switch (random_.below(6)) {
    case 0: draft.method = draft.cseq_method = "ACK"; break;
    case 1: draft.method = draft.cseq_method = "CANCEL"; break;
    case 2: draft.method = draft.cseq_method = "OPTIONS"; break;
    case 3: draft.cseq += random_.below(2); break;
    case 4: draft.call_id = some_draft().call_id + "x"; break;
    default: break;
  }
  send(now, draft);
}

void RuleBreaker::send_flood(Instant now) {
  Draft draft = draw_draft();
  for (std::size_t count = random_.below(weights_.flood + 1); count > 0; --count) {
    draft.branch = "z9hG4bKflood" + std::to_string(++made_);
    draft.call_id = std::to_string(made_) + "@flood" + std::to_string(number_);
    send(now, draft);
  }
}

// What others have sent here goes to somebody else, or back, and not as it was.
void RuleBreaker::send_mutation(Instant now) {
  std::string bytes = some_packet().bytes;
  for (std::size_t count = random_.below(3); count > 0; --count) corrupt(bytes, random_);
  put(now, random_.below(directory_.size()), bytes);
}

void RuleBreaker::send_answer_to_nothing(Instant now) {
  std::string answer = write_answer(write(draw_draft()));
  put(now, random_.below(directory_.size()), answer);
}

void RuleBreaker::send_noise(Instant now) {
  std::string bytes;
  switch (random_.below(4)) {
    case 0: break;  // an empty datagram
    case 1: bytes = "\r\n\r\n"; break;
    case 2: bytes = write(draw_draft()).substr(0, random_.below(200)); break;
    default:
      for (std::size_t count = random_.below(100); count > 0; --count)
        bytes += static_cast<char>(random_.next());
  }
  put(now, random_.below(directory_.size()), bytes);
}

// One, or several that contradict one another.
void RuleBreaker::answer_oddly(Instant now, const Packet& packet) {
  const auto source = directory_.index_of(packet.source);
  if (!source || packet.bytes.starts_with("SIP/2.0") || packet.bytes.starts_with("ACK")) return;
  for (std::size_t count = 1 + random_.below(3); count > 0; --count)
    put(now, *source, write_answer(packet.bytes));
}

// The lines of the request that a response repeats, some of them wrong.
std::string RuleBreaker::write_answer(std::string_view request) {
  octets_.assign(request).append(readable_padding, ' ');
  (void)parse(std::string_view(octets_).substr(0, request.size()), scratch_);
  std::string text = "SIP/2.0 " +
                     std::to_string(random_.pick({100, 180, 199, 200, 200, 302, 404, 487, 600})) +
                     " Odd\r\n";
  for (std::uint32_t i = 0; i < scratch_.header_count(); ++i) {
    const HeaderField field = scratch_.header(i);
    std::string value(field.value);
    const bool is_wrong = random_.chance(30);
    switch (field.id) {
      case HeaderId::via: break;
      case HeaderId::from: break;
      case HeaderId::to: value += ";tag=" + std::to_string(random_.below(3)); break;
      case HeaderId::call_id: value += is_wrong ? "x" : ""; break;
      case HeaderId::cseq: value = is_wrong ? "9 OPTIONS" : value; break;
      default: continue;
    }
    text += std::string(field.name) + ": " + value + "\r\n";
  }
  return text + "Contact: <sip:breaker@" + sent_by_ + ">\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace sipring::simulation
