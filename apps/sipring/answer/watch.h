// The second by second of a running `sipring answer`, on the main thread: a live line or JSON, the
// log, and signals.
// SPDX-License-Identifier: MIT
#pragma once

#include "signals.h"

#include <answer/certificates.h>
#include <answer/flags.h>
#include <answer/listener_file.h>
#include <log/event_log.h>

#include <sipring/core/time.h>
#include <sipring/io/server.h>

#include <vector>

namespace sipring::app {

// Of each shard.
[[nodiscard]] std::vector<Metrics> metrics_of(const Server& server);

// People watch, who see a line that is written over each second.
[[nodiscard]] bool is_live(const AnswerFlags& flags);

// Says once a second what goes on, until a signal or the end of the duration. SIGUSR1 makes a shard
// depart; SIGUSR2 lists the connections; SIGHUP has the file of listeners read again, if there is
// one, and all certificates.
struct Watched {
  Certificates& certificates;
  ListenerFile* listeners;  // null: there is none
};
void watch(Server& server, const AnswerFlags& flags, const Signals& signals, Instant start,
           EventLog& log, const Watched& watched);

}  // namespace sipring::app
