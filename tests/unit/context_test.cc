#include "ossicle/context.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "support/failure.h"

namespace ossicle {
namespace {

constexpr int kSize = 2;

/// Row i is 10 * (i + 1), 10 * (i + 1) + 1; 0 is what no row has.
std::vector<float> Rows(int count) {
  std::vector<float> values;
  for (int i = 1; i <= count; ++i) {
    for (int j = 0; j < kSize; ++j) values.push_back(static_cast<float>(10 * i + j));
  }
  return values;
}

/// The first value of each row of each context, of rows 1..count; 0 where it is zeros.
std::vector<std::vector<int>> Contexts(int count, const ContextRule& rule) {
  std::vector<std::vector<int>> contexts;
  ForEachContext(Rows(count), kSize, rule, [&](std::span<const float> values) {
    ASSERT_EQ(values.size(), static_cast<std::size_t>(rule.rows * kSize));
    contexts.emplace_back();
    for (std::size_t i = 0; i < values.size(); i += kSize) {
      const bool is_zero = values[i] == 0.0f && values[i + 1] == 0.0f;
      EXPECT_TRUE(is_zero || values[i + 1] == values[i] + 1.0f);
      contexts.back().push_back(static_cast<int>(values[i]) / 10);
    }
  });
  return contexts;
}

using Expected = std::vector<std::vector<int>>;

TEST(Context, ZerosStandBeyondBothEnds) {
  EXPECT_EQ(Contexts(5, {4, ContextEdge::kZeros}),
            (Expected{{0, 0, 1, 2}, {0, 1, 2, 3}, {1, 2, 3, 4}, {2, 3, 4, 5}, {3, 4, 5, 0}}));
}

TEST(Context, RepeatGivesTheFirstRowBeforeAndTheLastThroughout) {
  EXPECT_EQ(Contexts(5, {4, ContextEdge::kRepeat}),
            (Expected{{1, 1, 1, 2}, {1, 1, 2, 3}, {1, 2, 3, 4}, {2, 3, 4, 5}, {5, 5, 5, 5}}));
}

TEST(Context, IsWiderThanTheMatrix) {
  EXPECT_EQ(Contexts(2, {6, ContextEdge::kZeros}),
            (Expected{{0, 0, 0, 1, 2, 0}, {0, 0, 1, 2, 0, 0}}));
  EXPECT_EQ(Contexts(2, {6, ContextEdge::kRepeat}),
            (Expected{{2, 2, 2, 2, 2, 2}, {2, 2, 2, 2, 2, 2}}));
  EXPECT_EQ(Contexts(0, {6, ContextEdge::kZeros}), Expected{});
}

TEST(Context, RefusesRowsThatAreNotEvenOrOutOfRange) {
  for (const int rows : {-2, 0, 1, 15, 1025, 1026}) {
    const test::Failure failure =
        test::FailureOf([&] { Contexts(5, {rows, ContextEdge::kZeros}); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec);
    EXPECT_TRUE(test::HasAll(failure.message, {"context=" + std::to_string(rows), "2..1024"}));
  }
}

TEST(Context, RefusesValuesThatAreNoWholeRows) {
  const std::vector<float> values(5);
  for (const int size : {2, 0, -1}) {
    EXPECT_EQ(test::FailureOf([&] { ForEachContext(values, size, {}, nullptr); }).code,
              Code::kShape);
    EXPECT_EQ(test::FailureOf([&] { PadEnds(values, size); }).code, Code::kShape);
  }
}

TEST(Context, EdgesHaveNames) {
  for (const ContextEdge edge : {ContextEdge::kZeros, ContextEdge::kRepeat}) {
    EXPECT_EQ(ParseContextEdge(ToString(edge)), edge);
  }
  EXPECT_EQ(ToString(ContextEdge::kRepeat), "repeat");
  EXPECT_TRUE(test::HasAll(test::FailureOf([] { ParseContextEdge("mirror"); }).message,
                           {"edge=\"mirror\"", "zeros or repeat"}));
}

TEST(PadEnds, RepeatsTheFirstAndTheLastRow) {
  EXPECT_EQ(PadEnds(Rows(3), kSize), (std::vector<float>{10, 11, 10, 11, 20, 21, 30, 31, 30, 31}));
  EXPECT_EQ(PadEnds(Rows(1), kSize), (std::vector<float>{10, 11, 10, 11, 10, 11}));
  EXPECT_EQ(test::FailureOf([] { PadEnds({}, kSize); }).code, Code::kShape);
}

}  // namespace
}  // namespace ossicle
