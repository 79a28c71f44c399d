// ListenerFile: listeners that come and go while `sipring answer` runs. The file has one a line, as
// --listen names them; what is behind a # is for people. SIGHUP has it read again: what is new in
// it is opened, what is no more in it is closed, and all else stays as it is.
// SPDX-License-Identifier: MIT
#pragma once

#include "listener_text.h"

#include <answer/certificates.h>

#include <sipring/io/server.h>

#include <expected>
#include <string>
#include <vector>

namespace sipring::app {

// The error says which line of the file is none, or that it cannot be read.
[[nodiscard]] std::expected<std::vector<ListenerText>, std::string> read_listener_file(
    const std::string& path);

class ListenerFile {
 public:
  // `listeners` are what the file had when the server started, the last of its listeners.
  ListenerFile(std::string path, const std::vector<ListenerText>& listeners, const Server& server,
               Certificates& certificates);

  // One line to standard error for each that came, went, or could not be opened. A file that cannot
  // be read changes nothing.
  void read_again(Server& server);

 private:
  struct Open {
    ListenerText asked;  // its port may be 0
    Listener listener;
  };
  void close_all_but(Server& server, const std::vector<ListenerText>& wanted);
  void open_missing(Server& server, const std::vector<ListenerText>& wanted);
  void open(Server& server, const ListenerText& text);

  std::string path_;
  Certificates& certificates_;
  std::vector<Open> open_;
};

}  // namespace sipring::app
