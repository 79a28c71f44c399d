// Answering: a user that answers at once, with fixed texts.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>

#include <variant>

namespace sipring::test {

struct Answering {
  void on_output(Engine& engine, Instant now, const Output& output) {
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    const HeaderLine headers[] = {{"Contact", "<sip:bob@192.0.2.9>"}};
    if (request->message->method() == Method::invite) {
      (void)engine.respond(now, request->transaction, {.status = 180, .headers = headers});
    }
    (void)engine.respond(now, request->transaction, {.status = 200, .headers = headers});
  }
  void advance(Engine&, Instant) {}
};

}  // namespace sipring::test
