// Edits: a script from the input on a message of a proxy's day, and on a slow model of it. What is
// written reads as the model says, or the mistake is one that the script made.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/message_edit.h>
#include <sipring/core/message/parser.h>

#include <algorithm>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"
#include "tests/support/sip_text.h"

namespace sipring::fuzz {
namespace {

constexpr std::string_view a_request = R"(
INVITE sip:bob@example.com SIP/2.0
Via: SIP/2.0/UDP a;branch=z9hG4bK1 ,
 SIP/2.0/UDP b;branch=z9hG4bK2
v:SIP/2.0/UDP c
Route: <sip:p1;lr>, <sip:p2;lr>
Max-Forwards: 10
Subject: one
From: <sip:alice@example.com>;tag=1
Route : <sip:p3;lr>
To: Bob <sip:bob@example.com>
Call-ID: x
X-Odd: a
 b
CSeq: 1 INVITE
x-odd:
Content-Type: text/plain
Content-Length: 5

hello)";

struct Field {
  std::string name, value;
  friend bool operator==(const Field&, const Field&) = default;
};

std::vector<Field> fields_of(const Message& message) {
  std::vector<Field> fields;
  for (std::uint32_t i = 0; i < message.header_count(); ++i)
    fields.push_back({std::string(message.header(i).name), std::string(message.header(i).value)});
  return fields;
}

// The octets of a script, zeros behind its end.
class Script {
 public:
  explicit Script(std::string_view octets) : octets_(octets) {}
  [[nodiscard]] bool empty() const { return octets_.empty(); }
  unsigned next(unsigned below) {
    if (octets_.empty()) return 0;
    const unsigned octet = static_cast<unsigned char>(octets_.front());
    octets_.remove_prefix(1);
    return octet % below;
  }
  std::string text() {
    const std::size_t size = std::min<std::size_t>(next(24), octets_.size());
    std::string text(octets_.substr(0, size));
    octets_.remove_prefix(size);
    return text;
  }

 private:
  std::string_view octets_;
};

// What the original's header fields became, by their index there: nothing, as it was, or another
// value; and what came before and behind.
struct Model {
  struct Original {
    Field field;
    bool touched = false;
    bool removed = false;
    std::vector<Field> before;
  };
  std::vector<Original> originals;
  std::vector<Field> appended;
  std::string uri;
  std::string body;

  [[nodiscard]] std::vector<Field> fields() const {
    std::vector<Field> fields;
    for (const Original& original : originals) {
      fields.insert(fields.end(), original.before.begin(), original.before.end());
      if (!original.removed) fields.push_back(original.field);
    }
    fields.insert(fields.end(), appended.begin(), appended.end());
    return fields;
  }
};

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

// One step. False: the script asked for a mistake, and the edit must tell it.
bool step(Script& script, MessageEdit& edit, Model& model) {
  const auto index = script.next(static_cast<unsigned>(model.originals.size()));
  Model::Original& original = model.originals[index];
  switch (script.next(6)) {
    case 0: {
      const std::string value = script.text();
      edit.append("X-New", value);
      model.appended.push_back({"X-New", value});
      return is_plain(value);
    }
    case 1: {
      const bool good = !original.touched && original.field.name != "Content-Length";
      edit.remove_at(index);
      original.touched = original.removed = true;
      return good;
    }
    case 2: {
      const std::string value = script.text();
      const bool is_any = original.field.name == "Subject" || original.field.name == "X-Odd";
      if (!is_any) return true;
      const bool good = !original.touched && is_plain(value);
      edit.replace_at(index, value);
      original.touched = true;
      original.field.value = value;
      return good;
    }
    case 3: {
      edit.prepend("Subject", "new");
      auto& before = model.originals[4].before;
      before.insert(before.begin(), {"Subject", "new"});
      return true;
    }
    case 4: {
      edit.via(Transport::tcp, "p", "z9hG4bK9");
      auto& before = model.originals[0].before;
      before.insert(before.begin(), {"Via", "SIP/2.0/TCP p;branch=z9hG4bK9"});
      return true;
    }
    default: {
      const bool good = model.uri == "sip:bob@example.com";
      edit.request_uri("sip:elsewhere");
      model.uri = "sip:elsewhere";
      return good;
    }
  }
}

void run(Script script) {
  static const std::string wire = test::sip(a_request) + std::string(readable_padding, '\r');
  static Message message{64, *std::pmr::new_delete_resource()};
  static Message read{256, *std::pmr::new_delete_resource()};
  static BufferPool buffers(1, *std::pmr::new_delete_resource());
  static MessageEdit edit;
  const std::string_view text = std::string_view(wire).substr(0, wire.size() - readable_padding);
  must(parse(text, message).has_value(), "a message to edit");
  Model model{{}, {}, "sip:bob@example.com", "hello"};
  for (const Field& field : fields_of(message))
    model.originals.push_back({field, false, false, {}});
  edit.start(message);
  bool good = true;
  while (!script.empty() && good) {
    good = step(script, edit, model);
    const std::optional<BuildError>& error = edit.error();
    const bool full = error && (error->problem == BuildProblem::too_many_headers ||
                                error->problem == BuildProblem::room_full);
    if (full) return;
    // A value may be what is asked for without being plain; a mistake may not be passed over.
    if (!good && !error) return;
    must(good == !error.has_value(), "no mistake where none was asked for");
  }
  const Built built = edit.write(buffers);
  must(built.has_value() == good, "a message, or a mistake");
  if (!built) return;
  std::string padded((*built)->view());
  padded.append(readable_padding, '\r');
  must(parse({padded.data(), padded.size() - readable_padding}, read).has_value(), "a message");
  must(fields_of(read) == model.fields(), "the header fields of the model");
  must(read.request_uri() == model.uri && read.body() == model.body, "the rest of the model");
}

}  // namespace
}  // namespace sipring::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sipring;
  fuzz::run(fuzz::Script(fuzz::text_of(data, size)));
  return 0;
}
