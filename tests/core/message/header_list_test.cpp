// Random operations on the list and on a model of it, and what is written read again.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/header_list.h>

#include <sipring/core/message/request_builder.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory_resource>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/message/parsed_message.h"
#include "tests/core/message/texts.h"

namespace sipring {
namespace {

using testing::ParsedMessage;

struct Field {
  std::string name, value;
  friend bool operator==(const Field&, const Field&) = default;
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool same_kind(const std::string& a, const std::string& b) {
  const HeaderId id = header_id_from(a);
  return id == HeaderId::extension ? lower(a) == lower(b) : id == header_id_from(b);
}

// Obvious, and slow.
class Model {
 public:
  std::vector<Field> fields;

  void append(const Field& field) { fields.push_back(field); }
  void prepend(const Field& field) {
    const std::size_t first = find(field.name);
    insert(first == fields.size() ? 0 : first, field);
  }
  void insert(std::size_t index, const Field& field) {
    fields.insert(fields.begin() + static_cast<std::ptrdiff_t>(index), field);
  }
  void replace(const Field& field) {
    const std::size_t first = find(field.name);
    if (first == fields.size()) return append(field);
    remove(field.name);
    insert(std::min(first, fields.size()), field);
  }
  void remove(const std::string& name) {
    std::erase_if(fields, [&](const Field& field) { return same_kind(field.name, name); });
  }
  void remove_at(std::size_t index) {
    fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(index));
  }
  void move(std::size_t from, std::size_t to) {
    const Field field = fields[from];
    remove_at(from);
    insert(to, field);
  }

 private:
  std::size_t find(const std::string& name) const {
    const auto kind = [&](const Field& field) { return same_kind(field.name, name); };
    return static_cast<std::size_t>(std::ranges::find_if(fields, kind) - fields.begin());
  }
};

class RandomOperations {
 public:
  explicit RandomOperations(std::uint32_t seed) : random_(seed) {}

  void step(RequestBuilder& builder, Model& model) {
    const Field field{pick(names), pick(values)};
    const std::size_t size = model.fields.size();
    const std::size_t from = size == 0 ? 0 : random_() % size;
    const std::size_t to = size == 0 ? 0 : random_() % size;
    switch (random_() % (size == 0 ? 4 : 8)) {
      case 0:
      case 1: builder.append(field.name, field.value), model.append(field); break;
      case 2: builder.prepend(field.name, field.value), model.prepend(field); break;
      case 3: builder.replace(field.name, field.value), model.replace(field); break;
      case 4: builder.remove(field.name), model.remove(field.name); break;
      case 5: builder.remove_at(index(from)), model.remove_at(from); break;
      case 6: builder.move(index(from), index(to)), model.move(from, to); break;
      default: builder.insert(index(to), field.name, field.value), model.insert(to, field); break;
    }
  }
  NameForm form() { return static_cast<NameForm>(random_() % 3); }

 private:
  static constexpr std::string_view names[] = {"Subject", "s",       "X-One",     "x-one",
                                               "Route",   "Contact", "m",         "Warning",
                                               "Allow",   "X-Two",   "Supported", "k"};
  static constexpr std::string_view values[] = {"<sip:a@b>", "<sip:c>;x=\"\\\"\"", "<sip:d;lr>",
                                                "<sip:a>, <sip:b>", "\"D\xc3\xa4\" <sip:e>"};
  static std::uint32_t index(std::size_t at) { return static_cast<std::uint32_t>(at); }
  std::string pick(std::span<const std::string_view> from) {
    return std::string(from[random_() % from.size()]);
  }
  std::mt19937 random_;
};

// The fields of a message behind the mandatory ones.
std::vector<Field> added_fields(const Message& message, std::size_t mandatory) {
  std::vector<Field> fields;
  for (auto i = static_cast<std::uint32_t>(mandatory); i + 1 < message.header_count(); ++i)
    fields.push_back({std::string(message.header(i).name), std::string(message.header(i).value)});
  return fields;
}

std::string in_form(const std::string& name, NameForm form) {
  const HeaderId id = header_id_from(name);
  if (form == NameForm::full && id != HeaderId::extension) return std::string(to_string(id));
  if (form == NameForm::compact && compact_form(id)) return {*compact_form(id)};
  return name;
}

// The mandatory header fields come to the front at the end, where `replace` puts those that are
// absent, in this order.
void finish(RequestBuilder& builder) {
  constexpr HeaderId order[] = {HeaderId::call_id, HeaderId::cseq,         HeaderId::to,
                                HeaderId::from,    HeaderId::max_forwards, HeaderId::via};
  constexpr std::string_view values[] = {
      "c", "1 OPTIONS", "<sip:a>", "<sip:b>;tag=1", "70", "SIP/2.0/UDP h;branch=z9hG4bK1"};
  for (std::size_t i = 0; i < std::size(order); ++i) builder.insert(0, order[i], values[i]);
}

TEST(HeaderListProperty, what_is_written_reads_as_the_model_says) {
  BufferPool buffers(1, *std::pmr::new_delete_resource());
  std::vector<char> room(65'536);
  RequestBuilder builder(room);
  for (std::uint32_t seed = 1; seed <= 2'000; ++seed) {
    RandomOperations operations(seed);
    Model model;
    builder.start(Method::options, "sip:a");
    for (int step = 0; step < 40; ++step) operations.step(builder, model);
    finish(builder);
    const NameForm form = operations.form();
    for (Field& field : model.fields) field.name = in_form(field.name, form);
    // Subject may come once; the list does not mind, build() does.
    if (builder.headers().repeated()) continue;
    const Built built = builder.names(form).build(buffers);
    ASSERT_TRUE(built) << "seed " << seed << " " << to_string(built.error().problem);
    ParsedMessage read;
    read.read((*built)->view());
    ASSERT_EQ(added_fields(read, 6), model.fields) << "seed " << seed;
  }
}

TEST(HeaderListProperty, the_list_equals_the_model_after_each_step) {
  std::vector<char> room(65'536);
  RequestBuilder builder(room);
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    RandomOperations operations(seed);
    Model model;
    builder.start(Method::options, "sip:a");
    for (int step = 0; step < 60; ++step) {
      operations.step(builder, model);
      std::vector<Field> fields;
      for (const HeaderList::Line& line : builder.headers().lines())
        fields.push_back({std::string(line.name), std::string(line.value)});
      ASSERT_EQ(fields, model.fields) << "seed " << seed << " step " << step;
    }
  }
}

class HeaderListCopies : public ::testing::Test {
 protected:
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const HeaderList::Line& line : list_.lines()) names.emplace_back(line.name);
    return names;
  }
  char room_[512];
  HeaderList list_{room_};
  ParsedMessage message_{
      "OPTIONS sip:a SIP/2.0\nv: SIP/2.0/UDP a\nX-A: 1\nTo: <sip:a>\nx-a: 2\nVia: SIP/2.0/UDP "
      "b\n\n"};
};

using Names = std::vector<std::string>;

TEST_F(HeaderListCopies, all_of_a_kind) {
  list_.copy_kind(message_, HeaderId::via);
  list_.copy_kind(message_, "X-A");
  EXPECT_EQ(names(), (Names{"v", "Via", "X-A", "x-a"}));
}

TEST_F(HeaderListCopies, all_but_some_kinds) {
  const HeaderName left_out[] = {HeaderId::via, "x-A"};
  list_.copy_all_but(message_, left_out);
  EXPECT_EQ(names(), (Names{"To"}));
  list_.copy_all(message_);
  EXPECT_EQ(list_.size(), 6U);
}

TEST_F(HeaderListCopies, tell_what_is_not_there) {
  list_.remove(HeaderId::via);
  EXPECT_FALSE(list_.error());
  list_.remove_at(0);
  EXPECT_EQ(list_.error(), (BuildError{BuildProblem::absent, HeaderId::extension}));
  list_.clear();
  list_.add_tag(HeaderId::to, "x");
  EXPECT_EQ(list_.error(), (BuildError{BuildProblem::absent, HeaderId::to}));
  list_.clear();
  list_.copy_all(message_);
  list_.move(0, 5);
  EXPECT_EQ(list_.error(), (BuildError{BuildProblem::absent, HeaderId::extension}));
}

}  // namespace
}  // namespace sipring
