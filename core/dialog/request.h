// DialogRequest: a request within a dialog, as the engine takes it (RFC 3261 section 12.2.1.1).
//
//   DialogRequest bye(dialog, "BYE", dialog.next_cseq());
//   engine.send(now, bye.request(sent_by), user);
//
// Views into the dialog and into this object: to be sent before either changes.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dialog/dialog.h>
#include <sipring/core/message/detail/text_room.h>
#include <sipring/core/message/writer.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

class DialogRequest {
 public:
  static constexpr std::uint32_t most_lines = 32;

  DialogRequest(const Dialog& dialog, std::string_view method, std::uint32_t cseq);
  DialogRequest(const DialogRequest&) = delete;
  DialogRequest& operator=(const DialogRequest&) = delete;

  // False when there is no room for another line; an empty value is left out.
  bool add(std::string_view name, std::string_view value);
  bool add(std::span<const HeaderLine> lines);
  // A number and what follows it, in room of this object's.
  bool add(std::string_view name, std::uint32_t number, std::string_view rest = {});
  bool add_rack(std::uint32_t rseq, std::uint32_t cseq, std::string_view method);
  // Lines that end in CRLF: what the user has added to an INVITE.
  bool add_lines(std::string_view lines);

  // `sent_by`: of the Via.
  [[nodiscard]] Request request(std::string_view sent_by, std::string_view body = {}) const&;
  Request request(std::string_view sent_by, std::string_view body = {}) const&& = delete;

 private:
  std::optional<std::string_view> keep() { return room_.end(); }

  const Dialog& dialog_;
  std::string_view method_;
  std::array<char, 512> octets_;
  TextRoom room_{octets_};
  std::array<HeaderLine, most_lines> lines_;
  std::uint32_t size_ = 0;
};

}  // namespace sipring
