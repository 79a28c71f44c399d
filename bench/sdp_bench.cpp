// Depth `sdp`: the session description of a carrier's INVITE, and of a fax and a WebRTC peer: lines
// and fields, then every rtpmap, fmtp and candidate; and an answer to the carrier's.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/offer_answer.h>

#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <memory_resource>
#include <string>

namespace {

using namespace sipring;

std::string read_corpus(const std::string& name) {
  std::ifstream file(SIPRING_SOURCE_DIR "/tests/corpus/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string body_of(const std::string& message) {
  const std::size_t blank = message.find("\r\n\r\n");
  return blank == message.npos ? "" : message.substr(blank + 4);
}

bool read_attributes(const sdp::Section& section) {
  for (std::uint32_t i = 0; i < section.size(); ++i) {
    if (section[i].type != 'a') continue;
    const sdp::Attribute attribute = section.attribute_at(i);
    if (attribute.name == "rtpmap" && !sdp::parse_rtpmap(attribute.value)) return false;
    if (attribute.name == "fmtp" && !sdp::parse_fmtp(attribute.value)) return false;
    if (attribute.name == "candidate" && !sdp::parse_candidate(attribute.value)) return false;
  }
  return true;
}

// False when anything that was read is malformed: a figure for a failure would be worthless.
template <class Read>
void run(benchmark::State& state, const std::string& text, Read read) {
  sdp::Session session(256, 16, *std::pmr::new_delete_resource());
  for (auto _ : state) {
    if (!parse(text, session) || !read(session)) {
      state.SkipWithError("a session description does not parse");
      break;
    }
    benchmark::DoNotOptimize(session);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

bool answer(const sdp::Session& offer) {
  static constexpr sdp::Codec codecs[] = {
      {.encoding = "PCMA", .payload_type = 8},
      {.encoding = "telephone-event", .payload_type = 101, .fmtp = "0-15"}};
  const sdp::MediaCapability audio{.port = 4000, .codecs = codecs};
  char room[2048];
  sdp::Writer writer(room);
  const auto answered =
      write_answer(offer, {.media = {&audio, 1}}, {.address = "192.0.2.9"}, writer);
  benchmark::DoNotOptimize(room);
  return answered && answered->accepted == 1;
}

const bool registered = [] {
  const auto add = [](const std::string& name, const std::string& text, auto read) {
    benchmark::RegisterBenchmark(name.c_str(),
                                 [=](benchmark::State& state) { run(state, text, read); });
  };
  const std::string carrier = body_of(read_corpus("messages/2_invite_carrier.sip"));
  const auto nothing = [](const sdp::Session&) { return true; };
  const auto attributes = [](const sdp::Session& session) {
    return read_attributes(session.lines());
  };
  add("parse/2_invite_carrier/sdp_lines", carrier, nothing);
  add("parse/2_invite_carrier/sdp", carrier, attributes);
  add("parse/webrtc/sdp", read_corpus("sdp/webrtc_audio_video.sdp"), attributes);
  add("parse/fax/sdp", read_corpus("sdp/fax_t38.sdp"), attributes);
  add("answer/2_invite_carrier", carrier, answer);
  return true;
}();

}  // namespace
