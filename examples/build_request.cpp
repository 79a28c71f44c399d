// Messages without a string put together by hand: a request is built, received and answered, and
// passed on as a proxy does. Nothing of it allocates but the buffers that come out, which a pool
// lends.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/message_edit.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/message/request_builder.h>
#include <sipring/core/message/response_builder.h>
#include <sipring/core/transaction/identifiers.h>

#include <iostream>
#include <memory_resource>

using namespace sipring;

int main() {
  auto& memory = *std::pmr::new_delete_resource();
  BufferPool buffers(1 << 20, memory);
  Identifiers identifiers(Entropy{{1, 2, 3, 4}});  // secret and random in production

  // What a header field must have is checked; what is missing is named.
  RequestBuilder builder;
  builder.start(Method::invite, "sip:bob@example.com")
      .via(Transport::udp, "192.0.2.1:5060", identifiers.branch().view())
      .from("Alice <sip:alice@example.com>", identifiers.tag().view())
      .to("Bob <sip:bob@example.com>")
      .call_id(identifiers.call_id().view())
      .cseq(identifiers.first_cseq())
      .body("application/sdp", "v=0\r\n");
  if (const Built lacking = builder.build(buffers); !lacking)
    std::cout << to_string(lacking.error().header) << ": " << explanation(lacking.error().problem)
              << "\n\n";

  builder.start(Method::options, "sip:bob@example.com")
      .via(Transport::udp, "192.0.2.1:5060", identifiers.branch().view())
      .from("Alice <sip:alice@example.com>", identifiers.tag().view())
      .to("Bob <sip:bob@example.com>")
      .call_id(identifiers.call_id().view())
      .cseq(identifiers.first_cseq())
      .append("X-Trace", 7);
  const Built request = builder.build(buffers);
  if (!request) return 1;

  // As it is received: buffers have the padding that the parser may read.
  Message received(128, memory);
  if (!parse((*request)->view(), received)) return 1;

  // A proxy sends pieces: its own lines, and the rest where it stands.
  MessageEdit edit;
  const auto pieces = edit.start(received)
                          .decrement_max_forwards()
                          .record_route("<sip:proxy.example.com;lr>")
                          .via(Transport::tcp, "proxy.example.com", identifiers.branch().view())
                          .pieces();
  if (!pieces) return 1;
  for (const std::string_view piece : *pieces) std::cout << piece;

  ResponseBuilder answer;
  const Built response =
      answer.start(received, 200).to_tag(identifiers.tag().view()).build(buffers);
  if (!response) return 1;
  std::cout << (*response)->view();
}
