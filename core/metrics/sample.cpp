// The table of what an engine counts: every number of Counters and PoolUse is here once.
// SPDX-License-Identifier: MIT
#include <sipring/core/metrics/sample.h>

#include <utility>

namespace sipring {
namespace {

using enum MetricFamily::Kind;

constexpr MetricFamily messages{
    "messages_total", counter, "Messages, whatever they are: datagrams for SIP", {"direction"}};
constexpr MetricFamily requests{"requests_total",
                                counter,
                                "Requests that could be read, retransmissions included",
                                {"direction", "method"}};
constexpr MetricFamily responses{"responses_total",
                                 counter,
                                 "Responses that could be read, retransmissions included",
                                 {"direction", "class"}};
constexpr MetricFamily retransmissions{"retransmissions_total",
                                       counter,
                                       "Messages of a transaction that came, or were sent, before",
                                       {"direction"}};
constexpr MetricFamily invites{
    "new_invites_total", counter, "INVITEs received that made a transaction", {}};
constexpr MetricFamily created{"transactions_created_total", counter, "Transactions", {}};
constexpr MetricFamily timed_out{"transactions_timed_out_total",
                                 counter,
                                 "Transactions ended by Timer B, F or H of RFC 3261",
                                 {}};
constexpr MetricFamily forgotten{
    "transactions_forgotten_total",
    counter,
    "Answered transactions that made way for new ones before their time (docs/overload.md)",
    {}};
constexpr MetricFamily transport_errors{
    "transport_errors_total",
    counter,
    "Messages of a transaction of which the network said that they were not delivered",
    {}};
constexpr MetricFamily durations{
    "transaction_duration_seconds",
    histogram,
    "From the first message of a transaction to its final response; 0 for an immediate answer",
    {"kind"},
    16,
    36};

constexpr MetricFamily transactions{"transactions", gauge, "Transactions alive", {}};
constexpr MetricFamily transactions_highest{
    "transactions_highest", gauge, "Most transactions that were alive at once", {}};
constexpr MetricFamily transactions_capacity{
    "transactions_capacity", gauge, "Transactions for which there is room", {}};
constexpr MetricFamily buffers{"buffers", gauge, "Messages that are kept or on their way out", {}};
constexpr MetricFamily buffer_bytes{"buffer_bytes", gauge, "Memory that messages occupy", {}};
constexpr MetricFamily buffer_bytes_highest{
    "buffer_highest_bytes", gauge, "Most memory that messages occupied at once", {}};
constexpr MetricFamily buffer_bytes_capacity{
    "buffer_capacity_bytes", gauge, "Memory that there is for messages", {}};
constexpr MetricFamily timers{"timers_armed", gauge, "Timers of transactions that run", {}};

constexpr std::array<std::string_view, Traffic::classes> class_names{"other", "1xx", "2xx", "3xx",
                                                                     "4xx",   "5xx", "6xx"};

// One line of the table.
struct Row {
  const MetricFamily& family;
  std::array<std::string_view, 2> labels;
  std::uint64_t value;
};

void walk_row(const Row& row, const MetricWalk& walk) {
  walk({row.family, row.labels, static_cast<double>(row.value)});
}

template <std::size_t count>
void walk_rows(const Row (&rows)[count], const MetricWalk& walk) {
  for (const Row& row : rows) walk_row(row, walk);
}

void walk_requests(std::string_view direction, const Traffic& traffic, const MetricWalk& walk) {
  for (std::size_t i = 1; i <= method_count; ++i) {  // "other" comes last
    const auto method = static_cast<Method>(i % method_count);
    walk_row({requests, {direction, metric_label(method)}, traffic[method]}, walk);
  }
}

void walk_responses(std::string_view direction, const Traffic& traffic, const MetricWalk& walk) {
  for (std::size_t i = 1; i <= Traffic::classes; ++i) {
    const std::size_t status_class = i % Traffic::classes;
    walk_row({responses, {direction, class_names[status_class]}, traffic.responses[status_class]},
             walk);
  }
}

}  // namespace

const MetricFamily drops_family{
    "drops_total", counter, "Messages that went no further, or were refused, and why", {"reason"}};

std::string_view metric_label(Method method) {
  return method == Method::unknown ? "other" : to_string(method);
}

void each_sample(const Counters& counters, const MetricWalk& walk) {
  walk_rows({{messages, {"received"}, counters.messages_received},
             {messages, {"sent"}, counters.messages_sent}},
            walk);
  walk_requests("received", counters.received, walk);
  walk_requests("sent", counters.sent, walk);
  walk_responses("received", counters.received, walk);
  walk_responses("sent", counters.sent, walk);
  walk_rows({{retransmissions, {"received"}, counters.retransmissions_received},
             {retransmissions, {"sent"}, counters.retransmissions_sent},
             {invites, {}, counters.invites_received},
             {created, {}, counters.transactions_created},
             {timed_out, {}, counters.transactions_timed_out},
             {forgotten, {}, counters.transactions_forgotten},
             {transport_errors, {}, counters.transport_errors}},
            walk);
  for (std::size_t i = 0; i < counters.durations.size(); ++i) {
    walk({durations, {to_string(static_cast<TransactionKind>(i))}, 0, &counters.durations[i]});
  }
  for (std::size_t i = 0; i < counters.dropped.size(); ++i) {
    walk_row({drops_family, {to_string(static_cast<DropReason>(i))}, counters.dropped[i]}, walk);
  }
}

void each_sample(const PoolUse& pools, const MetricWalk& walk) {
  walk_rows({{transactions, {}, pools.transactions},
             {transactions_highest, {}, pools.transactions_highest},
             {transactions_capacity, {}, pools.transactions_capacity},
             {buffers, {}, pools.buffers},
             {buffer_bytes, {}, pools.buffer_bytes},
             {buffer_bytes_highest, {}, pools.buffer_bytes_highest},
             {buffer_bytes_capacity, {}, pools.buffer_bytes_capacity},
             {timers, {}, pools.timers_armed}},
            walk);
}

}  // namespace sipring
