#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ossicle/audio.h"
#include "ossicle/resampler.h"
#include "support/failure.h"
#include "support/files.h"
#include "support/sound.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::Noise;
using test::ReadAll;
using test::TemporaryFolder;
using test::WriteSound;

constexpr AudioOptions kFfmpeg{.downmix = Downmix::kFfmpeg};

/// What ffmpeg 5.1 multiplies the channels by, in 1 / 32768, for 2..8 channels.
const std::vector<std::vector<int>> kIntegerWeights = {
    {16384, 16384},
    {16384, 16384, 0},
    {7951, 7951, 11244, 5622},
    {6786, 6786, 9598, 4799, 4799},
    {6786, 6786, 9598, 0, 4799, 4799},
    {5920, 5920, 8372, 0, 4186, 4186, 4186},
    {5249, 5249, 7423, 0, 3712, 3712, 3712, 3712}};

/// By definition, before they are divided by their sum.
const double kHalfPower = std::sqrt(0.5);
const std::vector<std::vector<double>> kPlainWeights = {
    {kHalfPower, kHalfPower},
    {kHalfPower, kHalfPower, 0},
    {kHalfPower, kHalfPower, 1, 0.5},
    {kHalfPower, kHalfPower, 1, 0.5, 0.5},
    {kHalfPower, kHalfPower, 1, 0, 0.5, 0.5},
    {kHalfPower, kHalfPower, 1, 0, 0.5, 0.5, 0.5},
    {kHalfPower, kHalfPower, 1, 0, 0.5, 0.5, 0.5, 0.5}};

std::vector<float> Channel(const std::vector<float>& interleaved, std::size_t channels,
                           std::size_t channel) {
  std::vector<float> samples;
  for (std::size_t i = channel; i < interleaved.size(); i += channels) {
    samples.push_back(interleaved[i]);
  }
  return samples;
}

/// Each channel at another rate; itself without a resampler.
std::vector<std::vector<float>> Channels(const std::vector<float>& interleaved,
                                         std::size_t channels, const std::string& resampler,
                                         int from_hz) {
  std::vector<std::vector<float>> all;
  for (std::size_t c = 0; c < channels; ++c) {
    const std::vector<float> channel = Channel(interleaved, channels, c);
    all.push_back(from_hz == 16000 ? channel : Resample<float>(resampler, channel, from_hz, 16000));
  }
  return all;
}

std::vector<float> InIntegers(const std::vector<std::vector<float>>& channels) {
  std::vector<float> mixed(channels[0].size());
  for (std::size_t i = 0; i < mixed.size(); ++i) {
    std::int64_t sum = 16384;
    for (std::size_t c = 0; c < channels.size(); ++c) {
      sum += kIntegerWeights[channels.size() - 2][c] * std::lrint(channels[c][i] * 32768.0);
    }
    mixed[i] = static_cast<float>(std::clamp<std::int64_t>(sum >> 15, -32768, 32767)) / 32768.0f;
  }
  return mixed;
}

/// In double; the weights are those of ffmpeg, over their sum if `normalized`.
std::vector<double> InDouble(const std::vector<std::vector<float>>& channels, bool normalized) {
  const std::vector<double>& weights = kPlainWeights[channels.size() - 2];
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> mixed(channels[0].size());
  for (std::size_t i = 0; i < mixed.size(); ++i) {
    for (std::size_t c = 0; c < channels.size(); ++c) {
      mixed[i] += weights[c] * channels[c][i] / (normalized ? sum : 1.0);
    }
  }
  return mixed;
}

double WorstDifference(const std::vector<float>& found, const std::vector<double>& wanted) {
  EXPECT_EQ(found.size(), wanted.size());
  double worst = 0.0;
  for (std::size_t i = 0; i < std::min(found.size(), wanted.size()); ++i) {
    worst = std::max(worst, std::abs(found[i] - wanted[i]));
  }
  return worst;
}

/// A file of noise with some channels.
class Downmixed : public testing::TestWithParam<int> {
 protected:
  std::unique_ptr<AudioSource> Open(int format, int rate_hz,
                                    const AudioOptions& options = kFfmpeg) {
    WriteSound(path_, format, rate_hz, GetParam(), noise_);
    return OpenAudio(path_, options);
  }
  std::vector<std::vector<float>> All(const std::string& resampler, int from_hz) const {
    return Channels(noise_, static_cast<std::size_t>(GetParam()), resampler, from_hz);
  }

  const TemporaryFolder dir_;
  const std::string path_ = dir_ / "a.wav";
  const std::vector<float> noise_ = Noise(9001 * static_cast<std::size_t>(GetParam()));
  static constexpr double kFloatError = 3e-7;  // the weights are rounded, too
};

TEST_P(Downmixed, AsFfmpegIsInIntegersWhereTheSamplesAre) {
  const std::vector<float> wanted = InIntegers(All("", 16000));
  EXPECT_TRUE(ReadAll(*Open(test::kWav16, 16000)) == wanted);
  for (const char* name : {"swr-s16", "swr-float-s16"}) {
    const auto source = Resampled(Open(test::kWav16, 16000), 16000, name);
    EXPECT_EQ(source->info().resampler, "");
    EXPECT_TRUE(ReadAll(*source, 997) == wanted) << name;
  }
}

TEST_P(Downmixed, AsFfmpegResamplesEachChannelFirst) {
  const auto source = Resampled(Open(test::kWav16, 44100), 16000, "swr-s16");
  EXPECT_EQ(source->info().resampler, "swr-s16");
  const std::vector<float> wanted = InIntegers(All("swr-s16", 44100));
  EXPECT_TRUE(ReadAll(*source) == wanted);
  source->Rewind();
  EXPECT_TRUE(ReadAll(*source, 7) == wanted);
}

TEST_P(Downmixed, AsFfmpegRoundsFloatsOnceAtTheEnd) {
  for (const auto& [format, rate_hz, name] : {std::tuple{test::kWavFloat, 44100, "swr-s16"},
                                              {test::kWavFloat, 8000, "swr-float-s16"},
                                              {test::kWav16, 44100, "swr-float-s16"},
                                              {test::kWavFloat, 16000, "swr-s16"},
                                              {test::kWavFloat, 16000, "swr-float-s16"}}) {
    const auto source = Resampled(Open(format, rate_hz), 16000, name);
    EXPECT_EQ(source->info().resampler, rate_hz == 16000 ? "" : "swr-float-s16");
    const std::vector<float> mixed = ReadAll(*source);
    for (const float x : mixed) ASSERT_EQ(x * 32768, std::rint(x * 32768));
    EXPECT_LE(WorstDifference(mixed, InDouble(All("swr-float", rate_hz), true)),
              0.5 / 32768 + kFloatError);
  }
}

TEST_P(Downmixed, AsFfmpegIsNotDividedWhereFfmpegWritesFloats) {
  for (const int rate_hz : {16000, 44100}) {
    const auto source = Resampled(Open(test::kWav16, rate_hz), 16000, "swr-float");
    EXPECT_LE(WorstDifference(ReadAll(*source), InDouble(All("swr-float", rate_hz), false)),
              4 * kFloatError);
  }
}

TEST_P(Downmixed, AsFfmpegGoesWithAnyResampler) {
  for (const int rate_hz : {16000, 44100}) {
    const auto source = Resampled(Open(test::kWav16, rate_hz), 16000, "soxr-hq");
    EXPECT_EQ(source->info().resampler, rate_hz == 16000 ? "" : "soxr-hq");
    EXPECT_LE(WorstDifference(ReadAll(*source), InDouble(All("soxr-hq", rate_hz), true)),
              kFloatError);
  }
}

TEST_P(Downmixed, AsMeanIsResampledAsOne) {
  const AudioOptions mean;
  const std::vector<float> whole = ReadAll(*Open(test::kWav16, 44100, mean));
  for (const auto& [asked, runs] :
       {std::pair{"soxr-hq", "soxr-hq"}, {"swr-s16", "swr-float-s16"}}) {
    const auto source = Resampled(Open(test::kWav16, 44100, mean), 16000, asked);
    EXPECT_EQ(source->info().resampler, runs);
    EXPECT_TRUE(ReadAll(*source) == Resample<float>(runs, whole, 44100, 16000)) << asked;
  }
}

TEST_P(Downmixed, IsNotWhatBecomesOfAChosenChannel) {
  const AudioOptions last{GetParam() - 1, Downmix::kFfmpeg};
  const std::vector<float> alone = Channel(noise_, static_cast<std::size_t>(GetParam()),
                                           static_cast<std::size_t>(GetParam()) - 1);
  EXPECT_TRUE(ReadAll(*Resampled(Open(test::kWav16, 16000, last), 16000, "swr-float-s16")) ==
              alone);
  const auto source = Resampled(Open(test::kWav16, 44100, last), 16000, "swr-s16");
  EXPECT_TRUE(ReadAll(*source) == Resample<float>("swr-s16", alone, 44100, 16000));
}

INSTANTIATE_TEST_SUITE_P(Channels, Downmixed, testing::Range(2, 9));

TEST(Downmix, AsFfmpegKnowsTheSpeakersThatAFileNames) {
  const TemporaryFolder dir;
  const std::vector<float> noise = Noise(4 * 1000);
  int quad[] = {SF_CHANNEL_MAP_LEFT, SF_CHANNEL_MAP_RIGHT, SF_CHANNEL_MAP_REAR_LEFT,
                SF_CHANNEL_MAP_REAR_RIGHT};
  SF_INFO info{0, 16000, 4, SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 0, 0};
  SNDFILE* file = sf_open((dir / "a.wav").c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(sf_command(file, SFC_SET_CHANNEL_MAP_INFO, quad, sizeof quad), SF_TRUE);
  sf_writef_float(file, noise.data(), 1000);
  sf_close(file);
  const std::vector<float> mixed = ReadAll(*OpenAudio(dir / "a.wav", kFfmpeg));
  ASSERT_EQ(mixed.size(), 1000u);
  for (std::size_t i = 0; i < mixed.size(); ++i) {
    // ffmpeg 5.1's coefficients for FL FR BL BR: 0.292893 twice, 0.207107 twice.
    constexpr int kWeights[] = {9598, 9598, 6786, 6786};
    std::int64_t sum = 16384;
    for (std::size_t c = 0; c < 4; ++c) sum += kWeights[c] * std::lrint(noise[4 * i + c] * 32768.0);
    ASSERT_EQ(mixed[i] * 32768.0f, static_cast<float>(sum >> 15)) << i;
  }
}

TEST(Downmix, LeavesOneChannelAlone) {
  const TemporaryFolder dir;
  std::vector<float> fine = Noise(1000);
  fine[0] = 0.1f;  // not on the 16-bit grid
  WriteSound(dir / "a.wav", test::kWavFloat, 16000, 1, fine);
  const auto source = Resampled(OpenAudio(dir / "a.wav", kFfmpeg), 16000, "swr-s16");
  EXPECT_TRUE(ReadAll(*source) == fine);
}

TEST(Downmix, AsFfmpegRefusesMoreChannelsThanFfmpegMixes) {
  const TemporaryFolder dir;
  WriteSound(dir / "a.wav", test::kWav16, 16000, 9, Noise(90));
  const auto failure = FailureOf([&] { OpenAudio(dir / "a.wav", kFfmpeg); });
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(
      HasAll(failure.message, {"a.wav\" has 9 channels", "1..8", "channel=N", "downmix=mean"}));
  EXPECT_EQ(ReadAll(*OpenAudio(dir / "a.wav")).size(), 10u);
  EXPECT_EQ(ReadAll(*OpenAudio(dir / "a.wav", {8, Downmix::kFfmpeg})).size(), 10u);
}

TEST(AudioInfo, SaysWhereSamplesAreOf16Bits) {
  const TemporaryFolder dir;
  const std::pair<int, bool> formats[] = {
      {SF_FORMAT_WAV | SF_FORMAT_PCM_U8, true},    {SF_FORMAT_WAV | SF_FORMAT_PCM_16, true},
      {SF_FORMAT_WAV | SF_FORMAT_ULAW, true},      {SF_FORMAT_WAV | SF_FORMAT_ALAW, true},
      {SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, true}, {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, true},
      {SF_FORMAT_WAV | SF_FORMAT_PCM_24, false},   {SF_FORMAT_WAV | SF_FORMAT_PCM_32, false},
      {SF_FORMAT_WAV | SF_FORMAT_FLOAT, false},    {SF_FORMAT_FLAC | SF_FORMAT_PCM_24, false},
      {SF_FORMAT_OGG | SF_FORMAT_VORBIS, false}};
  for (const auto& [format, is_16_bit] : formats) {
    WriteSound(dir / "a", format, 16000, 1, Noise(2000));
    EXPECT_EQ(OpenAudio(dir / "a")->info().is_16_bit, is_16_bit) << std::hex << format;
    const auto source = Resampled(OpenAudio(dir / "a"), 8000, "swr-s16");
    EXPECT_EQ(source->info().resampler, is_16_bit ? "swr-s16" : "swr-float-s16");
  }
  for (const char* raw : {"s16le", "u8", "s24le", "s32le", "f32le", "f64le"}) {
    test::WriteBytes(dir / "a.raw", std::string(48, '\0'));
    const auto source = OpenRawAudio(dir / "a.raw", RawFormat::Parse(std::string(raw) + ":8000:1"));
    EXPECT_EQ(source->info().is_16_bit, std::string(raw) == "s16le" || std::string(raw) == "u8");
  }
}

}  // namespace
}  // namespace ossicle
