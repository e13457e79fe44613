#include "dsp/feature_tile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "dsp/kernel.h"
#include "oracle/signals.h"

namespace ossicle::dsp {
namespace {

enum class Order { kBandsInside, kBandsInsideWithGap, kFramesInside, kFramesInsideWithGap };
constexpr Order kOrders[] = {Order::kBandsInside, Order::kBandsInsideWithGap, Order::kFramesInside,
                             Order::kFramesInsideWithGap};

/// A tile with its memory, filled with noise between -20 and 20.
template <class T>
struct Filled {
  Filled(int frames, int bands, Order order) {
    const bool frames_inside =
        order == Order::kFramesInside || order == Order::kFramesInsideWithGap;
    const bool gap = order == Order::kBandsInsideWithGap || order == Order::kFramesInsideWithGap;
    const int stride = (frames_inside ? frames : bands) + (gap ? 3 : 0);
    memory.assign(static_cast<std::size_t>(stride * (frames_inside ? bands : frames)), T(99));
    tile = {memory.data(), frames, bands, frames_inside ? 1 : stride, frames_inside ? stride : 1};
    const std::vector<float> noise = oracle::WhiteNoise(frames * bands);
    for (int frame = 0; frame < frames; ++frame) {
      for (int band = 0; band < bands; ++band) {
        tile.at(frame, band) = T(20) * static_cast<T>(noise[frame * bands + band]);
      }
    }
  }

  /// frames x bands, packed.
  std::vector<T> Values() const {
    std::vector<T> values;
    for (int frame = 0; frame < tile.frames; ++frame) {
      for (int band = 0; band < tile.bands; ++band) values.push_back(tile.at(frame, band));
    }
    return values;
  }

  std::vector<T> memory;
  FeatureTile<T> tile;
};

template <class T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

/// Everything that work on a tile gives.
template <class T>
struct Outcome {
  std::vector<T> values;
  T peak;
  std::vector<double> mean;
  std::vector<double> squares;

  bool operator==(const Outcome& other) const {
    return SameBits(values, other.values) && peak == other.peak && SameBits(mean, other.mean) &&
           SameBits(squares, other.squares);
  }
};

template <class T>
struct Job {
  std::vector<double> center, scale;
  std::vector<ElementOp<T>> ops;
};

template <class T>
Job<T> EverythingFor(int bands) {
  using Kind = typename ElementOp<T>::Kind;
  Job<T> job;
  for (int band = 0; band < bands; ++band) {
    job.center.push_back(0.1 * band - 3.0);
    job.scale.push_back(1.0 / (band + 0.7));
  }
  job.ops = {
      {Kind::kFloor, T(-9.5), 0}, {Kind::kAffine, T(0.3), T(0.7)}, {Kind::kClip, -2, T(1.9)}};
  return job;
}

template <class T>
Outcome<T> Done(Filled<T>& filled, const Job<T>& job) {
  const auto bands = static_cast<std::size_t>(filled.tile.bands);
  Outcome<T> outcome;
  outcome.peak = -std::numeric_limits<T>::infinity();
  outcome.mean.resize(bands);
  outcome.squares.resize(bands);
  TileWork<T> work;
  if (!job.center.empty()) {
    work.center = job.center.data();
    work.scale = job.scale.data();
  }
  work.ops = job.ops;
  work.peak = &outcome.peak;
  work.moments = {outcome.mean.data(), outcome.squares.data()};
  ProcessTile(filled.tile, work);
  outcome.values = filled.Values();
  return outcome;
}

template <class T>
T OneByOne(T x, const Job<T>& job, int band) {
  using Kind = typename ElementOp<T>::Kind;
  if (!job.center.empty()) {
    x = static_cast<T>((static_cast<double>(x) - job.center[band]) * job.scale[band]);
  }
  for (const ElementOp<T>& op : job.ops) {
    if (op.kind == Kind::kFloor) x = std::max(x, op.a);
    if (op.kind == Kind::kAffine) x = x * op.a + op.b;
    if (op.kind == Kind::kClip) x = std::min(std::max(x, op.a), op.b);
  }
  return x;
}

/// Kinds of frames and bands: less than a vector, odd ones, whole tiles.
constexpr int kFrames[] = {1, 2, 7, 8, 9, 33, 63, 64};
constexpr int kBands[] = {1, 3, 13, 16, 64, 80, 127, 300};

template <class T>
void ExpectStepsOneByOne() {
  for (const int frames : kFrames) {
    for (const int bands : kBands) {
      const Job<T> job = EverythingFor<T>(bands);
      Filled<T> filled(frames, bands, Order::kBandsInside);
      std::vector<T> expected = filled.Values();
      for (std::size_t i = 0; i < expected.size(); ++i) {
        expected[i] = OneByOne(expected[i], job, static_cast<int>(i) % bands);
      }
      const Outcome<T> outcome = Done(filled, job);
      EXPECT_TRUE(SameBits(outcome.values, expected)) << frames << " x " << bands;
      EXPECT_EQ(outcome.peak, *std::max_element(expected.begin(), expected.end()));
    }
  }
}

TEST(FeatureTile, AppliesStepsAsOneWouldToEachValue) {
  ExpectStepsOneByOne<float>();
  ExpectStepsOneByOne<double>();
}

template <class T>
void ExpectMoments() {
  for (const int frames : kFrames) {
    for (const Order order : kOrders) {
      Filled<T> filled(frames, 13, order);
      const Outcome<T> outcome = Done(filled, {});
      for (int band = 0; band < 13; ++band) {
        long double mean = 0, squares = 0;
        for (int t = 0; t < frames; ++t) mean += filled.tile.at(t, band) / (1.0L * frames);
        for (int t = 0; t < frames; ++t) squares += std::pow(filled.tile.at(t, band) - mean, 2);
        EXPECT_NEAR(outcome.mean[band], mean, 1e-14);
        EXPECT_NEAR(outcome.squares[band], squares, 1e-13 * static_cast<double>(squares));
      }
    }
  }
}

TEST(FeatureTile, MeasuresMeanAndSquares) {
  ExpectMoments<float>();
  ExpectMoments<double>();
}

template <class T>
void ExpectSameBitsForEveryOrderAndInstructionSet() {
  for (const int frames : kFrames) {
    for (const int bands : kBands) {
      const Job<T> job = EverythingFor<T>(bands);
      Filled<T> first(frames, bands, Order::kBandsInside);
      const Outcome<T> expected = Done(first, job);
      for (const std::string& target : SupportedTargets()) {
        UseTarget(target);
        for (const Order order : kOrders) {
          Filled<T> filled(frames, bands, order);
          EXPECT_EQ(Done(filled, job), expected) << frames << " x " << bands << ", " << target
                                                 << ", order " << static_cast<int>(order);
        }
      }
      UseTarget("");
    }
  }
}

TEST(FeatureTile, HasTheSameBitsForEveryOrderAndInstructionSet) {
  ExpectSameBitsForEveryOrderAndInstructionSet<float>();
  ExpectSameBitsForEveryOrderAndInstructionSet<double>();
}

TEST(FeatureTile, LeavesWhatIsBetweenItsRowsAlone) {
  for (const Order order : {Order::kBandsInsideWithGap, Order::kFramesInsideWithGap}) {
    Filled<float> filled(64, 13, order);
    Done(filled, EverythingFor<float>(13));
    const bool frames_inside = order == Order::kFramesInsideWithGap;
    EXPECT_EQ(std::count(filled.memory.begin(), filled.memory.end(), 99.0F),
              3 * (frames_inside ? 13 : 64));
  }
}

/// The sign of a zero that meets another one must not depend on how a processor takes maxima.
TEST(FeatureTile, KeepsTheSignsOfZeros) {
  using Kind = ElementOp<float>::Kind;
  const Job<float> job{{}, {}, {{Kind::kFloor, 0.0F, 0}, {Kind::kClip, -0.0F, 0.0F}}};
  for (const std::string& target : SupportedTargets()) {
    UseTarget(target);
    Filled<float> filled(64, 5, Order::kFramesInside);
    for (std::size_t i = 0; i < filled.memory.size(); ++i) {
      filled.memory[i] = i % 3 == 0 ? -0.0F : i % 3 == 1 ? 0.0F : -1.0F;
    }
    Done(filled, job);
    for (std::size_t i = 0; i < filled.memory.size(); ++i) {
      ASSERT_EQ(filled.memory[i], 0.0F);
      ASSERT_EQ(std::signbit(filled.memory[i]), i % 3 == 0) << target << ", " << i;
    }
  }
  UseTarget("");
}

TEST(FeatureTile, MeasuresNoChangeInABandOfEqualValues) {
  for (const Order order : kOrders) {
    for (const int frames : kFrames) {
      Filled<float> filled(frames, 3, order);
      for (float& value : filled.memory) value = -15.942385F;
      const Outcome<float> outcome = Done(filled, {});
      EXPECT_EQ(outcome.mean, std::vector<double>(3, static_cast<double>(-15.942385F)));
      EXPECT_EQ(outcome.squares, std::vector<double>(3, 0.0));
    }
  }
}

}  // namespace
}  // namespace ossicle::dsp
