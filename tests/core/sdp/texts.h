// Session descriptions for tests: written with LF, read with CRLF.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/offer_answer.h>
#include <sipring/core/sdp/session.h>

#include <memory_resource>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sipring::sdp::testing {

inline const std::string head = "v=0\no=- 1 2 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n";

inline std::string crlf(std::string_view lines) {
  std::string text;
  for (const char octet : lines) text += octet == '\n' ? "\r\n" : std::string(1, octet);
  return text;
}

// A session and the text that it is a view of.
class ReadSession {
 public:
  explicit ReadSession(std::string_view lines) : text_(crlf(lines)) {
    if (!parse(text_, session_)) throw std::runtime_error("does not parse:\n" + text_);
  }
  operator const Session&() const { return session_; }  // NOLINT(google-explicit-constructor)
  const Session* operator->() const { return &session_; }

 private:
  std::string text_;
  Session session_{512, 128, *std::pmr::new_delete_resource()};
};

inline const LocalSession self{.session_id = 7, .version = 3, .address = "192.0.2.9"};

// With LF again.
inline std::string lines_of(std::string_view text) {
  std::string lines(text);
  std::erase(lines, '\r');
  return lines;
}

inline std::string offer_of(const Capabilities& capabilities, const LocalSession& local = self) {
  char room[8192];
  Writer writer(room);
  if (!write_offer(capabilities, local, writer)) throw std::runtime_error("no offer");
  return lines_of(writer.view());
}

inline std::string answer_to(const Session& offer, const Capabilities& capabilities,
                             const LocalSession& local = self) {
  char room[16384];
  Writer writer(room);
  if (!write_answer(offer, capabilities, local, writer)) throw std::runtime_error("no answer");
  return lines_of(writer.view());
}

// From the first m= line on.
inline std::string media_of(const std::string& lines) {
  return lines.substr(std::min(lines.find("m="), lines.size()));
}

}  // namespace sipring::sdp::testing
