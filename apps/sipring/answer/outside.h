// Outside: requests to `sipring answer` that are no call's: who may ask at all, what is refused to
// everybody, and OPTIONS, REGISTER and MESSAGE (RFC 3261 sections 8.2, 10.3, 11.2, 22; RFC 3428).
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <answer/answer_options.h>
#include <answer/capabilities.h>
#include <answer/guard.h>
#include <answer/registration.h>
#include <answer/rejection.h>
#include <sipring/pools/fixed_text.h>

#include <sipring/core/engine.h>
#include <sipring/core/output.h>

#include <memory_resource>
#include <optional>

namespace sipring::app {

class Outside {
 public:
  Outside(const AnswerAbilities& abilities, const AnswerOptions& options, const Entropy& entropy,
          std::pmr::memory_resource& memory);

  // What speaks against a request; nullopt: nothing. Who is in a dialog of ours was let in when it
  // began. Views live until the next call.
  [[nodiscard]] std::optional<Response> refusal(Instant now, const RequestReceived& request,
                                                bool in_dialog);
  // Before answer() is for this endpoint. What is the same for all who ask is written once, so that
  // the engine need not keep it for each (Response::block).
  void introduce(Endpoint& local) const;
  // OPTIONS, REGISTER and MESSAGE; all else gets 481.
  void answer(Engine& engine, Instant now, const RequestReceived& request, const Endpoint& local);

 private:
  void register_(Engine& engine, Instant now, const RequestReceived& request);

  AnswerAbilities abilities_;
  std::optional<Guard> guard_;
  std::optional<Rejection> rejection_;
  FixedText<1024> text_;
  RegistrationText registration_;
  Duration work_;
};

}  // namespace sipring::app
