#include "ossicle/resample_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "support/failure.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::ReadBytes;
using test::TemporaryFolder;
using test::WriteBytes;

constexpr RawFormat kStereo{RawFormat::Sample::kF64le, 44100, 2};

/// 2 channels of 3 s, so that they are read in several blocks.
std::vector<double> StereoNoise() {
  std::vector<double> samples(2 * 132300);
  std::uint32_t seed = 1;
  for (double& x : samples) {
    seed = seed * 1664525u + 1013904223u;
    x = seed * 0x1p-32 - 0.5;
  }
  return samples;
}

template <class T>
std::vector<T> Channel(const std::vector<double>& interleaved, std::size_t channel) {
  std::vector<T> samples;
  for (std::size_t i = channel; i < interleaved.size(); i += 2) {
    samples.push_back(static_cast<T>(interleaved[i]));
  }
  return samples;
}

template <class T>
std::vector<T> ReadRaw(const std::string& path) {
  const std::string bytes = ReadBytes(path);
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

struct Folder : TemporaryFolder {
  Folder() {
    const std::vector<double> noise = StereoNoise();
    WriteBytes(input(), {reinterpret_cast<const char*>(noise.data()), noise.size() * 8});
  }
  std::string input() const { return *this / "in.f64"; }
  std::string output() const { return *this / "out.raw"; }
};

template <class T>
Resampling RunTo(const Folder& folder, FileResampler<T>& resampler,
                 const ProgressFunction& progress = nullptr) {
  AudioWriter writer(folder.output(),
                     {AudioContainer::kRaw, NaturalEncoding<T>("soxr-hq"),
                      resampler.sample_rate_hz(), resampler.channels()},
                     /*overwrite=*/true);
  const Resampling result = resampler.Run(writer, progress);
  writer.Commit();
  return result;
}

template <class T>
class FileResamplerOf : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(FileResamplerOf, Precisions);

TYPED_TEST(FileResamplerOf, GivesEachChannelWhatResampleGives) {
  const Folder folder;
  FileResampler<TypeParam> resampler({folder.input(), kStereo}, {"soxr-hq", 16000});
  EXPECT_EQ(resampler.resampler(), "soxr-hq");
  const Resampling result = RunTo(folder, resampler);
  EXPECT_EQ(result.samples_in, 132300);
  EXPECT_EQ(result.samples_out, 48000);
  EXPECT_EQ(result.duration_s, 3.0);
  const std::vector<TypeParam> written = ReadRaw<TypeParam>(folder.output());
  const std::vector<double> interleaved(written.begin(), written.end());
  for (const std::size_t channel : {0, 1}) {
    const std::vector<TypeParam> alone = Channel<TypeParam>(StereoNoise(), channel);
    EXPECT_EQ(Channel<TypeParam>(interleaved, channel),
              Resample<TypeParam>("soxr-hq", alone, 44100, 16000));
  }
}

TYPED_TEST(FileResamplerOf, PassesOnWhatHasTheRate) {
  const Folder folder;
  FileResampler<TypeParam> resampler({folder.input(), kStereo, 1}, {"soxr-hq", 44100});
  EXPECT_EQ(resampler.resampler(), "");
  EXPECT_EQ(resampler.channels(), 1);
  RunTo(folder, resampler);
  EXPECT_EQ(ReadRaw<TypeParam>(folder.output()), Channel<TypeParam>(StereoNoise(), 1));
}

TEST(FileResampler, ReportsHowFarItIsAndStopsOnWhatTheReportThrows) {
  const Folder folder;
  FileResampler<float> resampler({folder.input(), kStereo}, {"soxr-hq", 16000});
  std::vector<double> done;
  RunTo<float>(folder, resampler, [&done](double done_s, double total_s) {
    EXPECT_EQ(total_s, 3.0);
    done.push_back(done_s);
  });
  EXPECT_GT(done.size(), 1u);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_EQ(done.back(), 3.0);
  FileResampler<float> stopped({folder.input(), kStereo}, {"soxr-hq", 16000});
  const auto stop = [](double, double) { throw Error(Code::kInterrupted, "enough"); };
  EXPECT_EQ(FailureOf([&] { RunTo<float>(folder, stopped, stop); }).message, "enough");
}

TEST(FileResampler, NamesTheInputWhoseRateItCannotTake) {
  const Folder folder;
  const auto failure =
      FailureOf([&] { FileResampler<float>({folder.input(), kStereo}, {"soxr-hq", 44101}); });
  EXPECT_EQ(failure.code, Code::kInvalidSpec);
  EXPECT_TRUE(HasAll(failure.message, {folder.input(), "44101"}));
}

TEST(NaturalEncoding, IsThatOfTheDefinition) {
  EXPECT_EQ(NaturalEncoding<float>("swr-s16"), SampleEncoding::kPcm16);
  EXPECT_EQ(NaturalEncoding<double>("swr-float-s16"), SampleEncoding::kPcm16);
  EXPECT_EQ(NaturalEncoding<float>("swr-float"), SampleEncoding::kFloat32);
  EXPECT_EQ(NaturalEncoding<double>("soxr-hq"), SampleEncoding::kFloat64);
}

}  // namespace
}  // namespace ossicle
