// How peers reach us, as Via and Contact say it.
// SPDX-License-Identifier: MIT
#include <agent/endpoint.h>

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace sipring::app {
namespace {

NetworkAddress at(std::string_view ip, Transport transport) {
  return {parse_ip_address(ip).value(), 5070, transport};
}

TEST(Endpoint, of_a_listener_is_its_address_with_the_transport_that_needs_naming) {
  for (const auto& [transport, contact] :
       {std::tuple{Transport::udp, "<sip:192.0.2.1:5070>"},
        std::tuple{Transport::tcp, "<sip:192.0.2.1:5070;transport=tcp>"},
        std::tuple{Transport::tls, "<sip:192.0.2.1:5070;transport=tls>"},
        std::tuple{Transport::ws, "<sip:192.0.2.1:5070;transport=ws>"},
        std::tuple{Transport::wss, "<sip:192.0.2.1:5070;transport=ws>"}}) {
    const Endpoint endpoint =
        make_endpoint(Listener{Flow::of_listener(0), at("192.0.2.1", transport)}, "");
    EXPECT_EQ(endpoint.sent_by, "192.0.2.1:5070");
    EXPECT_EQ(endpoint.contact, contact);
  }
}

TEST(Endpoint, without_a_listener_names_no_port_and_of_a_websocket_no_address) {
  const Endpoint tls = make_endpoint(at("2001:db8::1", Transport::tls), "x");
  EXPECT_EQ(tls.host, "2001:db8::1");
  EXPECT_EQ(tls.sent_by, "[2001:db8::1]");
  EXPECT_EQ(tls.contact, "<sip:[2001:db8::1];transport=tls>");
  const Endpoint wss = make_endpoint(at("192.0.2.1", Transport::wss), "x");
  EXPECT_EQ(wss.host, "192.0.2.1") << "of the session description";
  EXPECT_EQ(wss.sent_by, "x.invalid");
  EXPECT_EQ(wss.contact, "<sip:x.invalid;transport=ws>");
}

TEST(Endpoint, of_dialogs_below_sips_is_a_sips_uri) {
  EXPECT_EQ(make_endpoint(at("192.0.2.1", Transport::tls), "x").secure_contact, "<sips:192.0.2.1>");
  EXPECT_EQ(make_endpoint(at("192.0.2.1", Transport::wss), "x").secure_contact,
            "<sips:x.invalid;transport=ws>");
  EXPECT_EQ(make_endpoint(at("192.0.2.1", Transport::tcp), "x").secure_contact, "");
}

TEST(Endpoint, of_connections_that_we_open_is_for_transports_that_nobody_listens_for) {
  const Endpoint tcp =
      make_endpoint(Listener{Flow::of_listener(0), at("192.0.2.1", Transport::tcp)}, "");
  std::vector<Transport> transports;
  for (const Endpoint& endpoint : make_outgoing({&tcp, 1}, "x")) {
    transports.push_back(endpoint.transport);
    EXPECT_EQ(endpoint.host, "192.0.2.1");
    EXPECT_NE(endpoint.listener, tcp.listener);
  }
  EXPECT_EQ(transports, (std::vector{Transport::tls, Transport::ws, Transport::wss}));
}

}  // namespace
}  // namespace sipring::app
