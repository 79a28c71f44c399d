// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/oc_stamp.h>

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/overload_control.h>
#include <sipring/core/message/header/params.h>
#include <sipring/pools/detail/text_writer.h>

#include <algorithm>
#include <chrono>

namespace sipring {
namespace {

constexpr Duration sequence_step = std::chrono::microseconds(10);  // five digits of a second

struct Asked {
  std::string_view oc, algorithms;  // parameters as written
};

Asked find(std::string_view via_parameters) {
  Asked asked;
  for (const Parameter& each : Parameters(via_parameters)) {
    if (detail::equals_ignoring_case(each.name, "oc")) asked.oc = each.text;
    if (detail::equals_ignoring_case(each.name, "oc-algo")) asked.algorithms = each.text;
  }
  return asked;
}

}  // namespace

OcStamp::OcStamp(std::string_view via_parameters, std::span<const Edit> edits, Instant now,
                 const IpAddress& client, OcServer& server) {
  for (const Edit& edit : edits) add(edit);
  const Parsed<OverloadControl> control = parse_overload_control(via_parameters);
  if (!control || !control->supported || control->oc) return;
  const bool knows_rate = has_algorithm(*control, "rate");
  if (!knows_rate && !has_algorithm(*control, "loss")) return;  // section 5.1: "loss" must be there
  const OcAdvice advice = server.advise(now, client, knows_rate);
  const Asked asked = find(via_parameters);
  add({asked.oc, write(advice)});
  add({asked.algorithms,
       advice.algorithm == OcAlgorithm::rate ? R"(oc-algo="rate")" : R"(oc-algo="loss")"});
  std::ranges::sort(edits_.begin(), edits_.begin() + count_, {},
                    [](const Edit& edit) { return edit.replaced.data(); });
}

// "oc=20;oc-validity=500;oc-seq=1282321615.78200"
std::string_view OcStamp::write(const OcAdvice& advice) {
  const auto since = advice.made.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto fraction = static_cast<std::uint32_t>((since - seconds) / sequence_step);
  TextWriter text(text_);  // ten digits a number: it fits
  text << "oc=" << advice.oc << ";oc-validity=" << advice.validity_ms;
  text << ";oc-seq=" << static_cast<std::uint32_t>(seconds.count()) << '.';
  for (std::uint32_t digit = 10'000; digit != 0; digit /= 10) text << fraction / digit % 10;
  return text.view();
}

}  // namespace sipring
