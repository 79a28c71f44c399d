// The packets of a capture, whatever they hold: reading ends, what is handed out lies within what
// came and is no more than that, and every packet is counted. The first octet of the input chooses
// the link layer; each packet follows its size in two octets.
// SPDX-License-Identifier: MIT
#include <check/capture/capture_reader.h>
#include <check/capture/octet_reader.h>
#include <check/file_messages.h>

#include <array>
#include <string>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;
using namespace sipring::app;

// DLT_NULL, EN10MB, PPP, RAW, PPP_SERIAL, PPP_ETHER, LINUX_SLL, LINUX_SLL2.
constexpr std::array link_types{0, 1, 9, 12, 50, 51, 113, 276};

void read_packets(int link_type, std::string_view octets) {
  std::size_t came = 0, handed_out = 0;
  const CaptureReader::Take take = [&](const CapturedMessage& message) {
    fuzz::must(!message.bytes.empty(), "a message has octets");
    handed_out += message.bytes.size();
  };
  CaptureReader reader(5060, take);
  std::uint64_t packets = 0;
  for (OctetReader rest(octets); !rest.rest().empty(); ++packets) {
    const std::uint16_t size = rest.u16();
    const std::string frame(rest.take(size));  // of exactly its size, for the sanitizer
    came += frame.size();
    reader.add(link_type, 0, frame);
    if (!rest.ok()) ++packets;
    if (!rest.ok()) break;
  }
  const CaptureSummary summary = reader.end();
  fuzz::must(summary.packets == packets, "every packet is counted");
  fuzz::must(handed_out <= came, "no octet is handed out twice");
}

void read_file(std::string_view octets) {
  FileMessages messages(octets);
  std::size_t end = 0;
  while (const auto message = messages.next()) {
    fuzz::must(message->offset >= end, "messages follow each other");
    fuzz::must(fuzz::is_inside(message->octets, octets), "a message is part of its file");
    end = message->offset + message->octets.size();
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view octets = fuzz::text_of(data + 1, size - 1);
  read_packets(link_types[data[0] % link_types.size()], octets);
  read_file(octets);
  return 0;
}
