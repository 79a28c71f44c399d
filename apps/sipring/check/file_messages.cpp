// SPDX-License-Identifier: MIT
#include <check/file_messages.h>

#include <check/sip_start.h>

#include <sipring/core/message/names.h>
#include <sipring/core/message/stream_framer.h>
#include <sipring/core/message/unframed.h>

#include <algorithm>

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
// between them. A body without a Content-Length goes on until the octets end (RFC 3261 section
// 18.3), but what has no Content-Type either is none.
FileMessages::Cut FileMessages::cut(std::string_view rest) {
  const Cut all{rest.size(), rest.size()};
  const std::size_t begin = keep_alive_size(rest);
  StreamFramer framer;
  const StreamFramer::Frame frame = framer.next(rest.substr(begin));
  if (frame.kind != StreamFramer::Kind::message) return all;
  const std::size_t end = begin + static_cast<std::size_t>(frame.size);
  const std::size_t following = end + keep_alive_size(rest.substr(end));
  if (!is_start_line(rest.substr(following))) return all;
  const std::string_view message = rest.substr(begin, end - begin);
  const bool has_open_body = !find_unframed(message, HeaderId::content_length) &&
                             find_unframed(message, HeaderId::content_type);
  return has_open_body ? all : Cut{end, following};
}

}  // namespace sipring::app
