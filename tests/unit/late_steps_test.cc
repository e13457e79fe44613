#include "frontend/late_steps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "frontend/compute.h"
#include "frontend/moment_tree.h"
#include "oracle/oracle.h"
#include "oracle/signals.h"
#include "ossicle/frontend.h"
#include "support/pools.h"

namespace ossicle::internal {
namespace {

FrontendSpec SpecOf(int bands, std::vector<Step> steps) {
  FrontendSpec spec;
  spec.mel_bands = bands;
  spec.steps = std::move(steps);
  return spec;
}

/// Lists that reach every statistic, steps before, between and behind, and more than one pass.
std::vector<std::vector<Step>> AllSteps() {
  std::vector<Step> many = {PeakFloor{30.0}};
  for (int i = 0; i < 20; ++i) many.push_back(Affine{i % 2 == 0 ? 0.75 : 1.25, 0.125 * i});
  many.push_back(Clip{-1.0, 9.0});
  return {{Standardize{}},
          {SubtractMean{}},
          {PeakFloor{8.0}, Affine{0.25, 1.0}},
          {SubtractMean{}, Affine{2.0, 0.5}, Clip{-3.0, 3.0}, PeakFloor{4.0}, Standardize{0, 0.1}},
          {Standardize{}, SubtractMean{}, PeakFloor{1.0}, PeakFloor{0.5}},
          many};
}

/// frames x bands between -20 and 20, packed.
template <class T>
std::vector<T> Noise(std::int64_t frames, int bands) {
  std::vector<T> values;
  for (const float x : oracle::WhiteNoise(frames * bands)) values.push_back(T(20) * T(x));
  return values;
}

enum class Order { kFramesFirst, kBandsFirst, kNothingAdjacent };

constexpr int kMostWorkers = 8;

/// `packed` after the steps, packed again; it is processed in blocks of `block_frames` in `order`.
template <class T>
std::vector<T> Applied(const FrontendSpec& spec, const std::vector<T>& packed, Order order,
                       std::int64_t block_frames, int worker_count) {
  const int bands = spec.mel_bands;
  const auto frames = static_cast<std::int64_t>(packed.size()) / bands;
  ScratchMemory scratch(CompiledFrontend(spec), worker_count);
  const std::int64_t room = order == Order::kNothingAdjacent ? 3 : 1;
  std::vector<T> memory(packed.size() * room +
                        static_cast<std::size_t>(block_frames * bands * room));
  std::vector<FeatureView<T>> blocks;
  for (std::int64_t first = 0; first < frames; first += block_frames) {
    const bool bands_first = order == Order::kBandsFirst;
    FeatureView<T> view{memory.data() + first * bands * room,
                        std::min(block_frames, frames - first), bands,
                        bands_first ? 1 : bands * room, bands_first ? block_frames : room};
    blocks.push_back(view);
    for (std::int64_t t = 0; t < view.frames; ++t) {
      for (int b = 0; b < bands; ++b) {
        view.at(t, b) = packed[static_cast<std::size_t>((first + t) * bands + b)];
      }
    }
  }
  ApplyLateSteps<T>(spec.steps, blocks, nullptr, scratch, &AllOf(worker_count));
  std::vector<T> result;
  for (const FeatureView<T>& block : blocks) {
    for (std::int64_t t = 0; t < block.frames; ++t) {
      for (int b = 0; b < bands; ++b) result.push_back(block.at(t, b));
    }
  }
  return result;
}

template <class T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

constexpr std::int64_t kWhole = std::int64_t{1} << 14;

template <class T>
void ExpectSameBits(const FrontendSpec& spec, std::int64_t frames) {
  const std::vector<T> packed = Noise<T>(frames, spec.mel_bands);
  const std::vector<T> expected = Applied(spec, packed, Order::kFramesFirst, kWhole, 1);
  const auto expect = [&](Order order, std::int64_t block_frames, int workers) {
    EXPECT_TRUE(SameBits(Applied(spec, packed, order, block_frames, workers), expected))
        << frames << " frames x " << spec.mel_bands << ", order " << static_cast<int>(order)
        << ", blocks of " << block_frames << ", " << workers << " workers, " << InstructionSet();
  };
  for (const Order order : {Order::kFramesFirst, Order::kBandsFirst, Order::kNothingAdjacent}) {
    for (const std::int64_t block_frames : {std::int64_t{64}, std::int64_t{1024}, kWhole}) {
      expect(order, block_frames, 1);
      expect(order, block_frames, 3);
    }
  }
  for (int workers = 2; workers <= kMostWorkers; ++workers)
    expect(Order::kFramesFirst, 1024, workers);
  for (const std::string& name : InstructionSets()) {
    SetInstructionSet(name);
    expect(Order::kFramesFirst, kWhole, 1);
    expect(Order::kBandsFirst, 1024, 3);
  }
  SetInstructionSet("");
}

TEST(LateSteps, HaveTheSameBitsForWorkersLayoutsBlocksAndInstructionSets) {
  for (const std::vector<Step>& steps : AllSteps()) {
    for (const std::int64_t frames : {1, 65, 1000, 3333}) {
      ExpectSameBits<float>(SpecOf(13, steps), frames);
      ExpectSameBits<double>(SpecOf(5, steps), frames);
    }
  }
  ExpectSameBits<float>(SpecOf(128, {Standardize{}}), 700);
  ExpectSameBits<float>(SpecOf(300, {Standardize{}}), 500);
}

template <class T>
void ExpectAsTheOracle(const FrontendSpec& spec, std::int64_t frames, double bound) {
  const std::vector<T> packed = Noise<T>(frames, spec.mel_bands);
  oracle::Matrix values(frames, spec.mel_bands);
  values.values.assign(packed.begin(), packed.end());
  const oracle::Matrix expected = oracle::ApplySteps(spec, values, {});
  const std::vector<T> found = Applied(spec, packed, Order::kFramesFirst, kWhole, 2);
  EXPECT_LE(oracle::Compare(std::span<const T>(found), expected.values).max, bound)
      << frames << " frames";
}

TEST(LateSteps, GiveWhatTheOracleGives) {
  for (const std::vector<Step>& steps : AllSteps()) {
    for (const std::int64_t frames : {1, 2, 64, 129, 5000}) {
      ExpectAsTheOracle<float>(SpecOf(7, steps), frames, 1e-5);
      ExpectAsTheOracle<double>(SpecOf(7, steps), frames, 3e-14);
    }
  }
}

TEST(LateSteps, MakeABandThatNeverChangesZero) {
  for (const Step& step : {Step(Standardize{}), Step(Standardize{0, 0.0}), Step(SubtractMean{})}) {
    for (const std::int64_t frames : {1, 2, 65, 3333}) {
      const std::vector<float> packed(static_cast<std::size_t>(frames * 9), -15.942385F);
      const std::vector<float> found =
          Applied(SpecOf(9, {step}), packed, Order::kFramesFirst, kWhole, 2);
      EXPECT_TRUE(SameBits(found, std::vector<float>(packed.size(), 0.0F))) << frames;
    }
  }
}

/// A first frame far away (silence at a low floor, then sound) costs no digits.
TEST(LateSteps, DoNotSufferFromAFirstValueFarAway) {
  std::vector<double> near = Noise<double>(4096, 1);
  std::vector<double> found = near;
  found[0] = near[0] = 1e8;
  const FrontendSpec spec = SpecOf(1, {Standardize{0, 0.0}});
  found = Applied(spec, found, Order::kFramesFirst, kWhole, 2);
  long double mean = 0, squares = 0;
  for (const double x : near) mean += x / 4096.0L;
  for (const double x : near) squares += (x - mean) * (x - mean);
  for (std::size_t i = 0; i < near.size(); ++i) {
    const auto expected = static_cast<double>((near[i] - mean) / std::sqrt(squares / 4096.0L));
    ASSERT_NEAR(found[i], expected, 1e-13) << i;
  }
}

/// Which zero the maximum of -0 and 0 is depends on the order; the floor is 0 in any case.
TEST(LateSteps, TakeThePeakOfZerosForZero) {
  std::vector<float> packed(200, -1.0F);
  packed[77] = -0.0F;
  for (const float other : {-0.0F, 0.0F}) {
    packed[150] = other;
    const std::vector<float> found =
        Applied(SpecOf(1, {PeakFloor{0.0}}), packed, Order::kFramesFirst, kWhole, 3);
    EXPECT_FALSE(std::signbit(found[0]));
    EXPECT_TRUE(std::signbit(found[77]));
  }
}

TEST(LateSteps, KeepWithinTheScratchOfAWorker) {
  for (const int bands : {1, 80, 128, 129, 512, 1024}) {
    FrontendSpec spec = SpecOf(bands, {Standardize{}});
    EXPECT_LE(LateScratchBytes(CompiledFrontend(spec)), 128U * 1024U) << bands;
    EXPECT_GT(LateScratchBytes(CompiledFrontend(spec)), 0U) << bands;
  }
  EXPECT_EQ(LateScratchBytes(CompiledFrontend(SpecOf(80, {PeakFloor{8.0}}))), 0U);
}

/// Mean and squares of runs of one frame each, whose values are 0, 1, 2, ...
dsp::Moments Merged(MomentTree& tree, int first, int count) {
  for (int i = first; i < first + count; ++i) {
    const dsp::Moments run = tree.Next();
    *run.mean = std::sqrt(i + 0.5);
    *run.squares = 0.0;
    tree.Add(1);
  }
  return tree.Total();
}

TEST(MomentTree, OfTreesMergesToTheSameBits) {
  for (const int runs : {1, 2, 3, 15, 16, 17, 63, 100, 1000}) {
    std::vector<double> memory(MomentTree::Doubles(1)), below(memory), above(memory);
    MomentTree whole(memory.data(), 1, true);
    const dsp::Moments expected = Merged(whole, 0, runs);
    for (const int branch : {1, 2, 4, 8, 16, 64}) {
      MomentTree trunk(above.data(), 1, true);
      for (int first = 0; first < runs; first += branch) {
        const int count = std::min(branch, runs - first);
        MomentTree tree(below.data(), 1, true);
        const dsp::Moments total = Merged(tree, first, count);
        *trunk.Next().mean = *total.mean;
        *trunk.Next().squares = *total.squares;
        trunk.Add(count);
      }
      const dsp::Moments found = trunk.Total();
      EXPECT_EQ(*found.mean, *expected.mean) << runs << " runs in branches of " << branch;
      EXPECT_EQ(*found.squares, *expected.squares) << runs << " runs in branches of " << branch;
    }
  }
}

}  // namespace
}  // namespace ossicle::internal
