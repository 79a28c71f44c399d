// Parsing: five messages at three depths, a mix of 500 messages in random order (one message in a
// loop flatters the branch predictor), and the worst kinds of hostile input per octet.
// SPDX-License-Identifier: MIT
#include "parse_depths.h"

#include <benchmark/benchmark.h>

#include <memory_resource>
#include <random>
#include <vector>

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

std::string framed(const std::string& headers) {
  return "OPTIONS sip:a@b SIP/2.0\r\n" + headers + "\r\n";
}

std::vector<PaddedText> dense_folds() {
  std::string headers = "Subject: a\r\n";
  for (int i = 0; i < 2000; ++i) headers += " b\r\n";
  return {PaddedText{framed(headers)}};
}

std::vector<PaddedText> quoted_controls() {
  std::string value;
  for (int i = 0; i < 4000; ++i) value += "\\\x01";
  return {PaddedText{framed("Subject: \"" + value + "\"\r\n")}};
}

std::vector<PaddedText> many_headers() {
  std::string headers;
  for (std::uint32_t i = 0; i < max_headers; ++i) headers += "X-" + std::to_string(i) + ": v\r\n";
  return {PaddedText{framed(headers)}};
}

void add(const std::string& name, std::vector<PaddedText> texts, Depth depth) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [texts = std::move(texts), depth](benchmark::State& state) {
                                 parse_all(state, texts, depth);
                               });
}

const bool registered = [] {
  for (std::size_t depth = 0; depth < bench::depth_names.size(); ++depth) {
    const auto at = static_cast<Depth>(depth);
    for (const char* name : bench::message_names)
      add("parse/" + std::string{name} + "/" + bench::depth_names[depth], {read_named(name)}, at);
    add("parse/mix/" + std::string{bench::depth_names[depth]}, make_mix(), at);
  }
  add("parse/hostile_dense_folds/frame", dense_folds(), Depth::frame);
  add("parse/hostile_quoted_controls/frame", quoted_controls(), Depth::frame);
  add("parse/hostile_128_headers/frame", many_headers(), Depth::frame);
  return true;
}();

}  // namespace
