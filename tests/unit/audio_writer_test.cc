#include "ossicle/audio_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <thread>

#include "io/sample_encoding.h"
#include "io/wav_header.h"
#include "ossicle/audio.h"
#include "support/failure.h"
#include "support/files.h"
#include "support/sound.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::CountEntries;
using test::FailureOf;
using test::HasAll;
using test::Noise;
using test::ReadBytes;
using test::TemporaryFolder;
using test::WriteBytes;

constexpr std::array kEncodings = {SampleEncoding::kPcm16, SampleEncoding::kPcm24,
                                   SampleEncoding::kFloat32, SampleEncoding::kFloat64};

struct Sound {
  SF_INFO info{};
  std::vector<double> samples;
};

/// What libsndfile finds in a file.
Sound ReadSound(const std::string& path) {
  Sound sound;
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &sound.info);
  if (!file) throw std::runtime_error(path + ": " + sf_strerror(nullptr));
  sound.samples.resize(static_cast<std::size_t>(sound.info.frames * sound.info.channels));
  sf_readf_double(file, sound.samples.data(), sound.info.frames);
  sf_close(file);
  return sound;
}

std::vector<double> Doubles(const std::vector<float>& samples) {
  return {samples.begin(), samples.end()};
}

template <class Value>
std::vector<Value> Decoded(const std::string& bytes) {
  std::vector<Value> values(bytes.size() / sizeof(Value));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

template <class T>
std::vector<std::int16_t> Pcm16(const std::vector<T>& samples, std::int64_t* clipped = nullptr) {
  std::vector<unsigned char> bytes;
  const std::int64_t count =
      EncodeSamples(std::span<const T>(samples), SampleEncoding::kPcm16, bytes);
  if (clipped) *clipped = count;
  return Decoded<std::int16_t>({bytes.begin(), bytes.end()});
}

void WriteAll(const std::string& path, const AudioFormat& format,
              const std::vector<float>& samples) {
  AudioWriter writer(path, format);
  writer.Write(samples);
  writer.Commit();
}

TEST(EncodeSamples, RoundsToTheNearestIntegerAndBetweenTwoToTheEvenOne) {
  const std::vector<double> steps = {0.0, 0.49, 0.5, 0.51, 1.5, 2.5, -0.5, -1.5, -2.5, 1234.5};
  std::vector<double> samples;
  for (const double step : steps) samples.push_back(step / 32768);
  const std::vector<std::int16_t> expected = {0, 0, 0, 1, 2, 2, 0, -2, -2, 1234};
  EXPECT_EQ(Pcm16(samples), expected);
  EXPECT_EQ(Pcm16(std::vector<float>(samples.begin(), samples.end())), expected);
}

TEST(EncodeSamples, ClipsAndCounts) {
  constexpr float kHuge = std::numeric_limits<float>::max();
  std::int64_t clipped = 0;
  const std::vector<float> samples = {
      1.0f,  -1.0f, 32767.0f / 32768, 32767.5f / 32768, -32768.5f / 32768, -32769.0f / 32768,
      kHuge, -kHuge};
  EXPECT_EQ(Pcm16(samples, &clipped), (std::vector<std::int16_t>{32767, -32768, 32767, 32767,
                                                                 -32768, -32768, 32767, -32768}));
  EXPECT_EQ(clipped, 5);  // 1.0, 32767.5, -32769 and the huge ones: -32768.5 rounds to the even one
}

TEST(EncodeSamples, ReturnsEveryValueOf16And24BitsAsItWas) {
  for (const auto& [encoding, bits] :
       {std::pair(SampleEncoding::kPcm16, 16), std::pair(SampleEncoding::kPcm24, 24)}) {
    const std::int32_t most = 1 << (bits - 1);
    std::vector<float> samples;
    for (std::int32_t value = -most; value < most; value += bits == 16 ? 1 : 251) {
      samples.push_back(static_cast<float>(value) / static_cast<float>(most));
    }
    std::vector<unsigned char> bytes;
    EXPECT_EQ(EncodeSamples(std::span<const float>(samples), encoding, bytes), 0);
    const TemporaryFolder dir;
    WriteBytes(dir / "a.raw", {bytes.begin(), bytes.end()});
    const auto sample = bits == 16 ? RawFormat::Sample::kS16le : RawFormat::Sample::kS24le;
    EXPECT_EQ(test::ReadAll(*OpenRawAudio(dir / "a.raw", {sample, 16000, 1})), samples);
  }
}

TEST(AudioWriter, WritesWavThatLibsndfileReadsBack) {
  const std::vector<float> noise = Noise(6 * 1001);
  for (const SampleEncoding encoding : kEncodings) {
    for (const int channels : {1, 2, 3, 6}) {
      const TemporaryFolder dir;
      WriteAll(dir / "a.wav", {AudioContainer::kWav, encoding, 44100, channels}, noise);
      const Sound sound = ReadSound(dir / "a.wav");
      EXPECT_EQ(sound.info.format & SF_FORMAT_TYPEMASK, SF_FORMAT_WAV);
      EXPECT_EQ(sound.info.samplerate, 44100);
      EXPECT_EQ(sound.info.channels, channels);
      EXPECT_EQ(sound.samples, Doubles(noise)) << EncodingName(encoding) << ", " << channels;
      EXPECT_EQ(CountEntries(dir / "."), 1);
    }
  }
}

TEST(AudioWriter, WritesTheSameBytesHoweverTheSamplesComeIn) {
  const std::vector<float> noise = Noise(2 * 999);
  const TemporaryFolder dir;
  const AudioFormat format{AudioContainer::kWav, SampleEncoding::kPcm24, 16000, 2};
  WriteAll(dir / "whole.wav", format, noise);
  AudioWriter writer(dir / "pieces.wav", format);
  for (std::size_t i = 0; i < noise.size(); i += 6) {
    if (i % 4 == 0) {
      writer.Write(std::span(noise).subspan(i, 6));
    } else {
      writer.Write(Doubles(std::vector(noise.begin() + static_cast<std::ptrdiff_t>(i),
                                       noise.begin() + static_cast<std::ptrdiff_t>(i) + 6)));
    }
  }
  writer.Commit();
  EXPECT_EQ(writer.samples(), 999);
  EXPECT_EQ(ReadBytes(dir / "pieces.wav"), ReadBytes(dir / "whole.wav"));
}

TEST(AudioWriter, KeepsDoublesWhole) {
  const TemporaryFolder dir;
  const std::vector<double> samples = {0.1, -1e-300, 3.0, 1e300};
  for (const AudioContainer container : {AudioContainer::kWav, AudioContainer::kRaw}) {
    AudioWriter writer(dir / "a", {container, SampleEncoding::kFloat64, 16000, 1}, true);
    writer.Write(samples);
    writer.Commit();
    const std::string bytes = ReadBytes(dir / "a");
    EXPECT_EQ(Decoded<double>(bytes.substr(bytes.size() - 32)), samples);
  }
}

TEST(AudioWriter, PadsAnOddNumberOfBytes) {
  const TemporaryFolder dir;
  WriteAll(dir / "a.wav", {AudioContainer::kWav, SampleEncoding::kPcm24, 16000, 1}, Noise(3));
  const std::string bytes = ReadBytes(dir / "a.wav");
  EXPECT_EQ(bytes.size() % 2, 0u);
  EXPECT_EQ(Decoded<std::uint32_t>(bytes.substr(4, 4))[0], bytes.size() - 8);
  EXPECT_EQ(ReadSound(dir / "a.wav").samples, Doubles(Noise(3)));
}

TEST(AudioWriter, LeavesTheSizesOfAPipeOpenAndOurReaderTakesThem) {
  const TemporaryFolder dir;
  const std::string pipe = dir / "pipe.wav";
  const std::vector<float> noise = Noise(1000);
  for (const SampleEncoding encoding : kEncodings) {
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    std::string received;
    std::thread reader([&] { received = ReadBytes(pipe); });
    WriteAll(pipe, {AudioContainer::kWav, encoding, 16000, 1}, noise);
    reader.join();
    EXPECT_EQ(Decoded<std::uint32_t>(received.substr(4, 4))[0], 0xFFFFFFFF);
    WriteBytes(dir / "received.wav", received);
    EXPECT_EQ(test::ReadAll(*OpenAudio(dir / "received.wav")), noise) << EncodingName(encoding);
    std::filesystem::remove(pipe);
  }
}

TEST(WavHeader, HasOneLengthForEverySize) {
  for (const SampleEncoding encoding : kEncodings) {
    const AudioFormat format{AudioContainer::kWav, encoding, 768000, 64};
    const std::size_t bytes = WavHeader(format, 0).size();
    for (const std::int64_t samples : {1ll, 1ll << 20, 1ll << 40}) {
      EXPECT_EQ(WavHeader(format, samples).size(), bytes);
    }
  }
}

TEST(WavHeader, TurnsIntoRf64WhereRiffEnds) {
  const AudioFormat format{AudioContainer::kWav, SampleEncoding::kFloat32, 48000, 2};
  const std::int64_t header_bytes = static_cast<std::int64_t>(WavHeader(format, 0).size());
  const std::int64_t most = (0xFFFFFFFE - (header_bytes - 8)) / 8;
  EXPECT_EQ(WavHeader(format, most).substr(0, 4), "RIFF");
  const std::string large = WavHeader(format, most + 1);
  EXPECT_EQ(large.substr(0, 4), "RF64");
  EXPECT_EQ(large.substr(12, 4), "ds64");
  const std::vector<std::uint64_t> sizes = Decoded<std::uint64_t>(large.substr(20, 24));
  const std::uint64_t samples = static_cast<std::uint64_t>(most) + 1;
  EXPECT_EQ(sizes[0], static_cast<std::uint64_t>(header_bytes) - 8 + 8 * samples);
  EXPECT_EQ(sizes[1], 8 * samples);
  EXPECT_EQ(sizes[2], samples);
}

TEST(WavHeader, OfRf64IsReadByLibsndfileAndByOurReader) {
  const std::vector<float> noise = Noise(2 * 1001);
  for (const SampleEncoding encoding : kEncodings) {
    const TemporaryFolder dir;
    const AudioFormat format{AudioContainer::kWav, encoding, 16000, 2};
    std::vector<unsigned char> bytes;
    EncodeSamples(std::span<const float>(noise), encoding, bytes);
    WriteBytes(dir / "a.wav", WavHeader(format, 1001, /*max_riff_bytes=*/1000) +
                                  std::string(bytes.begin(), bytes.end()));
    const Sound sound = ReadSound(dir / "a.wav");
    EXPECT_EQ(sound.info.format & SF_FORMAT_TYPEMASK, SF_FORMAT_RF64);
    EXPECT_EQ(sound.samples, Doubles(noise)) << EncodingName(encoding);
    EXPECT_EQ(OpenAudio(dir / "a.wav")->info().samples, 1001);
  }
}

TEST(AudioWriter, GivesAnArrayTheShapeOfItsSamples) {
  const TemporaryFolder dir;
  const std::vector<float> noise = Noise(6);
  const std::string values(reinterpret_cast<const char*>(noise.data()), 24);
  WriteAll(dir / "mono.npy", {AudioContainer::kNpy, SampleEncoding::kFloat32, 16000, 1}, noise);
  EXPECT_EQ(ReadBytes(dir / "mono.npy"), NpyHeader("<f4", {6}) + values);
  WriteAll(dir / "stereo.npy", {AudioContainer::kNpy, SampleEncoding::kFloat32, 16000, 2}, noise);
  EXPECT_EQ(ReadBytes(dir / "stereo.npy"), NpyHeader("<f4", {3, 2}) + values);
}

TEST(AudioWriter, RefusesAnArrayWhereItsLengthCannotBeFilledIn) {
  const AudioFormat format{AudioContainer::kNpy, SampleEncoding::kFloat32, 16000, 1};
  const auto failure = FailureOf([&] { AudioWriter writer("/dev/null", format); });
  EXPECT_EQ(failure.code, Code::kOutput);
  EXPECT_TRUE(HasAll(failure.message, {"/dev/null", ".npy", "name a file"}));
}

TEST(AudioWriter, HasTheLengthOfAnArrayInFrontHoweverManySamplesThereAre) {
  for (const std::int64_t samples : {0ll, 1ll << 62}) {
    EXPECT_EQ(NpyHeader("<f8", {samples}).size(), 128u);
    EXPECT_EQ(NpyHeader("<f8", {samples, 64}).size(), 128u);
  }
}

TEST(AudioWriter, LeavesNothingUnlessItIsCommitted) {
  const TemporaryFolder dir;
  {
    AudioWriter writer(dir / "a.wav", {});
    writer.Write(Noise(100));
    EXPECT_TRUE(std::filesystem::exists(writer.temporary()));
    EXPECT_FALSE(std::filesystem::exists(dir / "a.wav"));
  }
  EXPECT_EQ(CountEntries(dir / "."), 0);
}

TEST(AudioWriter, RefusesFormatsOutOfRange) {
  const TemporaryFolder dir;
  const auto message = [&](const AudioFormat& format) {
    const auto failure = FailureOf([&] { AudioWriter writer(dir / "a.wav", format); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec);
    return failure.message;
  };
  using enum SampleEncoding;
  EXPECT_TRUE(HasAll(message({AudioContainer::kWav, kPcm16, 0, 1}), {"=0", "1..768000"}));
  EXPECT_TRUE(HasAll(message({AudioContainer::kWav, kPcm16, 16000, 65}), {"=65", "1..64"}));
  EXPECT_TRUE(HasAll(message({AudioContainer::kNpy, kPcm16, 16000, 1}), {"pcm16", "float32"}));
  EXPECT_EQ(CountEntries(dir / "."), 0);
}

TEST(AudioWriter, RefusesAPartOfAFrame) {
  const TemporaryFolder dir;
  AudioWriter writer(dir / "a.wav", {AudioContainer::kWav, SampleEncoding::kPcm16, 16000, 2});
  EXPECT_EQ(FailureOf([&] { writer.Write(Noise(3)); }).code, Code::kShape);
}

TEST(AudioWriter, SaysThatThereIsNoSpace) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  const auto failure = FailureOf([] { AudioWriter writer("/dev/full", {}); });
  EXPECT_EQ(failure.code, Code::kOutput);
  EXPECT_TRUE(HasAll(failure.message, {"/dev/full", "no space left"}));
}

/// Puts a file in the place of standard output for as long as it lives.
class OutputTo {
 public:
  OutputTo(const std::string& path, int flags) : saved_(dup(STDOUT_FILENO)) {
    std::fflush(stdout);
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | flags, 0600);
    dup2(fd, STDOUT_FILENO);
    close(fd);
  }
  ~OutputTo() {
    dup2(saved_, STDOUT_FILENO);
    close(saved_);
  }

 private:
  int saved_;
};

TEST(AudioWriter, FillsInTheSizesOfStandardOutputThatIsAFile) {
  const TemporaryFolder dir;
  const AudioFormat format{AudioContainer::kWav, SampleEncoding::kPcm16, 16000, 1};
  WriteAll(dir / "named.wav", format, Noise(100));
  {
    const OutputTo output(dir / "a.wav", 0);
    WriteAll("-", format, Noise(100));
  }
  EXPECT_EQ(ReadBytes(dir / "a.wav"), ReadBytes(dir / "named.wav"));
  {
    const OutputTo output(dir / "b.wav", 0);
    AtomicFile("-").Write("before", 6);
    WriteAll("-", format, Noise(100));
  }
  EXPECT_EQ(ReadBytes(dir / "b.wav"), "before" + ReadBytes(dir / "named.wav"));
}

TEST(AudioWriter, LeavesTheSizesOpenWhereStandardOutputIsAppendedToAFile) {
  const TemporaryFolder dir;
  WriteBytes(dir / "a.wav", "before");
  {
    const OutputTo output(dir / "a.wav", O_APPEND);
    WriteAll("-", {AudioContainer::kWav, SampleEncoding::kPcm16, 16000, 1}, Noise(100));
  }
  EXPECT_EQ(ReadBytes(dir / "a.wav").substr(0, 14), "beforeRIFF\xFF\xFF\xFF\xFF");
}

}  // namespace
}  // namespace ossicle
