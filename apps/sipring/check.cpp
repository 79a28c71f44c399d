// `sipring check`: parses messages out of files and captures, and explains them.
// SPDX-License-Identifier: MIT
#include "command.h"
#include "command_line.h"

#include <check/capture/capture.h>
#include <check/capture/hep3.h>
#include <check/explanation.h>
#include <check/file_messages.h>
#include <check/resolution.h>
#include <check/signature.h>
#include <check/summary.h>

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <array>
#include <chrono>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace sipring::app {
namespace {

struct CheckFlags {
  std::vector<std::string> files{"-"};
  bool json = false;
  bool only_summary = false;
  bool strict = false;
  std::uint16_t port = 5060;
  std::string resolve;
  std::string dns;
};

// All of it; of a capture, which is read packet by packet, the beginning.
std::optional<std::string> read(std::istream& stream) {
  std::string octets;
  std::array<char, 65'536> piece;
  do {
    stream.read(piece.data(), piece.size());
    octets.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
  } while (stream && !is_capture(octets));
  return stream.bad() ? std::nullopt : std::optional(std::move(octets));
}

std::optional<std::string> read(const std::string& file) {
  if (file == "-") return read(std::cin);
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  return stream.is_open() ? read(stream) : std::nullopt;
}

// "call.pcap packet 17, 2026-01-31 12:00:00.000250 UTC, 192.0.2.1:5060 > 192.0.2.2:5060 UDP"
std::string name_of(const std::string& file, const CapturedMessage& message) {
  const std::chrono::sys_time<std::chrono::microseconds> time{
      std::chrono::microseconds(message.microseconds)};
  return fmt::format("{} packet {}, {:%Y-%m-%d %H:%M}:{:%S} UTC, {} > {} {}", file, message.packet,
                     std::chrono::time_point_cast<std::chrono::seconds>(time),
                     time.time_since_epoch() % std::chrono::minutes(1),
                     to_text(message.source).view(), to_text(message.destination).view(),
                     to_string(message.source.transport));
}

class Check {
 public:
  explicit Check(const CheckFlags& flags) : flags_(flags) {}

  int run() {
    for (const std::string& file : flags_.files) {
      const auto checked = check(file);
      if (checked) continue;
      fmt::print(stderr, "sipring: {}\n", checked.error());
      all_read_ = false;
    }
    const bool is_summary_wanted = flags_.only_summary || summary_.messages() != 1;
    const bool is_anything_read = all_read_ || summary_.messages() != 0;
    if (is_summary_wanted && is_anything_read)
      print(flags_.json ? summary_.to_json() + "\n" : summary_.to_text());
    if (!all_read_) return 2;
    return summary_.all_valid() ? 0 : 1;
  }

 private:
  std::expected<void, std::string> check(const std::string& file) {
    const std::optional<std::string> octets = read(file);
    if (!octets) return std::unexpected(file + " cannot be read");
    if (is_capture(*octets)) return check_capture(file);
    if (const std::string_view seal = sealed_as(*octets); !seal.empty())
      return std::unexpected(fmt::format("{} is {}", file, seal));
    const std::string name = file == "-" ? "standard input" : file;
    if (!octets->starts_with(hep3_magic)) return check_messages(*octets, name);
    const auto hep = read_hep3(*octets);
    if (!hep) return std::unexpected(name + " is HEP3 that cannot be read");
    show(hep->payload, name + " in HEP3");
    return {};
  }

  std::expected<void, std::string> check_messages(std::string_view octets,
                                                  const std::string& file) {
    FileMessages messages(octets);
    while (const auto message = messages.next()) {
      const bool is_only_one = message->number == 1 && !messages.has_more();
      show(message->octets, is_only_one ? file
                                        : fmt::format("{} message {} at offset {}", file,
                                                      message->number, message->offset));
    }
    return {};
  }

  std::expected<void, std::string> check_capture(const std::string& file) {
    if (file == "-") return std::unexpected("a capture is read from a file, not standard input");
    const auto capture = read_capture(file, flags_.port, [&](const CapturedMessage& message) {
      show(message.bytes, name_of(file, message));
    });
    if (!capture) return std::unexpected(file + ": " + capture.error());
    summary_.add(*capture);
    return {};
  }

  void show(std::string_view octets, const std::string& name) {
    const Explanation explanation = explain(octets, flags_.strict);
    summary_.add(explanation);
    if (flags_.only_summary) return;
    print(flags_.json ? to_json(explanation, name) + "\n" : to_text(explanation, name));
  }

  static void print(const std::string& text) { fmt::print("{}", text); }

  const CheckFlags& flags_;
  Summary summary_;
  bool all_read_ = true;
};

}  // namespace

void add_check(Program& program) {
  auto flags = std::make_shared<CheckFlags>();
  CommandLine command = program.add_command("check", "parse messages and explain them", [flags] {
    if (!flags->resolve.empty()) return show_resolution(flags->resolve, flags->dns);
    return Check(*flags).run();
  });
  command.footer(
      "Exit status: 0 when all are valid, 1 when one is not, 2 when one cannot be read.");
  command.add("FILE", flags->files,
              "messages, or SDP, or a capture (pcap, pcapng); - for standard input");
  command.add("--json", flags->json, "one JSON object for each message, and a summary");
  command.add("--strict", flags->strict,
              "what the grammar refuses and is understood all the same: an error, not a note");
  command.add("--summary", flags->only_summary, "the summary alone");
  command
      .add("--port", flags->port,
           "in captures: all text on this port is SIP, but HTTP; elsewhere what begins like "
           "it")
      .show_default();
  command.add("--resolve", flags->resolve,
              "instead: where a request to this URI goes, in order, and why (RFC 3263)");
  command.add("--dns", flags->dns, "the name server to ask, HOST:PORT; those of the system");
}

}  // namespace sipring::app
