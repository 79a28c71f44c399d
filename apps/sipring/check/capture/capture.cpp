// SPDX-License-Identifier: MIT
#include <check/capture/capture.h>
#include <check/capture/capture_reader.h>
#include <check/capture/link_layer.h>

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <memory>

namespace sipring::app {
namespace {

struct CloseCapture {
  void operator()(pcap_t* capture) const { pcap_close(capture); }
};
using OpenCapture = std::unique_ptr<pcap_t, CloseCapture>;

}  // namespace

std::expected<CaptureSummary, std::string> read_capture(
    const std::string& file, std::uint16_t port,
    const std::function<void(const CapturedMessage&)>& take) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  const OpenCapture capture(pcap_open_offline(file.c_str(), error.data()));
  if (!capture) return std::unexpected(std::string(error.data()));
  const int link_type = pcap_datalink(capture.get());
  if (!knows_link_type(link_type)) {
    const char* name = pcap_datalink_val_to_description_or_dlt(link_type);
    return std::unexpected("captures of link type " + std::string(name) + " are not understood");
  }
  CaptureReader reader(port, take);
  pcap_pkthdr* header = nullptr;
  const unsigned char* octets = nullptr;
  int result = 0;
  while ((result = pcap_next_ex(capture.get(), &header, &octets)) == 1) {
    if (header->caplen < header->len) {
      reader.add_cut_off();
      continue;
    }
    const std::int64_t time = std::int64_t{header->ts.tv_sec} * 1'000'000 + header->ts.tv_usec;
    reader.add(link_type, time, {reinterpret_cast<const char*>(octets), header->caplen});
  }
  if (result == PCAP_ERROR) return std::unexpected(std::string(pcap_geterr(capture.get())));
  return reader.end();
}

// pcap in either order of octets, with microseconds or nanoseconds, and pcapng.
bool is_capture(std::string_view octets) {
  constexpr std::array<std::string_view, 5> magics{"\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4",
                                                   "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d",
                                                   "\x0a\x0d\x0d\x0a"};
  const std::string_view magic = octets.substr(0, 4);
  return magic.size() == 4 && std::ranges::find(magics, magic) != magics.end();
}

}  // namespace sipring::app
