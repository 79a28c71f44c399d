// DNS: whatever a server sends is read without harm, and what is taken of it is of the question.
// The first octet chooses the type that is asked for.
// SPDX-License-Identifier: MIT
#include <sipring/core/dns/detail/message.h>
#include <sipring/core/dns/detail/response.h>

#include <memory_resource>
#include <string>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;
using namespace sipring::dns;

constexpr RecordType types[] = {RecordType::a, RecordType::aaaa, RecordType::srv,
                                RecordType::naptr};

// Every record, as a dump of the message would read it.
void read_all(std::string_view message) {
  MessageReader reader(message);
  const auto head = reader.head();
  if (!head) return;
  for (unsigned i = 0; i < head->questions; ++i)
    if (!reader.question()) return;
  const unsigned records = head->answers + head->authorities + head->additionals;
  for (unsigned i = 0; i < records; ++i) {
    const auto part = reader.record();
    if (!part) return;
    fuzz::must(part->owner.view().size() <= Name::most_octets, "a name has a bound");
    fuzz::must(part->data + part->length <= message.size(), "data is inside");
    const auto data = reader.data_of(*part);
    if (!data) continue;
    for (const std::string_view text :
         {data->record.flags, data->record.services, data->record.regexp})
      fuzz::must(fuzz::is_inside(text, message), "texts are inside");
    fuzz::must(data->target.is_root() || Name::parse(data->target.view()) == data->target,
               "a name reads back");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string message(fuzz::text_of(data + 1, size - 1));
  read_all(message);
  static BufferPool pool(std::size_t{4} << 20, *std::pmr::new_delete_resource());
  MessageReader reader(message);
  const auto head = reader.head();
  const auto question = reader.question();
  if (!head || !question) return 0;
  const AskedFor asked{head->id, &question->name, types[data[0] % 4], 0};
  const Response response = read_response(message, asked, pool);
  const bool has_records = response.kind == Response::Kind::records;
  fuzz::must(has_records == !response.records.empty(), "records when it says so");
  fuzz::must(response.records.size() <= most_records, "not more than there is room for");
  fuzz::must(response.ttl <= most_ttl, "a time to live has a bound");
  fuzz::must(response.aliases <= most_aliases + 1, "aliases have a bound");
  return 0;
}
