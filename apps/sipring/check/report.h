// Report: an explanation while it is written. Places are given as parts of the working text.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/explanation.h>
#include <check/remarks.h>
#include <check/working_text.h>

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace sipring::app {

class Report {
 public:
  // Strict: what is forgiven is a mistake.
  Report(const WorkingText& text, bool strict) : text_(text), strict_(strict) {}

  [[nodiscard]] Explanation& explanation() { return explanation_; }
  // With the mistakes and notes; ends this.
  [[nodiscard]] Explanation take();
  [[nodiscard]] Position position(std::string_view part) const { return text_.position(part); }
  [[nodiscard]] Position position(std::size_t offset) const { return text_.position(offset); }

  void show(std::string_view part, std::string name, std::string value,
            std::vector<TypedValue> elements = {});

  // The same mistake may be met by framing and again by its value's parser; it is told once.
  void mistake(Position position, ParseErrorCode code, std::string text);
  // Of a part; `subject` ("Via") begins the sentence.
  void mistake(std::string_view part, const ParseError& error, std::string_view subject);
  // What is right, and worth a word. `code` and `section` as in Mistake.
  void note(Position position, std::string_view code, std::string text, std::string_view section);
  void forgiven(Position position, Forgiveness kind, std::string text);
  // Every kind; of those but the first one it is known only that they stand no earlier.
  void forgiven(std::string_view part, const Forgiven& forgiven, std::string_view subject);

 private:
  // Between two places.
  [[nodiscard]] bool is_told(Forgiveness kind, Position from, Position to) const;

  const WorkingText& text_;
  bool strict_;
  Explanation explanation_;
  Remarks mistakes_, notes_;
};

// One space for a fold; other control octets as \xNN.
[[nodiscard]] std::string made_visible(std::string_view text);

}  // namespace sipring::app
