// SPDX-License-Identifier: MIT
#include <sipring/core/dns/detail/response.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace sipring::dns {
namespace {

using Kind = Response::Kind;

class Reading {
 public:
  Reading(std::string_view message, const AskedFor& asked, BufferPool& pool)
      : after_question_(message), asked_(asked), pool_(pool) {}

  Response read() {
    if (!is_ours()) return {};
    if (head_.is_truncated) return of(Kind::truncated);
    if (head_.rcode == rcode_format_error || head_.rcode == rcode_not_implemented) {
      return of(Kind::no_edns);
    }
    if (head_.rcode != rcode_no_error && head_.rcode != rcode_no_name) {
      return of(Kind::server_error);
    }
    response_.name = *asked_.name;
    response_.ttl = most_ttl;
    if (const std::optional<Kind> wrong = follow_aliases()) return of(*wrong);
    if (head_.rcode == rcode_no_name) return negative(Kind::no_name);
    return records();
  }

 private:
  Response of(Kind kind) {
    response_.kind = kind;
    return std::move(response_);
  }

  bool is_ours() {
    const auto head = after_question_.head();
    if (!head || !head->is_response || head->opcode != 0 || head->id != asked_.id) return false;
    head_ = *head;
    // A server that could not read the question need not repeat it.
    if (head_.questions == 0) return head_.rcode == rcode_format_error;
    if (head_.questions != 1) return false;
    const auto question = after_question_.question();
    if (!question || !question->is_internet || question->name != *asked_.name) return false;
    return question->type == std::to_underlying(asked_.type);
  }

  // Goes through a section; `visit` returns false to end it. False: the octets are no records.
  template <class Visit>
  static bool each(MessageReader& reader, std::uint16_t count, Visit&& visit) {
    for (std::uint16_t i = 0; i < count; ++i) {
      const auto part = reader.record();
      if (!part) return false;
      if (part->is_internet && !visit(*part)) break;
    }
    return true;
  }

  // Moves `name` to the end of the answer's CNAMEs. What is given is wrong with them.
  std::optional<Kind> follow_aliases() {
    response_.aliases = asked_.aliases;
    for (bool found = true; found;) {
      found = false;
      MessageReader reader = after_question_;
      std::optional<Kind> wrong;
      const bool read = each(reader, head_.answers, [&](const RecordPart& part) {
        if (part.type != std::to_underlying(RecordType::cname)) return true;
        if (part.owner != response_.name) return true;
        const auto data = reader.data_of(part);
        if (!data) wrong = Kind::server_error;
        if (!data) return false;
        response_.name = data->target;
        response_.ttl = std::min(response_.ttl, part.ttl);
        found = true;
        return false;
      });
      if (!read || wrong) return Kind::server_error;
      if (found && ++response_.aliases > most_aliases) return Kind::alias_loop;
    }
    return std::nullopt;
  }

  // Visits the data of each record that was asked for.
  template <class Visit>
  bool each_record(Visit&& visit) {
    MessageReader reader = after_question_;
    std::uint32_t visited = 0;
    bool good = true;
    const bool read = each(reader, head_.answers, [&](const RecordPart& part) {
      if (part.type != std::to_underlying(asked_.type) || part.owner != response_.name) return true;
      const auto data = reader.data_of(part);
      good = data.has_value();
      if (!good) return false;
      Record record = data->record;
      record.target = data->target.view();
      visit(record, part.ttl);
      return ++visited < most_records;
    });
    return read && good;
  }

  Response records() {
    RecordsWriter::Size size;
    const bool read = each_record([&](const Record& record, std::uint32_t ttl) {
      size.add(record);
      response_.ttl = std::min(response_.ttl, ttl);
    });
    if (!read) return of(Kind::server_error);
    if (size.records == 0) return negative(Kind::no_data);
    RecordsWriter writer(size, pool_);
    if (!writer.is_open()) return of(Kind::no_room);
    (void)each_record([&](const Record& record, std::uint32_t) { writer.add(record); });
    response_.records = writer.take();
    return of(Kind::records);
  }

  // Kept as long as the zone's SOA says (RFC 2308 section 5), not at all without one.
  Response negative(Kind kind) {
    MessageReader reader = after_question_;
    if (!each(reader, head_.answers, [](const RecordPart&) { return true; })) {
      return of(Kind::server_error);
    }
    std::optional<std::uint32_t> ttl;
    (void)each(reader, head_.authorities, [&](const RecordPart& part) {
      if (part.type != std::to_underlying(RecordType::soa)) return true;
      if (const auto data = reader.data_of(part)) ttl = std::min(part.ttl, data->minimum);
      return false;
    });
    const bool leads_elsewhere = kind == Kind::no_data && response_.aliases > asked_.aliases;
    if (leads_elsewhere && !ttl) return of(Kind::alias);
    response_.ttl = std::min({response_.ttl, ttl.value_or(0), most_negative_ttl});
    return of(kind);
  }

  MessageReader after_question_;
  const AskedFor& asked_;
  BufferPool& pool_;
  MessageHead head_{};
  Response response_{};
};

}  // namespace

Response read_response(std::string_view message, const AskedFor& asked, BufferPool& pool) {
  return Reading(message, asked, pool).read();
}

}  // namespace sipring::dns
