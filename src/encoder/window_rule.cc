#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "encoder/option_range.h"
#include "ossicle/encoder.h"
#include "ossicle/error.h"

namespace ossicle {

namespace {

constexpr std::array kTailNames = {"drop", "align", "pad"};  // in the order of Tail

constexpr int kMaxRuleValue = 1 << 20;

/// More frames than any memory holds; keeps the number of windows (times 2^20) inside 64 bits.
constexpr std::int64_t kMaxFrames = std::int64_t{1} << 42;

std::string RangeText(int low) {
  return std::to_string(low) + ".." + std::to_string(kMaxRuleValue);
}

/// One number of a rule's text; `text` is the whole rule, for the message.
int ParsePart(std::string_view text, const char* name, std::string_view part, int low) {
  int value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (error == std::errc() && end == part.data() + part.size() && value >= low &&
      value <= kMaxRuleValue) {
    return value;
  }
  throw Error(Code::kInvalidSpec, "windows \"" + std::string(text) + "\": the " + name + " is \"" +
                                      std::string(part) + "\", but it must be an integer in " +
                                      RangeText(low));
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// floor(value * numerator / denominator) without forming the product.
std::int64_t ScaleFloor(std::int64_t value, std::int64_t numerator, std::int64_t denominator) {
  return value / denominator * numerator + value % denominator * numerator / denominator;
}

std::int64_t ScaleCeil(std::int64_t value, std::int64_t numerator, std::int64_t denominator) {
  return value / denominator * numerator +
         (value % denominator * numerator + denominator - 1) / denominator;
}

std::int64_t NeededFrames(const WindowRule& rule) {
  switch (rule.tail) {
    case Tail::kDrop:
      return std::int64_t{rule.first} + rule.length;
    case Tail::kAlign:
      return rule.length;
    case Tail::kPad:
      return std::int64_t{rule.first} + 1;
  }
  return 0;
}

/// Windows whose offset from WindowRule::first is at most `last_offset`.
std::int64_t CountUpTo(std::int64_t last_offset, const WindowRule& rule) {
  if (last_offset < 0) return 0;
  return ScaleCeil(last_offset + 1, rule.step_denominator, rule.step_numerator);
}

}  // namespace

std::string ToString(Tail tail) { return kTailNames.at(static_cast<std::size_t>(tail)); }

Tail ParseTail(std::string_view text) {
  for (std::size_t i = 0; i < kTailNames.size(); ++i) {
    if (text == kTailNames[i]) return static_cast<Tail>(i);
  }
  throw Error(Code::kInvalidSpec,
              "tail=\"" + std::string(text) + "\", but it must be drop, align or pad");
}

WindowRule WindowRule::Parse(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) {
    throw Error(Code::kInvalidSpec,
                "windows \"" + std::string(text) +
                    "\": it must be LENGTH:STEP or LENGTH:STEP:FIRST, in frames, such as 76:8 or "
                    "16:80/25");
  }
  const std::vector<std::string_view> step = Split(parts[1], '/');
  if (step.size() > 2) {
    throw Error(Code::kInvalidSpec,
                "windows \"" + std::string(text) + "\": the step is \"" + std::string(parts[1]) +
                    "\", but it must be an integer or a fraction such as 80/25");
  }
  WindowRule rule;
  rule.length = ParsePart(text, "length", parts[0], 1);
  rule.step_numerator = ParsePart(text, step.size() == 2 ? "step's numerator" : "step", step[0], 1);
  if (step.size() == 2) {
    rule.step_denominator = ParsePart(text, "step's denominator", step[1], 1);
  }
  if (parts.size() == 3) rule.first = ParsePart(text, "first frame", parts[2], 0);
  return rule;
}

std::string WindowRule::ToString() const {
  std::string text = std::to_string(length) + ':' + std::to_string(step_numerator);
  if (step_denominator != 1) (text += '/') += std::to_string(step_denominator);
  if (first != 0) (text += ':') += std::to_string(first);
  return text;
}

void WindowRule::Validate() const {
  CheckRange("windows", "length", length, 1, kMaxRuleValue);
  CheckRange("windows", "step_numerator", step_numerator, 1, kMaxRuleValue);
  CheckRange("windows", "step_denominator", step_denominator, 1, kMaxRuleValue);
  CheckRange("windows", "first", first, 0, kMaxRuleValue);
}

std::int64_t WindowRule::Count(std::int64_t frames) const {
  Validate();
  if (frames < 0 || frames > kMaxFrames) {
    throw Error(Code::kShape, "frames=" + std::to_string(frames) + ", but it must be 0.." +
                                  std::to_string(kMaxFrames));
  }
  if (tail == Tail::kPad) return CountUpTo(frames - 1 - first, *this);
  const std::int64_t whole = CountUpTo(frames - length - first, *this);
  return tail == Tail::kAlign && frames >= length ? whole + 1 : whole;
}

void WindowRule::CheckFrames(std::int64_t frames) const {
  if (Count(frames) > 0) return;
  throw Error(Code::kShape, "there are " + std::to_string(frames) +
                                " frames, but one window of \"" + ToString() + "\" needs " +
                                std::to_string(NeededFrames(*this)) +
                                "; give more audio or shorter windows");
}

std::int64_t WindowRule::Start(std::int64_t i, std::int64_t frames) const {
  if (tail == Tail::kAlign && i == Count(frames) - 1) return frames - length;
  return first + ScaleFloor(i, step_numerator, step_denominator);
}

}  // namespace ossicle
