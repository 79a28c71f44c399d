// `sipring call`: a softphone for scripts. The main thread reads commands, finds where calls go,
// and keeps the deadlines; the calls are the shard's.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "exit_status.h"
#include "listen_address.h"
#include "listener_text.h"
#include "version.h"

#include <agent/account.h>
#include <call/console.h>
#include <call/desk.h>
#include <call/flags.h>
#include <call/phone_command.h>
#include <call/phone_user.h>
#include <names/found_target.h>
#include <names/lookup.h>

#include <sipring/core/message/uri.h>
#include <sipring/io/clock.h>
#include <sipring/io/server.h>

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <expected>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace sipring::app {
namespace {

// A line in one piece: the main thread and the shard both write.
void show_event(const Event& event) {
  const std::string line = json_of(event) + "\n";
  (void)std::fwrite(line.data(), 1, line.size(), stdout);
  (void)std::fflush(stdout);
}

std::expected<ServerOptions, std::string> phone_server_of(const CallFlags& flags,
                                                          std::string_view server) {
  ServerOptions options;
  for (const std::string& text : flags.listen) {
    const auto listener = parse_listener(text);
    if (!listener) return std::unexpected(listener.error());
    if (auto added = add_listener(*listener, options); !added)
      return std::unexpected(added.error());
  }
  auto tls = client_tls_of(flags.tls);
  if (!tls) return std::unexpected(tls.error());
  options.client_tls = std::move(*tls);
  options.shards = 1;
  options.settings.limits.transactions = 8 * flags.calls + 64;
  options.settings.server = server;
  options.settings.flows.offers_keep_alives = flags.keeps_alive;
  options.shard.pin = false;
  return options;
}

std::expected<PhoneOptions, std::string> phone_options_of(const CallFlags& flags) {
  auto account = account_of(flags.auth);
  if (!account) return std::unexpected(account.error());
  const std::string& from = flags.from;
  if (!from.empty() && from.find('<') == from.npos && !parse_uri(from))
    return std::unexpected("--from " + from + " is no URI");
  return PhoneOptions{.from = from,
                      .account = std::move(*account),
                      .answers = flags.answers,
                      .media_port = flags.media_port,
                      .calls = flags.calls,
                      .expectations = flags.expectations};
}

// What a WebSocket's end is called that has no address (RFC 7118 section 5).
std::string name_of(const Entropy& entropy) {
  return fmt::format("{:x}", entropy.words[2]);
}

Event start_event(const Server& server) {
  Event event{"started", 0, {}};
  event.fields = {{"version", version()}, {"listeners", Event::Fields::array()}};
  for (const Listener& listener : server.listeners())
    event.fields["listeners"].push_back(listen_address_text(listener.address));
  return event;
}

void refuse(std::string_view why) {
  show_event({"error", 0, {{"text", why}}});
}

// For the shard's thread; one shard has all the calls.
template <class Function>
void post(Server& server, Function function) {
  const auto posted = server.post(
      0, Errand([function = std::move(function)](TransactionUser& user, Engine&, Instant) mutable {
        function(static_cast<PhoneUser&>(user));
      }));
  if (!posted) refuse(to_string(posted.error()));
}

// A line of the input, done or told of.
void obey(const std::string& line, const CallFlags& flags, const TargetLookup& lookup,
          Server& server) {
  auto command = parse_command(line);
  if (!command) return refuse(command.error());
  if (!*command) return;
  Order order{.command = std::move(**command)};
  if (order.command.verb == PhoneCommand::Verb::call) {
    const std::string& uri = order.command.text;
    if (!parse_uri(uri)) return refuse(uri + " is no URI (sip:bob@example.com is right)");
    const auto target = find_target(flags.outbound.empty() ? uri : flags.outbound, lookup);
    if (!target) return refuse(target.error());
    order.targets = target->addresses;
    order.domain = target->name.empty() ? "" : target->host;
    if (!target->name.empty()) show_event({"resolved", 0, {{"text", to_text(*target)}}});
  }
  post(server, [order = std::make_unique<Order>(std::move(order))](PhoneUser& phone) {
    phone.give(std::move(*order));
  });
}

// Until no call is left, or patience has ended: then false.
bool serve_phone(const CallFlags& flags, const TargetLookup& lookup, Server& server,
                 Console& console, const Desk& desk) {
  Instant deadline =
      flags.timeout_s == 0 ? never : read_clock() + std::chrono::seconds(flags.timeout_s);
  bool quits = false;
  const auto begin_to_quit = [&] {
    if (std::exchange(quits, true)) return;
    deadline = read_clock() + std::chrono::seconds(flags.patience_s);
    post(server, [](PhoneUser& phone) { phone.quit(); });
  };
  for (std::string line;;) {
    switch (console.next(deadline, line)) {
      case Console::Heard::line: obey(line, flags, lookup, server); break;
      case Console::Heard::signal: begin_to_quit(); break;
      case Console::Heard::change:
        if (desk.state() == Desk::State::over) return true;
        begin_to_quit();
        break;
      case Console::Heard::too_late:
        if (quits) return desk.state() == Desk::State::over;
        begin_to_quit();
        break;
    }
  }
}

}  // namespace

int call(const CallFlags& flags) {
  Desk desk;
  Console console(desk.changes());
  const std::string name = "sipring/" + version();
  const auto server_options = phone_server_of(flags, name);
  if (!server_options) return complain(server_options.error(), usage_error);
  const auto options = phone_options_of(flags);
  if (!options) return complain(options.error(), usage_error);
  const auto name_server = name_server_of(flags.dns);
  if (!name_server) return complain(name_server.error(), usage_error);
  auto server = Server::start(*server_options, [&](ShardContext& context) {
    PhoneOptions its_options = *options;
    its_options.mark = context.mark;
    its_options.connections = context.connections;
    its_options.keep_alives = context.keep_alives;
    auto endpoints = make_endpoints(context.listeners, flags.advertise);
    std::ranges::copy(make_outgoing(endpoints, name_of(context.entropy)),
                      std::back_inserter(endpoints));
    return std::make_unique<PhoneUser>(its_options, std::move(endpoints), context.entropy,
                                       *context.memory, show_event, desk);
  });
  if (!server) return complain(server.error().text, failed);
  show_event(start_event(**server));
  const TargetLookup lookup{.family = (*server)->listeners().front().address.ip.family,
                            .server = *name_server};
  const bool has_ended = serve_phone(flags, lookup, **server, console, desk);
  (*server)->stop();
  (*server)->join();
  if (const std::string unmet = desk.unmet(); !unmet.empty())
    return complain(fmt::format("--expect {} has not come", unmet), failed);
  return has_ended ? 0 : complain("not every call has ended", failed);
}

}  // namespace sipring::app
