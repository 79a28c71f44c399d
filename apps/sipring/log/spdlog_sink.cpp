// EventLog's way out: spdlog, to stderr or a file, each line with its time (UTC) and severity.
// SPDX-License-Identifier: MIT
#include <log/event_log.h>

#include <fmt/core.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cstdio>
#include <memory>
#include <utility>

namespace sipring::app {
namespace {

spdlog::sink_ptr make_sink(const std::string& file) {
  if (file.empty()) return std::make_shared<spdlog::sinks::stderr_sink_st>();
  return std::make_shared<spdlog::sinks::basic_file_sink_st>(file);
}

std::unique_ptr<spdlog::logger> make_logger(const LogOptions& options) {
  auto logger = std::make_unique<spdlog::logger>("sipring", make_sink(options.file));
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc));
  logger->set_level(spdlog::level::from_str(options.level));
  logger->flush_on(spdlog::level::trace);
  return logger;
}

}  // namespace

std::expected<EventLog::Sink, std::string> open_log(const LogOptions& options) try {
  std::shared_ptr<spdlog::logger> logger = make_logger(options);
  const bool clears_line = options.clears_line && options.file.empty();
  return [logger = std::move(logger), clears_line](Severity severity, const std::string& line) {
    const auto level = severity == Severity::info ? spdlog::level::info : spdlog::level::warn;
    if (!logger->should_log(level)) return;
    if (clears_line) {
      fmt::print("\r\x1b[K");
      (void)std::fflush(stdout);
    }
    logger->log(level, "{}", line);
  };
} catch (const spdlog::spdlog_ex& error) {
  return std::unexpected(fmt::format("no log: {}", error.what()));
}

}  // namespace sipring::app
