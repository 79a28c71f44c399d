// SPDX-License-Identifier: MIT
#include <check/file_messages.h>

#include <check/open_body.h>
#include <check/sip_start.h>

#include <sipring/core/message/stream_framer.h>

namespace sipring::app {

std::optional<FileMessage> FileMessages::next() {
  if (!has_more()) return std::nullopt;
  const std::string_view rest = octets_.substr(offset_);
  const auto [end, begin] = cut(rest);
  const FileMessage message{rest.substr(0, end), ++number_, offset_};
  offset_ += begin;
  return message;
}

// Up to the next start line, if that follows where the message ends, line ends and keep-alives
// between them.
FileMessages::Cut FileMessages::cut(std::string_view rest) {
  const Cut all{rest.size(), rest.size()};
  const std::size_t begin = keep_alive_size(rest);
  StreamFramer framer;
  const StreamFramer::Frame frame = framer.next(rest.substr(begin));
  if (frame.kind != StreamFramer::Kind::message && !ends_with_its_head(frame, rest.substr(begin))) {
    return all;
  }
  const std::size_t end = begin + static_cast<std::size_t>(frame.size);
  const std::size_t following = end + keep_alive_size(rest.substr(end));
  return is_start_line(rest.substr(following)) ? Cut{end, following} : all;
}

}  // namespace sipring::app
