// SPDX-License-Identifier: MIT
#include <sipring/io/names/naming.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace sipring {
namespace {

// Whoever speaks WebSocket is reached by the connection that it opened.
bool is_to_send_from(const Listener& listener) {
  return !is_websocket(listener.address.transport);
}

Origin origin_of(const Listener& listener, const std::string& sent_by) {
  const NetworkAddress& address = listener.address;
  return {.transport = address.transport,
          .family = address.ip.family,
          .flow = listener.flow,
          .sent_by = sent_by.empty() ? std::string(to_text(address).view()) : sent_by};
}

std::vector<Origin> origins_of(const NameOptions& options, std::span<const Listener> listeners) {
  std::vector<Origin> origins;
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    if (!is_to_send_from(listeners[i])) continue;
    origins.push_back(
        origin_of(listeners[i], i < options.sent_by.size() ? options.sent_by[i] : ""));
  }
  origins.insert(origins.end(), options.also_from.begin(), options.also_from.end());
  return origins;
}

SenderSettings sender_settings(const NameOptions& options, std::vector<Origin> origins) {
  SenderSettings settings = options.sending;
  settings.origins = std::move(origins);
  return settings;
}

// What the user attached, in place of what the sender did.
void set_user(Output& output, std::uint64_t attached) {
  std::visit(
      [attached](auto& one) {
        if constexpr (requires { one.attached; }) one.attached = attached;
      },
      output);
}

}  // namespace

Naming::Naming(const Parts& parts, const NameOptions& options, std::span<const Listener> listeners,
               const Entropy& entropy, std::pmr::memory_resource& memory)
    : parts_(parts),
      origins_(origins_of(options, listeners)),
      resolver_(parts.uring, options.system.settings, options.system.hosts, entropy, memory),
      health_(options.health, {entropy.words[1], entropy.words[2]}, memory),
      sender_(sender_settings(options, origins_),
              {parts.engine, resolver_.resolver(), health_, &parts.connections}, entropy.words[3],
              memory) {}

void Naming::give(Instant now, Output& output) {
  const Sender::Verdict verdict = sender_.take(now, output);
  if (verdict.kind == Sender::Verdict::Kind::swallowed) return;
  if (verdict.kind == Sender::Verdict::Kind::passed) set_user(output, verdict.attached);
  parts_.user->on_output(parts_.engine, now, output);
}

bool Naming::settle(Instant now) {
  bool any = false;
  while (const auto answered = resolver_.next_answer(now)) {
    any = true;
    sender_.take(now, *answered);
  }
  while (const auto ended = sender_.next_ended()) {
    any = true;
    parts_.user->on_no_target(parts_.engine, now, *ended);
  }
  return any;
}

void Naming::listen(const Listener& listener) {
  if (!is_to_send_from(listener)) return;
  origins_.push_back(origin_of(listener, ""));
  sender_.send_from(origins_);
}

void Naming::close(const Listener& listener) {
  std::erase_if(origins_, [&](const Origin& origin) { return origin.flow == listener.flow; });
  sender_.send_from(origins_);
}

}  // namespace sipring
