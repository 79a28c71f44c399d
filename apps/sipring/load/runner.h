// Runner: one run of the generator after another; a line a second where somebody looks.
// SPDX-License-Identifier: MIT
#pragma once

#include "signals.h"

#include <load/generator.h>

#include <sipring/core/time.h>

#include <expected>
#include <string>

namespace sipring::app {

class Runner {
 public:
  // `drain`: how long to wait for what is open when no more is begun.
  Runner(const Signals& signals, Duration drain);

  std::expected<LoadResult, std::string> run(const GeneratorOptions& options);
  // By a signal.
  [[nodiscard]] bool was_interrupted() const { return interrupted_; }

 private:
  // Until all phones are registered, or refused.
  void settle(Generator& generator);
  void watch(const Generator& generator, Duration duration);

  const Signals& signals_;
  Duration drain_;
  bool live_;
  double busy_ = 0;
  bool interrupted_ = false;
  bool told_notices_ = false;
};

}  // namespace sipring::app
