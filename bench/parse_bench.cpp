// Parsing: five messages at each depth, a mix of 500 messages in random order (one message in a
// loop flatters the branch predictor), and hostile texts, whose cost for each octet must not grow
// with their size.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <memory_resource>
#include <random>
#include <vector>

#include "hostile.h"
#include "parse_depths.h"

namespace {

using namespace sipring;
using bench::Depth;
using bench::PaddedText;

constexpr std::uint32_t max_headers = 128;

PaddedText read_named(const std::string& name) {
  return bench::read_message(SIPRING_SOURCE_DIR "/tests/corpus/messages/" + name + ".sip");
}

// Parses the texts in turn, over and over.
void parse_all(benchmark::State& state, const std::vector<PaddedText>& texts, Depth depth) {
  Message message{max_headers, *std::pmr::new_delete_resource()};
  std::size_t next = 0;
  std::size_t octets = 0;
  for (auto _ : state) {
    const std::string_view text = texts[next].view();
    next = next + 1 == texts.size() ? 0 : next + 1;
    octets += text.size();
    if (!bench::read_at(depth, text, message)) {
      state.SkipWithError("a message does not parse");
      break;
    }
    benchmark::DoNotOptimize(message);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(octets));
}

void replace(std::string& text, std::string_view what, const std::string& by) {
  if (const std::size_t at = text.find(what); at != text.npos) text.replace(at, what.size(), by);
}

// Variants of the five messages: other branches, tags and users, an extra header field here and
// there.
std::vector<PaddedText> make_mix() {
  std::mt19937 random{500};
  std::vector<PaddedText> mix;
  for (int i = 0; i < 500; ++i) {
    std::string text{
        read_named(bench::message_names[random() % bench::message_names.size()]).view()};
    replace(text, "branch=z9hG4bK", "branch=z9hG4bK" + std::string(random() % 24, 'x'));
    replace(text, ";tag=", ";tag=" + std::to_string(random()));
    replace(text, "Call-ID: ", "Call-ID: " + std::to_string(random() % 100000));
    if (random() % 3 == 0)
      replace(text, "CSeq:", "X-Trace: " + std::string(random() % 60 + 1, 't') + "\r\nCSeq:");
    mix.emplace_back(text);
  }
  return mix;
}

void add(const std::string& name, std::vector<PaddedText> texts, Depth depth) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [texts = std::move(texts), depth](benchmark::State& state) {
                                 parse_all(state, texts, depth);
                               });
}

// ns_per_octet is what the bound in perf/hostile.py is about.
void read_hostile(benchmark::State& state, const PaddedText& text) {
  Message message{bench::hostile_headers, *std::pmr::new_delete_resource()};
  for (auto _ : state) {
    bench::read_hostile(text.view(), message);
    benchmark::DoNotOptimize(message);
  }
  const auto octets = static_cast<double>(text.view().size() * state.iterations());
  state.counters["ns_per_octet"] =
      benchmark::Counter(octets * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void add_hostile(const bench::Hostile& hostile, std::size_t octets) {
  const std::string name = "hostile/" + std::string{hostile.name} + "/" + std::to_string(octets);
  benchmark::RegisterBenchmark(
      name.c_str(), [text = bench::make_hostile(hostile, octets)](benchmark::State& state) {
        read_hostile(state, text);
      });
}

const bool registered = [] {
  for (std::size_t depth = 0; depth < bench::depth_names.size(); ++depth) {
    const auto at = static_cast<Depth>(depth);
    for (const char* name : bench::message_names)
      add("parse/" + std::string{name} + "/" + bench::depth_names[depth], {read_named(name)}, at);
    add("parse/mix/" + std::string{bench::depth_names[depth]}, make_mix(), at);
  }
  for (const bench::Hostile& hostile : bench::hostile_texts)
    for (const std::size_t octets : {12000, 48000}) add_hostile(hostile, octets);
  return true;
}();

}  // namespace
