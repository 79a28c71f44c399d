// SPDX-License-Identifier: MIT
#include <sipring/io/names/ring_resolver.h>

#include <cerrno>
#include <utility>
#include <variant>

namespace sipring {

RingResolver::RingResolver(Uring& uring, const dns::ResolverSettings& settings,
                           std::string_view hosts, const Entropy& entropy,
                           std::pmr::memory_resource& memory)
    : uring_(uring),
      resolver_(settings, hosts, entropy, memory),
      sockets_(settings.limits.questions, &memory),
      generations_(settings.limits.questions, 0U, &memory),
      unpolled_(&memory) {
  unpolled_.reserve(settings.limits.questions);
}

std::optional<dns::Answered> RingResolver::next_answer(Instant now) {
  while (std::optional<dns::ResolverOutput> output = resolver_.next_output()) {
    if (auto* query = std::get_if<dns::SendQuery>(&*output)) {
      send(now, std::move(*query));
    } else if (auto* end = std::get_if<dns::EndQuery>(&*output)) {
      close(end->question.slot);
    } else {
      return std::get<dns::Answered>(std::move(*output));
    }
  }
  // What has come was not the answer: it may come yet.
  for (const std::uint32_t slot : unpolled_)
    if (sockets_[slot] && !sockets_[slot]->is_polled) poll(slot);
  unpolled_.clear();
  return std::nullopt;
}

void RingResolver::send(Instant now, dns::SendQuery&& query) {
  const std::uint32_t slot = query.question.slot;
  close(slot);
  auto socket = QuerySocket::open(query.server, std::move(query.bytes));
  if (!socket) return resolver_.failed(now, query.question);
  ++generations_[slot];
  sockets_[slot].emplace(Open{query.question, query.server, *std::move(socket)});
  ++open_;
  poll(slot);
}

void RingResolver::poll(std::uint32_t slot) {
  Open& open = *sockets_[slot];
  open.is_polled = true;
  io_uring_sqe& submission = uring_.submission();
  io_uring_prep_poll_add(&submission, open.socket.fd(),
                         static_cast<unsigned>(open.socket.awaited()));
  io_uring_sqe_set_data64(&submission, token(NamesOp::ready, slot).pack());
}

// A poll keeps its socket open until it ends.
void RingResolver::close(std::uint32_t slot) {
  std::optional<Open>& open = sockets_[slot];
  if (!open) return;
  if (open->is_polled) {
    io_uring_sqe& submission = uring_.submission();
    io_uring_prep_cancel64(&submission, token(NamesOp::ready, slot).pack(), 0);
    io_uring_sqe_set_data64(&submission, token(NamesOp::cancel, slot).pack());
  }
  open.reset();
  --open_;
}

void RingResolver::on_completion(Instant now, const CompletionToken& token,
                                 const io_uring_cqe& completion) {
  if (static_cast<NamesOp>(token.op) != NamesOp::ready || token.slot >= sockets_.size()) return;
  std::optional<Open>& open = sockets_[token.slot];
  if (!open || generations_[token.slot] != token.generation) return;
  open->is_polled = false;
  if (completion.res < 0) return resolver_.failed(now, open->question);
  unpolled_.push_back(token.slot);
  const QuerySocket::Progress progress = open->socket.ready(room_);
  switch (progress.kind) {
    case QuerySocket::Progress::Kind::waiting: return;
    case QuerySocket::Progress::Kind::failed: return resolver_.failed(now, open->question);
    case QuerySocket::Progress::Kind::message:
      return resolver_.receive(now, open->question, open->server, progress.message);
  }
}

}  // namespace sipring
