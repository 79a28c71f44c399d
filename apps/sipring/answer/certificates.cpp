// SPDX-License-Identifier: MIT
#include <answer/certificates.h>

#include "listen_address.h"

#include <fmt/core.h>

#include <sys/stat.h>
#include <cstdio>

#include <algorithm>
#include <utility>

namespace sipring::app {
namespace {

// Whatever is written into a file changes one of these.
std::string stamp_of(const TlsFiles& files) {
  std::string stamp;
  for (const std::string* file : {&files.certificate, &files.key, &files.authorities}) {
    struct stat status {};
    if (file->empty() || ::stat(file->c_str(), &status) != 0) continue;
    stamp += fmt::format("{}.{} {} {};", status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                         status.st_size, status.st_ino);
  }
  return stamp;
}

}  // namespace

void Certificates::add(const ListenerText& text, const Listener& listener) {
  if (signs_itself(text)) return;
  watched_.push_back({text, listener, stamp_of(text.files)});
}

void Certificates::forget(Flow listener) {
  std::erase_if(watched_,
                [&](const Watched& watched) { return watched.listener.flow == listener; });
}

void Certificates::look(Server& server) {
  for (Watched& watched : watched_) {
    std::string stamp = stamp_of(watched.text.files);
    if (stamp == watched.stamp) continue;
    watched.stamp = std::move(stamp);
    renew(server, watched);
  }
}

void Certificates::renew(Server& server) {
  for (const Watched& watched : watched_) renew(server, watched);
}

void Certificates::renew(Server& server, const Watched& watched) {
  ListenerText text = watched.text;
  text.address = watched.listener.address;  // with the port that was bound
  const auto tls = listener_tls_of(text);
  if (!tls) return fmt::print(stderr, "sipring: {}; the old certificates stay\n", tls.error());
  const auto renewed = server.renew(watched.listener.flow, *tls);
  if (renewed) {
    fmt::print(stderr, "sipring: {} shows new certificates\n", listen_address_text(text.address));
  } else {
    fmt::print(stderr, "sipring: {}; the old certificates stay\n", renewed.error().text);
  }
}

}  // namespace sipring::app
