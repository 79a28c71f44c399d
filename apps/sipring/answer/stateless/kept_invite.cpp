// SPDX-License-Identifier: MIT
#include <answer/stateless/kept_invite.h>

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/parser.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

namespace sipring::app {
namespace {

// Appends to a buffer; line ends of a fold become spaces, since a header line of ours is one line.
class LineWriter {
 public:
  explicit LineWriter(Buffer& buffer) : buffer_(buffer) {}
  void add(std::string_view text) {
    char* to = buffer_.data() + size_;
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    if (text.find('\r') != text.npos || text.find('\n') != text.npos) unfold(to, text.size());
    size_ += static_cast<std::uint32_t>(text.size());
  }
  [[nodiscard]] std::uint32_t size() const { return size_; }

 private:
  static void unfold(char* text, std::size_t size) {
    std::replace_if(
        text, text + size, [](char c) { return c == '\r' || c == '\n'; }, ' ');
  }

  Buffer& buffer_;
  std::uint32_t size_ = 0;
};

std::string_view first(const Message& message, HeaderId id) {
  return message.first(id).value_or("");
}

std::string_view remote_target_of(const Message& invite) {
  const auto contact = parse_address(first(invite, HeaderId::contact));
  return contact ? contact->uri.text : std::string_view{};
}

std::optional<NetworkAddress> address_of(const Uri& uri) {
  const auto ip = parse_ip_address(uri.host);
  if (!ip) return std::nullopt;
  return NetworkAddress{*ip, uri.port != 0 ? uri.port : default_port(Transport::udp)};
}

// What the BYE says, put together in a buffer. Empty when there is no room.
class ByeText {
 public:
  ByeText(BufferPool& buffers, const Message& invite, const DialogTag& tag);

  explicit operator bool() const { return static_cast<bool>(text_); }
  enum Part : std::uint8_t { remote_target, route, from, to, call_id, part_count };
  [[nodiscard]] std::string_view part(Part which) const {
    const std::uint32_t begin = which == 0 ? 0 : ends_[which - 1];
    return text_->view().substr(begin, ends_[which] - begin);
  }
  // The first route or the contact when that is an address, else where the INVITE came from.
  [[nodiscard]] NetworkAddress destination(const NetworkAddress& source) const;

 private:
  Ref<Buffer> text_;
  std::array<std::uint32_t, part_count> ends_{};  // each begins where the one before it ends
};

ByeText::ByeText(BufferPool& buffers, const Message& invite, const DialogTag& tag) {
  const std::string_view target = remote_target_of(invite), local = first(invite, HeaderId::to),
                         remote = first(invite, HeaderId::from),
                         id = first(invite, HeaderId::call_id);
  const auto local_address = parse_address_without_uri(local);
  const bool has_tag = local_address && !local_address->tag.empty();
  constexpr std::string_view tag_prefix = ";tag=", separator = ", ";
  std::size_t size = target.size() + local.size() + remote.size() + id.size();
  size += tag_prefix.size() + tag.view().size();
  for (const HeaderField field : invite.each(HeaderId::record_route)) {
    size += field.value.size() + separator.size();
  }
  Ref<Buffer> buffer = buffers.acquire(size);
  if (!buffer) return;

  LineWriter writer(*buffer);
  writer.add(target), ends_[remote_target] = writer.size();
  for (const HeaderField field : invite.each(HeaderId::record_route)) {
    if (writer.size() != ends_[remote_target]) writer.add(separator);
    writer.add(field.value);
  }
  ends_[route] = writer.size();
  writer.add(local);
  if (!has_tag) writer.add(tag_prefix), writer.add(tag.view());
  ends_[from] = writer.size();
  writer.add(remote), ends_[to] = writer.size();
  writer.add(id), ends_[call_id] = writer.size();
  buffer->resize(writer.size());
  text_ = std::move(buffer);
}

NetworkAddress ByeText::destination(const NetworkAddress& source) const {
  std::optional<NetworkAddress> found;
  if (!part(route).empty()) {
    const auto address = parse_address(part(route));
    if (address) found = address_of(address->uri);
  } else if (const auto uri = parse_uri(part(remote_target))) {
    found = address_of(*uri);
  }
  return found && found->ip.family == source.ip.family ? *found : source;
}

}  // namespace

KeptInvite::KeptInvite(BufferPool& buffers, const Message& invite)
    : invite_(buffers.copy(invite.head())) {}

bool KeptInvite::send(Engine& engine, Instant now, const Dialog& dialog, Message& room) const {
  (void)parse(invite_->view(), room, no_limits);  // incomplete, since its body is left out
  const ByeText text(engine.buffers(), room, dialog.tag);
  if (!text) return false;
  const std::array<HeaderLine, 5> headers{{{"From", text.part(ByeText::from)},
                                           {"To", text.part(ByeText::to)},
                                           {"Call-ID", text.part(ByeText::call_id)},
                                           {"CSeq", "1 BYE"},
                                           {"Route", text.part(ByeText::route)}}};
  const bool has_route = !text.part(ByeText::route).empty();
  const Request bye{.method = "BYE",
                    .request_uri = text.part(ByeText::remote_target),
                    .headers = std::span(headers).first(headers.size() - (has_route ? 0 : 1)),
                    .body = {},
                    .destination = text.destination(dialog.source),
                    .flow = dialog.flow,
                    .sent_by = dialog.sent_by};
  return engine.send(now, bye).has_value();
}

}  // namespace sipring::app
