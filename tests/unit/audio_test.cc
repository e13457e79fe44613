#include "ossicle/audio.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>

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
using test::WriteBytes;
using test::WriteSound;

struct Format {
  const char* name;
  int format;
  bool lossless;
};

constexpr Format kFormats[] = {{"wav", test::kWav16, true},
                               {"flac", test::kFlac, true},
                               {"rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, true},
                               {"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, true},
                               {"rifx", SF_ENDIAN_BIG | SF_FORMAT_WAV | SF_FORMAT_PCM_16, true},
                               {"ogg", test::kVorbis, false},
                               {"opus", test::kOpus, false},
                               {"mp3", test::kMp3, false}};

void PrintTo(const Format& format, std::ostream* out) { *out << format.name; }

class EveryFormat : public testing::TestWithParam<Format> {
 protected:
  void SetUp() override {
    if (!test::CanWrite(GetParam().format)) {
      GTEST_SKIP() << "this libsndfile, " << sf_version_string() << ", has no " << GetParam().name;
    }
    WriteSound(path_, GetParam().format, 16000, 1, noise_);
  }

  const TemporaryFolder dir_;
  const std::string path_ = dir_ / "a";
  const std::vector<float> noise_ = Noise(40001);
};

TEST_P(EveryFormat, GivesAsManySamplesAsItsInfoSays) {
  const auto source = OpenAudio(path_);
  EXPECT_EQ(source->info().name, path_);
  EXPECT_EQ(source->info().sample_rate_hz, 16000);
  EXPECT_EQ(source->info().channels, 1);
  EXPECT_EQ(source->info().samples, 40001);
  EXPECT_EQ(ReadAll(*source).size(), 40001u);
  float none = 0;
  EXPECT_EQ(source->Read({&none, 1}), 0);
}

TEST_P(EveryFormat, KeepsItsSamplesAcrossRewindAndPieces) {
  const auto source = OpenAudio(path_);
  const std::vector<float> whole = ReadAll(*source);
  for (const std::size_t piece : {997u, 65536u}) {
    source->Rewind();
    EXPECT_TRUE(ReadAll(*source, piece) == whole) << "in pieces of " << piece;
  }
  if (GetParam().lossless) {
    EXPECT_TRUE(whole == noise_);
  }
}

INSTANTIATE_TEST_SUITE_P(Audio, EveryFormat, testing::ValuesIn(kFormats),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Audio, DescribesItsFormat) {
  const TemporaryFolder dir;
  WriteSound(dir / "a.wav", test::kWav16, 8000, 2, Noise(8));
  WriteSound(dir / "a.flac", test::kFlac, 8000, 1, Noise(8));
  EXPECT_EQ(OpenAudio(dir / "a.wav")->info().format, "WAV, Signed 16 bit PCM");
  EXPECT_EQ(OpenAudio(dir / "a.flac")->info().format, "FLAC");
}

TEST(Audio, TakesTheMeanOfTheChannelsInTheirOrder) {
  const TemporaryFolder dir;
  for (const int channels : {2, 3, 64}) {
    const std::vector<float> noise = Noise(3001 * static_cast<std::size_t>(channels));
    WriteSound(dir / "a.wav", test::kWavFloat, 16000, channels, noise);
    std::vector<float> mean(3001);
    for (std::size_t i = 0; i < mean.size(); ++i) {
      for (int c = 0; c < channels; ++c) mean[i] += noise[i * channels + c];
      mean[i] *= 1.0f / static_cast<float>(channels);
    }
    EXPECT_TRUE(ReadAll(*OpenAudio(dir / "a.wav")) == mean) << channels << " channels";
  }
}

TEST(Audio, TakesTheChosenChannelUnchanged) {
  const TemporaryFolder dir;
  const std::vector<float> noise = Noise(3 * 70000);
  WriteSound(dir / "a.wav", test::kWavFloat, 16000, 3, noise);
  const std::vector<float> last = ReadAll(*OpenAudio(dir / "a.wav", {.channel = 2}));
  ASSERT_EQ(last.size(), 70000u);
  for (std::size_t i = 0; i < last.size(); ++i) ASSERT_EQ(last[i], noise[3 * i + 2]) << i;
}

TEST(Audio, RefusesAChannelThatIsNotThere) {
  const TemporaryFolder dir;
  WriteSound(dir / "a.wav", test::kWav16, 16000, 2, Noise(8));
  for (const int channel : {-1, 2}) {
    const auto failure = FailureOf([&] { OpenAudio(dir / "a.wav", {.channel = channel}); });
    EXPECT_EQ(failure.code, Code::kInput);
    EXPECT_TRUE(
        HasAll(failure.message, {"channel=" + std::to_string(channel), dir / "a.wav", "0..1"}));
  }
}

TEST(Audio, RefusesMoreThan64Channels) {
  const TemporaryFolder dir;
  WriteSound(dir / "a.wav", test::kWav16, 16000, 96, Noise(960));
  const auto failure = FailureOf([&] { OpenAudio(dir / "a.wav"); });
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(HasAll(failure.message, {"a.wav\" has 96 channels", "1..64"}));
}

TEST(Audio, ExplainsWhyAPathCannotBeOpened) {
  const TemporaryFolder dir;
  std::filesystem::create_directory(dir / "d.wav");
  WriteBytes(dir / "empty.wav", "");
  WriteBytes(dir / "text.wav",
             "This is a letter, not a sound; it goes on for a while. Yours, A.\n");
  ASSERT_EQ(mkfifo((dir / "pipe.wav").c_str(), 0600), 0);
  const std::pair<const char*, const char*> cases[] = {
      {"none.wav", "no such file"},
      {"d.wav", "is a directory"},
      {"empty.wav", "is empty"},
      {"pipe.wav", "is not a regular file"},
      {"text.wav/a.wav", "no such file"},
      {"text.wav", "is not an audio file that Ossicle can read ("}};
  for (const auto& [name, reason] : cases) {
    const auto failure = FailureOf([&] { OpenAudio(dir / name); });
    EXPECT_EQ(failure.code, Code::kInput);
    EXPECT_TRUE(HasAll(failure.message, {dir / name, reason}));
  }
  EXPECT_TRUE(HasAll(FailureOf([&] { OpenAudio(dir / "text.wav"); }).message,
                     {"): WAV, FLAC, Ogg Vorbis, Opus and MP3 are"}));
  EXPECT_TRUE(HasAll(FailureOf([] { OpenAudio("-"); }).message, {"s16le:16000:1"}));
}

TEST(Audio, ExplainsThatReadingIsNotAllowed) {
  const TemporaryFolder dir;
  WriteSound(dir / "a.wav", test::kWav16, 16000, 1, Noise(8));
  ASSERT_EQ(chmod((dir / "a.wav").c_str(), 0), 0);
  const uid_t user = geteuid();
  if (user == 0) {
    ASSERT_EQ(seteuid(65534), 0);  // root may read everything
  }
  test::Failure failure{};
  EXPECT_NO_THROW(failure = FailureOf([&] { OpenAudio(dir / "a.wav"); }));
  ASSERT_EQ(seteuid(user), 0);
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(HasAll(failure.message, {dir / "a.wav", "permission denied"}));
}

TEST(Audio, RefusesAFileWithoutSamples) {
  const TemporaryFolder dir;
  for (const int format : {test::kWav16, test::kFlac}) {
    WriteSound(dir / "a", format, 16000, 1, {});
    const auto failure = FailureOf([&] { ReadAll(*OpenAudio(dir / "a")); });
    EXPECT_EQ(failure.code, Code::kInput);
    EXPECT_TRUE(HasAll(failure.message, {dir / "a", "0 samples"}));
  }
}

TEST(Audio, SaysWhereASampleIsNotFinite) {
  const TemporaryFolder dir;
  const std::pair<float, const char*> cases[] = {
      {std::numeric_limits<float>::quiet_NaN(), "a NaN"},
      {std::numeric_limits<float>::infinity(), "an infinity"},
      {-std::numeric_limits<float>::infinity(), "an infinity"}};
  for (const auto& [value, name] : cases) {
    std::vector<float> noise = Noise(2 * 100000);
    noise[2 * 80000 + 1] = value;
    WriteSound(dir / "a.wav", test::kWavFloat, 16000, 2, noise);
    const auto failure = FailureOf([&] { ReadAll(*OpenAudio(dir / "a.wav")); });
    EXPECT_EQ(failure.code, Code::kNotFinite);
    EXPECT_TRUE(HasAll(failure.message, {dir / "a.wav", name, "5.000000 s", "sample 80000"}));
    EXPECT_EQ(ReadAll(*OpenAudio(dir / "a.wav", {.channel = 0})).size(), 100000u);
  }
}

TEST(Audio, LeavesFloatSamplesAboveFullScaleAsTheyAre) {
  const TemporaryFolder dir;
  const std::vector<float> loud = {-3.5f, 0.0f, 1e-40f, 1e30f, -0.0f};
  WriteSound(dir / "a.wav", test::kWavFloat, 16000, 1, loud);
  EXPECT_EQ(ReadAll(*OpenAudio(dir / "a.wav")), loud);
}

}  // namespace
}  // namespace ossicle
