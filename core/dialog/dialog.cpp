// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/dialog.h>

#include <sipring/core/dialog/detail/route_text.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/address.h>
#include <sipring/pools/detail/copy_text.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace sipring {
namespace {

std::string_view first(const Message& message, HeaderId id) {
  return message.first(id).value_or("");
}

// The URI of the Contact; empty when there is none that can be used.
std::string_view contact_of(const Message& message) {
  const auto contact = parse_address(first(message, HeaderId::contact));
  return contact && is_sip(contact->uri) ? contact->uri.text : std::string_view{};
}

std::optional<NetworkAddress> address_of(const Uri& uri, Transport transport) {
  const auto ip = parse_ip_address(uri.host);
  if (!ip) return std::nullopt;
  return NetworkAddress{*ip, uri.port != 0 ? uri.port : default_port(transport), transport};
}

// There are 64 listeners at most in a server of ours.
std::uint8_t slot_of(std::uint32_t listener) {
  constexpr std::uint32_t most = std::numeric_limits<std::uint8_t>::max();
  return static_cast<std::uint8_t>(std::min(listener, most));
}

// A value with our tag at its end, in room of this function's.
class Tagged {
 public:
  Tagged(BufferPool& buffers, std::string_view value, std::string_view tag) {
    constexpr std::string_view parameter = ";tag=";
    Ref<Buffer> buffer = buffers.acquire(value.size() + parameter.size() + tag.size());
    if (!buffer) return;
    char* at = buffer->data();
    for (const std::string_view part : {value, parameter, tag}) {
      copy_text(at, part);
      at += part.size();
    }
    buffer->resize(static_cast<std::uint32_t>(at - buffer->data()));
    buffer_ = std::move(buffer);
  }
  explicit operator bool() const { return static_cast<bool>(buffer_); }
  [[nodiscard]] std::string_view view() const { return buffer_->view(); }

 private:
  Ref<Buffer> buffer_;
};

}  // namespace

bool is_sips(std::string_view uri) {
  return detail::equals_ignoring_case(uri.substr(0, uri.find(':')), "sips");
}

std::string_view tag_of(std::string_view address) {
  const auto parsed = parse_address_without_uri(address);
  return parsed ? parsed->tag : std::string_view{};
}

bool makes_dialog(int status, std::string_view to_tag) {
  return status > 100 && status < 300 && !to_tag.empty();
}

std::expected<Dialog, DialogError> Dialog::from_request(BufferPool& buffers, const Message& request,
                                                        const Envelope& envelope,
                                                        std::string_view local_tag,
                                                        const Hop& from) {
  const std::string_view target = contact_of(request);
  if (target.empty()) return std::unexpected(DialogError::missing_contact);
  RouteSet routes;
  if (!routes.read(request, RouteSet::Order::as_written)) {
    return std::unexpected(DialogError::bad_route);
  }
  const Tagged local(buffers, first(request, HeaderId::to), local_tag);
  const RouteText route(buffers, routes, target);
  if (!local || !route) return std::unexpected(DialogError::no_room);
  auto dialog = made(buffers,
                     {routes.strict_uri(),
                      route.view(),
                      target,
                      local.view(),
                      first(request, HeaderId::from),
                      envelope.call_id,
                      {},
                      {}},
                     envelope.from_tag, from);
  if (!dialog) return dialog;
  dialog->remote_cseq_ = envelope.cseq.number;
  dialog->has_remote_cseq_ = true;
  if (local_tag.size() <= std::numeric_limits<std::uint8_t>::max())
    dialog->local_tag_size_ = static_cast<std::uint8_t>(local_tag.size());
  dialog->secure_ = is_sips(request.request_uri()) || routes.is_first_secure();
  return dialog;
}

std::expected<Dialog, DialogError> Dialog::beginning(BufferPool& buffers,
                                                     const Beginning& beginning, const Hop& to) {
  auto dialog = made(buffers,
                     {std::string_view{}, beginning.route, beginning.target, beginning.local,
                      beginning.remote, beginning.call_id, beginning.extra, std::string_view{}},
                     {}, to);
  if (!dialog) return dialog;
  dialog->has_destination_ = true;  // the user has resolved it
  dialog->local_cseq_ = beginning.cseq;
  dialog->secure_ = beginning.secure;
  return dialog;
}

// As its caller sees it: the route set is that of the response, the last proxy first
// (section 12.1.2).
std::expected<Dialog, DialogError> Dialog::as_caller(BufferPool& buffers, const Message& response,
                                                     const CallerParts& parts, const Hop& to) {
  RouteSet routes;
  if (!routes.read(response, RouteSet::Order::reversed)) {
    return std::unexpected(DialogError::bad_route);
  }
  const RouteText route(buffers, routes, parts.target);
  if (!route) return std::unexpected(DialogError::no_room);
  return made(buffers,
              {routes.strict_uri(),
               route.view(),
               parts.target,
               parts.local,
               first(response, HeaderId::to),
               parts.call_id,
               {},
               {}},
              parts.remote_tag, to);
}

std::expected<Dialog, DialogError> Dialog::from_response(BufferPool& buffers,
                                                         const Message& response,
                                                         std::string_view remote_tag) const {
  std::string_view target = contact_of(response);
  if (target.empty()) target = remote_target();
  auto dialog =
      as_caller(buffers, response, {target, text(DialogText::local), call_id(), remote_tag},
                {destination_, flow_, Flow::of_listener(listener_)});
  if (!dialog) return dialog;
  dialog->local_cseq_ = local_cseq_;
  dialog->remote_cseq_ = remote_cseq_;
  dialog->has_remote_cseq_ = has_remote_cseq_;
  dialog->secure_ = secure_;
  return dialog;
}

std::expected<Dialog, DialogError> Dialog::of_response(BufferPool& buffers, const Message& response,
                                                       const Envelope& envelope, const Hop& to) {
  const std::string_view target = contact_of(response);
  if (target.empty()) return std::unexpected(DialogError::missing_contact);
  auto dialog =
      as_caller(buffers, response,
                {target, first(response, HeaderId::from), envelope.call_id, envelope.to_tag}, to);
  if (!dialog) return dialog;
  dialog->has_destination_ = true;
  dialog->local_cseq_ = envelope.cseq.number;
  return dialog;
}

std::expected<Dialog, DialogError> Dialog::made(BufferPool& buffers, const DialogText::Parts& parts,
                                                std::string_view remote_tag, const Hop& fallback) {
  Dialog dialog;
  dialog.text_ = DialogText(buffers, parts);
  if (!dialog.text_) return std::unexpected(DialogError::no_room);
  const std::string_view remote = parts[DialogText::remote];
  if (!remote_tag.empty()) {
    // Both are views into one message, or the tag is looked for.
    const std::size_t at = remote.rfind(remote_tag);
    if (at != remote.npos) dialog.remote_tag_at_ = static_cast<std::uint16_t>(at);
    dialog.remote_tag_size_ = static_cast<std::uint16_t>(at == remote.npos ? 0 : remote_tag.size());
  }
  dialog.flow_ = fallback.flow;
  dialog.listener_ = slot_of(fallback.listener.slot);
  dialog.destination_ = fallback.address;
  return dialog;
}

std::string_view Dialog::next_hop() const {
  if (is_strict()) return text(DialogText::strict_uri);
  const auto route = parse_address(text(DialogText::route));
  return route ? route->uri.text : remote_target();
}

// The next hop, where it is an address (RFC 3263 is whoever resolves names); else where the
// messages of the dialog have come from or gone to.
void Dialog::find_destination() const {
  has_destination_ = true;
  std::optional<NetworkAddress> found;
  if (const auto uri = parse_uri(next_hop())) found = address_of(*uri, destination_.transport);
  if (found && found->ip.family == destination_.ip.family) destination_ = *found;
}

bool Dialog::refresh_target(BufferPool& buffers, const Message& message) {
  const std::string_view uri = contact_of(message);
  if (uri.empty() || uri == remote_target()) return true;
  return rewrite_target(buffers, uri);
}

// Behind a strict router the target stands at the end of the route, too.
bool Dialog::rewrite_target(BufferPool& buffers, std::string_view uri) {
  DialogText::Parts parts = text_.parts();
  if (!is_strict()) {
    parts[DialogText::target] = uri;
    DialogText text(buffers, parts);
    if (!text) return false;
    text_ = std::move(text);
    has_destination_ = false;
    return true;
  }
  const std::string_view routes = parts[DialogText::route];
  const RouteText route(buffers, routes.substr(0, routes.size() - remote_target().size() - 2), uri);
  if (!route) return false;
  parts[DialogText::route] = route.view();
  parts[DialogText::target] = uri;
  DialogText text(buffers, parts);
  if (text) text_ = std::move(text);
  return static_cast<bool>(text_) && remote_target() == uri;
}

void Dialog::forget_beginning(BufferPool& buffers) {
  if (text(DialogText::extra).empty() && text(DialogText::targets).empty()) return;
  DialogText::Parts parts = text_.parts();
  parts[DialogText::extra] = parts[DialogText::targets] = {};
  if (DialogText text(buffers, parts); text) text_ = std::move(text);
}

bool Dialog::keep(BufferPool& buffers, DialogText::Part part, std::string_view what) {
  DialogText::Parts parts = text_.parts();
  parts[part] = what;
  DialogText text(buffers, parts);
  if (!text) return false;
  text_ = std::move(text);
  return true;
}

bool Dialog::retarget(BufferPool& buffers, std::string_view uri) {
  const bool is_secure = is_sips(uri);
  if (uri != remote_target() && !rewrite_target(buffers, uri)) return false;
  secure_ = is_secure;
  return true;
}

void Dialog::send_to(const Hop& to) {
  destination_ = to.address;
  has_destination_ = true;
  flow_ = to.flow;
  listener_ = slot_of(to.listener.slot);
}

bool Dialog::take_cseq(std::uint32_t number) {
  if (has_remote_cseq_ && number <= remote_cseq_) return false;
  has_remote_cseq_ = true;
  remote_cseq_ = number;
  return true;
}

DialogAction Dialog::step(DialogEvent event) {
  const auto& transition = dialog::machine.on(state_, event);
  if (!transition.exists) return DialogAction::none;
  state_ = transition.to;
  return transition.actions[0];
}

std::string_view Dialog::request_uri() const {
  return is_strict() ? text(DialogText::strict_uri) : remote_target();
}

std::string_view to_string(DialogError error) {
  switch (error) {
    case DialogError::no_room: return "no_room";
    case DialogError::missing_contact: return "missing_contact";
    case DialogError::bad_route: return "bad_route";
  }
  return "";
}

}  // namespace sipring
