#include "ossicle/features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "ossicle/error.h"

namespace ossicle {
namespace {

constexpr int kBands = 3;
constexpr std::int64_t kBlock = Features<float>::kBlockFrames;

float ValueAt(std::int64_t frame, int band) { return static_cast<float>(frame * kBands + band); }

/// Features of `frames` frames that hold ValueAt, appended in pieces of up to `piece`.
Features<float> Filled(std::int64_t frames, std::int64_t piece, Layout layout) {
  Features<float> features(kBands, layout);
  while (features.frames() < frames) {
    const std::int64_t first = features.frames();
    const FeatureView<float> view = features.Append(std::min(piece, frames - first));
    for (std::int64_t t = 0; t < view.frames; ++t) {
      for (int b = 0; b < kBands; ++b) view.at(t, b) = ValueAt(first + t, b);
    }
  }
  return features;
}

class FeaturesInLayout : public testing::TestWithParam<Layout> {};
INSTANTIATE_TEST_SUITE_P(Both, FeaturesInLayout,
                         testing::Values(Layout::kFramesFirst, Layout::kBandsFirst));

TEST_P(FeaturesInLayout, KeepWhatWasAppendedForEveryPieceAndLength) {
  for (const std::int64_t frames : {std::int64_t{1}, kBlock - 1, kBlock, kBlock + 1, 3 * kBlock}) {
    for (const std::int64_t piece : {std::int64_t{7}, kBlock, 5 * kBlock}) {
      const Features<float> features = Filled(frames, piece, GetParam());
      ASSERT_EQ(features.frames(), frames);
      for (std::int64_t t = 0; t < frames; ++t) {
        for (int b = 0; b < kBands; ++b) ASSERT_EQ(features.at(t, b), ValueAt(t, b));
      }
    }
  }
}

TEST_P(FeaturesInLayout, AppendGivesAtMostTheRestOfABlock) {
  Features<float> features = Filled(kBlock - 5, kBlock, GetParam());
  EXPECT_EQ(features.Append(100).frames, 5);
  EXPECT_EQ(features.Append(100).frames, 100);
  EXPECT_EQ(features.frames(), kBlock + 100);
}

TEST_P(FeaturesInLayout, BlocksCoverAllFramesInOrder) {
  const Features<float> features = Filled(2 * kBlock + 10, 333, GetParam());
  const std::vector<FeatureView<float>> blocks = features.Blocks();
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[0].frames, kBlock);
  EXPECT_EQ(blocks[1].frames, kBlock);
  EXPECT_EQ(blocks[2].frames, 10);
  for (std::int64_t block = 0; block < 3; ++block) {
    const FeatureView<float>& view = blocks[static_cast<std::size_t>(block)];
    for (std::int64_t t = 0; t < view.frames; ++t) {
      ASSERT_EQ(view.at(t, 2), ValueAt(block * kBlock + t, 2));
    }
  }
}

TEST_P(FeaturesInLayout, AppendingDoesNotMoveEarlierBlocks) {
  Features<float> features(kBands, GetParam());
  const float* first = features.Append(kBlock).data;
  for (int i = 0; i < 100; ++i) features.Append(kBlock);
  EXPECT_EQ(features.Blocks()[0].data, first);
}

TEST_P(FeaturesInLayout, CopyPacksAnyFramesInEitherLayout) {
  const Features<float> features = Filled(kBlock + 20, 50, GetParam());
  constexpr std::int64_t kFirst = kBlock - 4;
  constexpr std::int64_t kCount = 9;
  std::vector<float> out(kCount * kBands);
  for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
    features.Copy(kFirst, kCount, layout, out);
    const FeatureView<float> view = MakeView(out.data(), kCount, kBands, layout);
    for (std::int64_t t = 0; t < kCount; ++t) {
      for (int b = 0; b < kBands; ++b) EXPECT_EQ(view.at(t, b), ValueAt(kFirst + t, b));
    }
  }
}

TEST_P(FeaturesInLayout, CopyRefusesFramesThatAreNotThereAndAnotherSize) {
  const Features<float> features = Filled(10, 10, GetParam());
  const auto copy = [&](std::int64_t first, std::int64_t count, std::size_t size) {
    std::vector<float> out(size);
    try {
      features.Copy(first, count, Layout::kFramesFirst, out);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kShape);
      return false;
    }
    return true;
  };
  EXPECT_TRUE(copy(8, 2, 2 * kBands));
  EXPECT_TRUE(copy(10, 0, 0));
  EXPECT_FALSE(copy(8, 3, 3 * kBands));
  EXPECT_FALSE(copy(-1, 2, 2 * kBands));
  EXPECT_FALSE(copy(0, -1, 0));
  EXPECT_FALSE(copy(0, 2, 2 * kBands - 1));
}

TEST_P(FeaturesInLayout, PiecesAreTheWholeMatrixInItsLayout) {
  for (const std::int64_t frames : {std::int64_t{0}, std::int64_t{1}, kBlock, kBlock + 5}) {
    const Features<float> features = Filled(frames, 100, GetParam());
    std::vector<float> pieces;
    features.ForEachPiece([&](std::span<const float> piece) {
      pieces.insert(pieces.end(), piece.begin(), piece.end());
    });
    std::vector<float> copy(static_cast<std::size_t>(frames * kBands));
    features.Copy(0, frames, GetParam(), copy);
    EXPECT_EQ(pieces, copy) << frames;
  }
}

TEST(Features, CopiesShareTheirMemory) {
  const Features<double> features = [] {
    Features<double> made(2, Layout::kFramesFirst);
    made.Append(1).at(0, 0) = 4.0;
    return made;
  }();
  const Features<double> copy = features;  // NOLINT: the copy is what is tested
  EXPECT_EQ(copy.Blocks()[0].data, features.Blocks()[0].data);
}

TEST(FeatureView, LayoutsAreTransposesOfEachOther) {
  std::vector<int> memory(6);
  std::iota(memory.begin(), memory.end(), 0);
  EXPECT_EQ(MakeView(memory.data(), 2, 3, Layout::kFramesFirst).at(1, 2), 5);
  EXPECT_EQ(MakeView(memory.data(), 2, 3, Layout::kFramesFirst).at(1, 0), 3);
  EXPECT_EQ(MakeView(memory.data(), 2, 3, Layout::kBandsFirst).at(1, 0), 1);
  EXPECT_EQ(MakeView(memory.data(), 2, 3, Layout::kBandsFirst).Rows(1, 1).at(0, 2), 5);
}

}  // namespace
}  // namespace ossicle
