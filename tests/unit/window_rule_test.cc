#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ossicle/encoder.h"
#include "ossicle/error.h"

namespace ossicle {
namespace {

std::vector<std::int64_t> Starts(const WindowRule& rule, std::int64_t frames) {
  std::vector<std::int64_t> starts;
  for (std::int64_t i = 0; i < rule.Count(frames); ++i) starts.push_back(rule.Start(i, frames));
  return starts;
}

/// Wav2Lip's own loop: i -> int(i * 80. / fps), and the last 16 frames once a window does not fit.
std::vector<std::int64_t> Wav2LipStarts(std::int64_t frames, double fps) {
  std::vector<std::int64_t> starts;
  const double multiplier = 80.0 / fps;
  for (std::int64_t i = 0;; ++i) {
    const auto start = static_cast<std::int64_t>(static_cast<double>(i) * multiplier);
    if (start + 16 > frames) {
      starts.push_back(frames - 16);
      return starts;
    }
    starts.push_back(start);
  }
}

/// Windows one after the other: as many as fit, or, padded, as many as start inside.
std::vector<std::int64_t> StartsOneByOne(const WindowRule& rule, std::int64_t frames, bool padded) {
  std::vector<std::int64_t> starts;
  for (std::int64_t i = 0;; ++i) {
    const std::int64_t start = rule.first + i * rule.step_numerator / rule.step_denominator;
    if (start + (padded ? 1 : rule.length) > frames) return starts;
    starts.push_back(start);
  }
}

const std::vector<WindowRule> kRules = {
    {76, 8, 1, 0, {}}, {16, 80, 25, 0, {}}, {16, 80, 30, 5, {}},  {1, 1, 1, 0, {}},
    {5, 1, 3, 2, {}},  {3, 50, 7, 11, {}},  {100, 1000, 3, 1, {}}};

std::string ParseError(const std::string& text) {
  try {
    WindowRule::Parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidSpec);
    return error.what();
  }
  return "no error";
}

TEST(WindowRule, AlignGivesTheWindowsOfWav2Lip) {
  WindowRule rule = WindowRule::Parse("16:80/25");
  rule.tail = Tail::kAlign;
  for (std::int64_t frames = 16; frames < 3000; ++frames) {
    ASSERT_EQ(Starts(rule, frames), Wav2LipStarts(frames, 25.0)) << frames << " frames";
  }
  EXPECT_EQ(rule.Count(15), 0);
}

TEST(WindowRule, DropKeepsWhatFits) {
  for (const WindowRule& rule : kRules) {
    for (std::int64_t frames = 0; frames < 300; ++frames) {
      ASSERT_EQ(Starts(rule, frames), StartsOneByOne(rule, frames, false))
          << rule.ToString() << ", " << frames << " frames";
    }
  }
}

TEST(WindowRule, AlignAddsTheLastFramesToWhatFits) {
  for (WindowRule rule : kRules) {
    rule.tail = Tail::kAlign;
    for (std::int64_t frames = 0; frames < 300; ++frames) {
      std::vector<std::int64_t> expected = StartsOneByOne(rule, frames, false);
      if (frames >= rule.length) expected.push_back(frames - rule.length);
      ASSERT_EQ(Starts(rule, frames), expected) << rule.ToString() << ", " << frames << " frames";
    }
  }
}

TEST(WindowRule, PadGoesOnWhileWindowsStartInside) {
  for (WindowRule rule : kRules) {
    rule.tail = Tail::kPad;
    for (std::int64_t frames = 0; frames < 300; ++frames) {
      ASSERT_EQ(Starts(rule, frames), StartsOneByOne(rule, frames, true))
          << rule.ToString() << ", " << frames << " frames";
    }
  }
}

TEST(WindowRule, TheLargestNumbersDoNotOverflow) {
  const std::int64_t most = std::int64_t{1} << 42;
  const WindowRule dense = WindowRule::Parse("1:1/1048576");
  EXPECT_EQ(dense.Count(most), most << 20);
  EXPECT_EQ(dense.Start((most << 20) - 1, most), most - 1);
  const WindowRule sparse = WindowRule::Parse("1048576:1048576:1048576");
  EXPECT_EQ(sparse.Count(most), (most >> 20) - 1);
  EXPECT_THROW(dense.Count(most + 1), Error);
  EXPECT_THROW(dense.Count(-1), Error);
}

TEST(WindowRule, PrintsWhatItParsed) {
  for (const char* text : {"76:8", "16:80/25", "76:8:4", "16:80/25:3", "1048576:1048576/1048575"}) {
    EXPECT_EQ(WindowRule::Parse(text).ToString(), text);
  }
  const WindowRule expected{16, 80, 25, 3, Tail::kDrop};
  EXPECT_EQ(WindowRule::Parse("16:80/25:3"), expected);
}

TEST(WindowRule, ParseErrorsNameThePartItsValueAndTheRange) {
  EXPECT_EQ(ParseError("76"),
            "windows \"76\": it must be LENGTH:STEP or LENGTH:STEP:FIRST, in frames, such as 76:8 "
            "or 16:80/25");
  EXPECT_EQ(ParseError("0:8"),
            "windows \"0:8\": the length is \"0\", but it must be an integer in 1..1048576");
  EXPECT_EQ(ParseError("76:0"),
            "windows \"76:0\": the step is \"0\", but it must be an integer in 1..1048576");
  EXPECT_EQ(ParseError("16:80/x"),
            "windows \"16:80/x\": the step's denominator is \"x\", but it must be an integer in "
            "1..1048576");
  EXPECT_EQ(ParseError("16:8:-1"),
            "windows \"16:8:-1\": the first frame is \"-1\", but it must be an integer in "
            "0..1048576");
  for (const char* text : {"", ":", "1:2:3:4", "16:1/2/3", " 16:8", "16:8 ", "1e3:8", "16:3.2",
                           "16:80/", "1048577:1", "99999999999999999999:1", "16:8:"}) {
    EXPECT_NE(ParseError(text).find(text), std::string::npos) << text;
    EXPECT_NE(ParseError(text), "no error") << text;
  }
}

TEST(WindowRule, ARuleOutOfRangeIsRefused) {
  EXPECT_THROW((WindowRule{0, 1, 1, 0, Tail::kDrop}.Validate()), Error);
  EXPECT_THROW((WindowRule{1, 0, 1, 0, Tail::kDrop}.Count(5)), Error);
  EXPECT_THROW((WindowRule{1, 1, 0, 0, Tail::kDrop}.Count(5)), Error);
  EXPECT_THROW((WindowRule{1, 1, 1, -1, Tail::kDrop}.Validate()), Error);
  EXPECT_NO_THROW((WindowRule{1 << 20, 1 << 20, 1 << 20, 1 << 20, Tail::kPad}.Validate()));
}

}  // namespace
}  // namespace ossicle
