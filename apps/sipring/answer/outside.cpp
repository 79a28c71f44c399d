// SPDX-License-Identifier: MIT
#include <answer/outside.h>

#include <array>
#include <ctime>

namespace sipring::app {
namespace {

Duration cpu_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Uses up so much of the thread's own time, however often it is interrupted.
void do_work(Duration amount) {
  const Duration end = cpu_time() + amount;
  while (cpu_time() < end) {
  }
}

}  // namespace

Outside::Outside(const AnswerAbilities& abilities, const AnswerOptions& options,
                 const Entropy& entropy, std::pmr::memory_resource& memory)
    : abilities_(abilities), work_(options.work) {
  if (options.auth != nullptr) guard_.emplace(*options.auth, entropy, memory);
}

std::optional<Response> Outside::refusal(Instant now, const RequestReceived& request,
                                         bool in_dialog) {
  if (work_ > Duration::zero()) do_work(work_);
  const bool asks = guard_ && !in_dialog;
  if (asks && !guard_->admits(now, *request.message)) return guard_->refusal(now);
  rejection_ = refuse(*request.message, *request.envelope->request_uri, abilities_, text_);
  return rejection_ ? std::optional(rejection_->response()) : std::nullopt;
}

void Outside::introduce(Endpoint& local) const {
  local.capabilities =
      HeaderBlock(std::array{HeaderLine{"Contact", local.contact}, abilities_.allow, accept,
                             accept_encoding, accept_language, abilities_.supported});
}

// Section 11.2. Max-Forwards: 0 is for proxies to mind; here the request has arrived.
void Outside::answer(Engine& engine, Instant now, const RequestReceived& request,
                     const Endpoint& local) {
  switch (request.message->method()) {
    case Method::options:
      return (void)engine.respond(now, request.transaction,
                                  {.status = 200, .block = &local.capabilities});
    case Method::register_: return register_(engine, now, request);
    case Method::message: return (void)engine.respond(now, request.transaction, {.status = 200});
    default: return (void)engine.respond(now, request.transaction, {.status = 481});
  }
}

void Outside::register_(Engine& engine, Instant now, const RequestReceived& request) {
  write_registration(*request.message, registration_);
  const HeaderLine contact[] = {{"Contact", registration_.contacts.view()}};
  Response response{.status = registration_.status, .reason = registration_.reason};
  if (registration_.contacts.size() != 0) response.headers = contact;
  (void)engine.respond(now, request.transaction, response);
}

}  // namespace sipring::app
