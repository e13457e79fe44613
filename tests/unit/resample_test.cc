#include "ossicle/resampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

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
    info_ = {"memory", "float", rate_hz, 1};
    if (known) info_.samples = static_cast<std::int64_t>(samples_.size());
  }
  const AudioInfo& info() const override { return info_; }
  std::int64_t Read(std::span<float> out) override {
    const std::size_t count = std::min(out.size(), samples_.size() - next_);
    std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(next_), count, out.begin());
    next_ += count;
    most_read_ = std::max(most_read_, next_);
    return static_cast<std::int64_t>(count);
  }
  void Rewind() override { next_ = 0; }
  std::size_t most_read() const { return most_read_; }

 private:
  std::vector<float> samples_;
  std::size_t next_ = 0;
  std::size_t most_read_ = 0;
  AudioInfo info_;
};

std::unique_ptr<AudioSource> Make(std::vector<float> samples, int from_hz, int to_hz,
                                  const std::string& resampler = "soxr-hq") {
  return Resampled(std::make_unique<Samples>(std::move(samples), from_hz), to_hz, resampler);
}

TEST(Resampled, GivesWhatItsResamplerGives) {
  for (const char* name : {"soxr-hq", "soxr-hq@librosa", "torchaudio-hann6", "kaldi", "swr-float",
                           "swr-float-s16", "resampy-0.2-best"}) {
    for (const auto& [from_hz, to_hz] : {std::pair{44100, 16000}, {8000, 16000}, {16000, 22050}}) {
      for (const std::size_t samples : {441u, 100001u}) {
        const std::vector<float> noise = Noise(samples);
        const auto source = Make(noise, from_hz, to_hz, name);
        EXPECT_EQ(source->info().resampler, name);
        const std::vector<float> wanted = Resample<float>(name, noise, from_hz, to_hz);
        EXPECT_EQ(source->info().samples, static_cast<std::int64_t>(wanted.size()));
        EXPECT_TRUE(ReadAll(*source) == wanted)
            << name << ": " << samples << " samples from " << from_hz << " to " << to_hz;
      }
    }
  }
}

TEST(Resampled, GivesTheSameSamplesInPiecesOfAnySize) {
  for (const auto& [from_hz, to_hz] : {std::pair{44100, 16000}, {8000, 48000}}) {
    const std::vector<float> whole = ReadAll(*Make(Noise(30001), from_hz, to_hz));
    for (const std::size_t piece : {1u, 7u, 4096u, 65536u}) {
      EXPECT_TRUE(ReadAll(*Make(Noise(30001), from_hz, to_hz), piece) == whole) << piece;
    }
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

TEST(Resampled, ReadsNoFurtherThanItHasTo) {
  auto samples = std::make_unique<Samples>(Noise(480000), 48000);
  const Samples& input = *samples;
  const auto source = Resampled(std::move(samples), 16000, "torchaudio-hann6");
  std::vector<float> block(1000);
  ASSERT_EQ(source->Read(block), 1000);
  EXPECT_LE(input.most_read(), 2 * 3000u);
}

TEST(Resampled, IsTheSourceItselfAtItsOwnRate) {
  auto source = std::make_unique<Samples>(Noise(10), 16000);
  const AudioSource* const address = source.get();
  const auto same = Resampled(std::move(source), 16000, "swr-float-s16");
  EXPECT_EQ(same.get(), address);
  EXPECT_EQ(same->info().resampler, "");
}

TEST(Resampled, SaysItsRateAndALengthOnlyIfItIsKnown) {
  const auto known = Make(Noise(441), 44100, 16000);
  EXPECT_EQ(known->info().sample_rate_hz, 16000);
  EXPECT_EQ(known->info().name, "memory");
  const auto unknown = Resampled(std::make_unique<Samples>(Noise(441), 44100, false), 16000);
  EXPECT_EQ(unknown->info().samples, std::nullopt);
  EXPECT_EQ(ReadAll(*unknown).size(), 160u);
}

TEST(Resampled, TwiceGoesThroughBothRates) {
  const std::vector<float> noise = Noise(4410);
  const auto twice = Resampled(Make(noise, 44100, 22050, "swr-float"), 16000, "kaldi");
  const std::vector<float> first = Resample<float>("swr-float", noise, 44100, 22050);
  EXPECT_TRUE(ReadAll(*twice) == Resample<float>("kaldi", first, 22050, 16000));
  EXPECT_EQ(twice->info().resampler, "kaldi");
}

TEST(Resampled, AddsTheTimeItSpends) {
  double seconds = 1000;
  ReadAll(*Resampled(std::make_unique<Samples>(Noise(200000), 44100), 16000, "soxr-hq", &seconds));
  EXPECT_GT(seconds, 1000);
  const double before = seconds;
  ReadAll(*Resampled(std::make_unique<Samples>(Noise(200000), 16000), 16000, "soxr-hq", &seconds));
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

TEST(Resampled, RefusesAnInputWhoseRateHasNoRatio) {
  const auto failure = FailureOf([] { Make(Noise(10), 44101, 16000); });
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(HasAll(failure.message, {"memory", "44101", "16000"}));
}

TEST(Resampled, OffersTheNearestNameForAnUnknownResampler) {
  for (const int rate_hz : {16000, 22050}) {
    const auto failure = FailureOf([&] { Make(Noise(10), 16000, rate_hz, "soxrhq"); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec);
    EXPECT_TRUE(HasAll(failure.message, {"\"soxrhq\"", "\"soxr-hq\""}));
  }
}

TEST(Resampled, SaysWhereASampleIsNotFinite) {
  std::vector<float> noise = Noise(1000);
  noise[500] = std::numeric_limits<float>::infinity();
  const auto failure = FailureOf([&] { ReadAll(*Make(noise, 1000, 2000)); });
  EXPECT_EQ(failure.code, Code::kNotFinite);
  EXPECT_TRUE(HasAll(failure.message, {"memory", "0.500000 s", "sample 500"}));
}

}  // namespace
}  // namespace ossicle
