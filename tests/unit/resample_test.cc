#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ossicle/audio.h"
#include "support/failure.h"
#include "support/sound.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::Noise;
using test::ReadAll;

class Samples final : public AudioSource {
 public:
  Samples(std::vector<float> samples, int rate_hz, bool known = true)
      : samples_(std::move(samples)) {
    info_ = {"memory", "float", rate_hz, 1, std::nullopt};
    if (known) info_.samples = static_cast<std::int64_t>(samples_.size());
  }
  const AudioInfo& info() const override { return info_; }
  std::int64_t Read(std::span<float> out) override {
    const std::size_t count = std::min(out.size(), samples_.size() - next_);
    std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(next_), count, out.begin());
    next_ += count;
    return static_cast<std::int64_t>(count);
  }
  void Rewind() override { next_ = 0; }

 private:
  std::vector<float> samples_;
  std::size_t next_ = 0;
  AudioInfo info_;
};

std::unique_ptr<AudioSource> Make(std::vector<float> samples, int from_hz, int to_hz) {
  return Resampled(std::make_unique<Samples>(std::move(samples), from_hz), to_hz);
}

double Sine(double hz, double seconds) {
  return 0.5 * std::sin(2 * std::numbers::pi * hz * seconds);
}

std::vector<float> SineSamples(double hz, int rate_hz, std::size_t samples) {
  std::vector<float> sine(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    sine[i] = static_cast<float>(Sine(hz, static_cast<double>(i) / rate_hz));
  }
  return sine;
}

TEST(Resampled, GivesTheIdealSineAwayFromTheEdges) {
  constexpr double kMaxError = 1e-5;
  for (const auto& [from_hz, to_hz] : {std::pair{44100, 16000},
                                       {48000, 16000},
                                       {22050, 16000},
                                       {8000, 16000},
                                       {16000, 44100},
                                       {96000, 16000}}) {
    const std::vector<float> got = ReadAll(
        *Make(SineSamples(1000, from_hz, static_cast<std::size_t>(from_hz)), from_hz, to_hz));
    ASSERT_EQ(got.size(), static_cast<std::size_t>(to_hz));
    double worst = 0;
    for (std::size_t i = got.size() / 10; i < got.size() * 9 / 10; ++i) {
      worst = std::max(worst, std::abs(got[i] - Sine(1000, static_cast<double>(i) / to_hz)));
    }
    EXPECT_LE(worst, kMaxError) << from_hz << " to " << to_hz;
  }
}

TEST(Resampled, RemovesWhatTheNewRateCannotHold) {
  const std::vector<float> got = ReadAll(*Make(SineSamples(9000, 44100, 44100), 44100, 16000));
  for (std::size_t i = got.size() / 10; i < got.size() * 9 / 10; ++i) {
    ASSERT_LE(std::abs(got[i]), 1e-5) << i;
  }
}

TEST(Resampled, PutsAnImpulseWhereItWas) {
  std::vector<float> impulse(44100);
  impulse[0] = 1;
  const std::vector<float> first = ReadAll(*Make(impulse, 44100, 16000));
  EXPECT_EQ(std::max_element(first.begin(), first.end()) - first.begin(), 0);
  std::swap(impulse[0], impulse[22050]);
  const std::vector<float> middle = ReadAll(*Make(impulse, 44100, 16000));
  EXPECT_EQ(std::max_element(middle.begin(), middle.end()) - middle.begin(), 8000);
}

TEST(Resampled, GivesTheCeilingOfTheExactLength) {
  for (const auto& [from_hz, to_hz] : {std::pair{44100, 16000},
                                       {48000, 16000},
                                       {8000, 16000},
                                       {16000, 22050},
                                       {11025, 16000},
                                       {96000, 16000},
                                       {768000, 8000},
                                       {44101, 16000}}) {
    for (const std::size_t samples : {1u, 2u, 3u, 440u, 441u, 442u, 16384u, 16385u, 50001u}) {
      const std::size_t expected = (samples * to_hz + from_hz - 1) / from_hz;
      const auto source = Make(Noise(samples), from_hz, to_hz);
      EXPECT_EQ(source->info().samples, static_cast<std::int64_t>(expected));
      EXPECT_EQ(ReadAll(*source).size(), expected)
          << samples << " samples from " << from_hz << " to " << to_hz;
    }
  }
}

TEST(Resampled, GivesTheSameSamplesInPiecesOfAnySize) {
  const std::vector<float> whole = ReadAll(*Make(Noise(100001), 44100, 16000));
  for (const std::size_t piece : {1u, 7u, 4096u, 65536u}) {
    EXPECT_TRUE(ReadAll(*Make(Noise(100001), 44100, 16000), piece) == whole) << piece;
  }
}

TEST(Resampled, GivesTheSameSamplesAfterRewind) {
  const auto source = Make(Noise(50001), 48000, 16000);
  const std::vector<float> whole = ReadAll(*source);
  source->Rewind();
  std::vector<float> some(1000);
  source->Read(some);
  source->Rewind();
  EXPECT_TRUE(ReadAll(*source) == whole);
}

TEST(Resampled, IsTheSourceItselfAtItsOwnRate) {
  auto source = std::make_unique<Samples>(Noise(10), 16000);
  const AudioSource* const address = source.get();
  EXPECT_EQ(Resampled(std::move(source), 16000).get(), address);
}

TEST(Resampled, SaysItsRateAndALengthOnlyIfItIsKnown) {
  const auto known = Make(Noise(441), 44100, 16000);
  EXPECT_EQ(known->info().sample_rate_hz, 16000);
  EXPECT_EQ(known->info().name, "memory");
  const auto unknown = Resampled(std::make_unique<Samples>(Noise(441), 44100, false), 16000);
  EXPECT_EQ(unknown->info().samples, std::nullopt);
  EXPECT_EQ(ReadAll(*unknown).size(), 160u);
}

TEST(Resampled, AddsTheTimeItSpends) {
  double seconds = 1000;
  ReadAll(*Resampled(std::make_unique<Samples>(Noise(200000), 44100), 16000, &seconds));
  EXPECT_GT(seconds, 1000);
  const double before = seconds;
  ReadAll(*Resampled(std::make_unique<Samples>(Noise(200000), 16000), 16000, &seconds));
  EXPECT_EQ(seconds, before);
}

TEST(Resampled, RefusesARateOutOfRange) {
  for (const int rate_hz : {-1, 0, 768001}) {
    const auto failure = FailureOf([&] { Make(Noise(10), 16000, rate_hz); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec);
    EXPECT_TRUE(HasAll(failure.message, {"sample_rate_hz=" + std::to_string(rate_hz)}));
    EXPECT_TRUE(HasAll(failure.message, {"1..768000"}));
  }
}

}  // namespace
}  // namespace ossicle
