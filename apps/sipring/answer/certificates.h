// Certificates: what the TLS listeners of `sipring answer` show, read again when a file has changed
// or on SIGHUP. Connections that there are go on; what cannot be used is refused by name, and the
// old ones stay.
// SPDX-License-Identifier: MIT
#pragma once

#include "listener_text.h"

#include <sipring/core/flow.h>
#include <sipring/io/server.h>

#include <string>
#include <vector>

namespace sipring::app {

class Certificates {
 public:
  // Of a listener that is there; what signs itself has no files to look at.
  void add(const ListenerText& text, const Listener& listener);
  void forget(Flow listener);
  // Once a second: those whose files have another time or size than before.
  void look(Server& server);
  // All of them.
  void renew(Server& server);

 private:
  struct Watched {
    ListenerText text;
    Listener listener;
    std::string stamp;  // times and sizes of its files
  };
  static void renew(Server& server, const Watched& watched);

  std::vector<Watched> watched_;
};

}  // namespace sipring::app
