// `sipring answer`: an auto-answering user agent server. The main thread only waits for signals and
// reports once a second; all the work is the shards'.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "exit_status.h"
#include "listen_address.h"
#include "signals.h"
#include "version.h"

#include <answer/answer_user.h>
#include <answer/auth_file.h>
#include <answer/certificates.h>
#include <answer/flags.h>
#include <answer/listener_file.h>
#include <answer/options.h>
#include <answer/report.h>
#include <answer/stateless/stateless_user.h>
#include <answer/tallies.h>
#include <answer/watch.h>
#include <log/event_log.h>
#include <metrics/endpoint.h>
#include <sizing/room.h>
#include <sizing/usable_memory.h>

#include <sipring/io/clock.h>
#include <sipring/io/digest_hashes.h>
#include <sipring/io/server.h>

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sipring::app {
namespace {

// Tags that each shard knows to be ours, so that a call outlives the shard where it began.
Entropy entropy_of(const ShardContext& context) {
  Entropy entropy = context.entropy;
  for (const std::size_t i : {0, 1}) entropy.words[i] = context.shared_entropy.words[i];
  return entropy;
}

template <class User>
std::unique_ptr<TransactionUser> make_user(const AnswerFlags& flags, const AuthFile* auth,
                                           Tallies& tallies, ShardContext& context) {
  AnswerOptions options = answer_options_of(flags, context.mark);
  options.auth = auth;
  options.connections = context.connections;
  return std::make_unique<User>(options, make_endpoints(context.listeners, flags.answers.advertise),
                                entropy_of(context), *context.memory,
                                [&tallies](const AnswerTally& tally) { tallies.add(tally); });
}

TransactionUserFactory users_of(const AnswerFlags& flags, const AuthFile* auth, Tallies& tallies) {
  return [&flags, auth, &tallies](ShardContext& context) {
    return flags.answers.stateless_dialogs ? make_user<StatelessUser>(flags, auth, tallies, context)
                                           : make_user<AnswerUser>(flags, auth, tallies, context);
  };
}

// nullopt where nobody is asked for a password.
std::expected<std::optional<AuthFile>, std::string> read_auth(const AnswerFlags::Answers& flags) {
  if (flags.auth.empty()) {
    if (!flags.realm.empty()) return std::unexpected("--realm is of challenges, and needs --auth");
    return std::nullopt;
  }
  DigestHashes hashes;
  auto file = AuthFile::read(flags.auth, flags.realm, hashes.functions());
  if (!file) return std::unexpected("--auth " + file.error());
  return std::move(*file);
}

// nullptr where none is asked for.
std::expected<std::unique_ptr<MetricsEndpoint>, std::string> start_metrics(const AnswerFlags& flags,
                                                                           const Server& server) {
  if (flags.metrics.empty()) return nullptr;
  const auto address = parse_host_and_port(flags.metrics);
  if (!address) return std::unexpected(address.error());
  return MetricsEndpoint::start(*address, [&server] { return metrics_of(server); });
}

void announce(const Server& server, const Settings& settings, const MetricsEndpoint* metrics,
              bool json) {
  const std::string url =
      metrics == nullptr ? ""
                         : fmt::format("http://{}/metrics", to_text(metrics->address()).view());
  if (json) {
    fmt::print("{}\n", start_json(server.listeners(), server.shards(), settings, url));
  } else {
    for (const Listener& listener : server.listeners()) {
      fmt::print("sipring {} answers on {}\n", version(), listen_address_text(listener.address));
    }
    const std::string call = call_line(server.listeners());
    fmt::print("{} shard{}{}{}\n", server.shards(), server.shards() == 1 ? "" : "s",
               call.empty() ? "" : "; call it:  ", call);
    fmt::print("{}\n", room_text(settings));
    if (!url.empty()) fmt::print("metrics: {}\n", url);
  }
  (void)std::fflush(stdout);
  for (const std::string& notice : server.notices()) fmt::print(stderr, "sipring: {}\n", notice);
}

// As it was read when the server started.
std::optional<ListenerFile> listener_file_of(const AnswerFlags& flags,
                                             const std::vector<ListenerText>& listeners,
                                             const Server& server, Certificates& certificates) {
  if (flags.sockets.listen_file.empty()) return std::nullopt;
  const auto& [listen, configured] = std::tie(flags.sockets.listen, flags.sockets.configured);
  const auto first =
      static_cast<std::ptrdiff_t>(listen.empty() ? configured.size() : listen.size());
  return std::optional<ListenerFile>(std::in_place, flags.sockets.listen_file,
                                     std::vector(listeners.begin() + first, listeners.end()),
                                     server, certificates);
}

// Says of each that signs itself how to do better.
Certificates certificates_of(const std::vector<ListenerText>& listeners, const Server& server) {
  Certificates certificates;
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    const Listener& listener = server.listeners()[i];
    if (!has_tls(listener.address.transport)) continue;
    certificates.add(listeners[i], listener);
    if (signs_itself(listeners[i])) {
      fmt::print(stderr,
                 "sipring: {0} shows a certificate that it signed itself, for trying out; "
                 "--listen '{0}?cert=FILE&key=FILE' shows yours\n",
                 listen_address_text(listener.address));
    }
  }
  return certificates;
}

// What goes on ends, each call by BYE, or 503 where it rings. A second signal ends the wait.
void end_calls(Server& server, const AnswerFlags& flags, const Signals& signals) {
  if (flags.farewell_s == 0) return;
  server.finish();
  const Instant end = read_clock() + std::chrono::seconds(flags.farewell_s);
  while (!server.has_finished() && read_clock() < end) {
    const int signal = signals.wait_until(read_clock() + std::chrono::milliseconds(2));
    if (signal == SIGINT || signal == SIGTERM) return;
  }
}

// From the first to the last datagram.
void serve(Server& server, const AnswerFlags& flags, const Signals& signals, const Tallies& tallies,
           EventLog& log, const Watched& watched) {
  log.shards_started(server.shards());
  const Instant start = read_clock();
  watch(server, flags, signals, start, log, watched);
  end_calls(server, flags, signals);
  server.stop();
  server.join();
  const Instant end = read_clock();
  const double seconds = std::chrono::duration<double>(end - start).count();
  const std::vector<Metrics> all = metrics_of(server);
  log.shards_stopped(end, all);
  if (flags.json) {
    fmt::print("{}\n", summary_json(all, tallies.sum(), seconds));
  } else {
    fmt::print("{}", summary_text(all, tallies.sum(), seconds));
  }
}

}  // namespace

int answer(const AnswerFlags& given) {
  if (!given.config_error.empty()) return complain("--config " + given.config_error, usage_error);
  AnswerFlags flags = given;
  fit_to_machine(flags, usable_memory(), Server::default_shards());
  const Signals signals(true);  // before there are threads to inherit the mask
  const std::string name = "sipring/" + version();
  const auto listeners = listeners_of(flags.sockets);
  if (!listeners) return complain(listeners.error(), usage_error);
  const auto options = server_options_of(flags, *listeners, name);
  if (!options) return complain(options.error(), usage_error);
  const auto auth = read_auth(flags.answers);
  if (!auth) return complain(auth.error(), usage_error);
  LogOptions log_options = flags.log;
  log_options.clears_line = is_live(flags);
  const auto sink = open_log(log_options);
  if (!sink) return complain(sink.error(), failed);
  EventLog log(*sink);
  Tallies tallies;
  auto server = Server::start(*options, users_of(flags, *auth ? &**auth : nullptr, tallies));
  if (!server) return complain(server.error().text, failed);
  auto metrics = start_metrics(flags, **server);
  if (!metrics) return complain(metrics.error(), failed);
  announce(**server, options->settings, metrics->get(), flags.json);
  Certificates certificates = certificates_of(*listeners, **server);
  auto file = listener_file_of(flags, *listeners, **server, certificates);
  serve(**server, flags, signals, tallies, log, {certificates, file ? &*file : nullptr});
  return 0;
}

}  // namespace sipring::app
