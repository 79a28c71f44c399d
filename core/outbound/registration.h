// What a registrar makes of outbound in a REGISTER, and of the answer of one flow: RFC 5626
// sections 6 and 7.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>

#include <cstdint>

namespace sipring {

struct RegistrationVerdict {
  // 0: it may be served. 400: a flow is of one instance and one Contact. 439: the proxy in front of
  // the client does not know outbound.
  std::uint16_t refuse = 0;
  // A binding is of instance and reg-id, and knows the flow that the request came by, or its Path.
  // Else any reg-id in it is to be passed over.
  bool by_flow = false;
  bool require_outbound =
      false;  // "Require: outbound" in the 2xx, beside which Flow-Timer may stand
};
[[nodiscard]] RegistrationVerdict judge_registration(const Message& registration);

// Section 7: whether the same instance may be tried by another of its flows when this one has ended
// with `status`. After any other final response it has given its answer.
[[nodiscard]] constexpr bool may_try_other_flow(int status) {
  constexpr int request_timeout = 408, flow_failed = 430;
  return status == request_timeout || status == flow_failed;
}

}  // namespace sipring
