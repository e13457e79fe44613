#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "ossicle/audio.h"
#include "support/failure.h"
#include "support/files.h"
#include "support/sound.h"
#include "support/temporary_folder.h"

/// libsndfile 1.2.0 loses libvorbis' memory when it refuses a damaged Ogg file; nothing of ours is
/// hidden by this.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
const char* __lsan_default_suppressions() { return "leak:vorbis_info_init\n"; }

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::Noise;
using test::ReadAll;
using test::ReadBytes;
using test::TemporaryFolder;
using test::WriteBytes;
using test::WriteSound;

struct Format {
  const char* name;
  int format;
};

void PrintTo(const Format& format, std::ostream* out) { *out << format.name; }

constexpr Format kFormats[] = {{"wav", test::kWav16},
                               {"rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16},
                               {"rifx", SF_ENDIAN_BIG | SF_FORMAT_WAV | SF_FORMAT_PCM_16},
                               {"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16},
                               {"flac", test::kFlac},
                               {"ogg", test::kVorbis},
                               {"opus", test::kOpus},
                               {"mp3", test::kMp3}};

class Damaged : public testing::TestWithParam<Format> {
 protected:
  void SetUp() override {
    if (!test::CanWrite(GetParam().format)) {
      GTEST_SKIP() << "this libsndfile, " << sf_version_string() << ", has no " << GetParam().name;
    }
    WriteSound(path_, GetParam().format, 16000, 1, Noise(40001));
    whole_ = ReadBytes(path_);
  }

  /// What reading `bytes` throws, or nothing.
  std::optional<test::Failure> FailureOfReading(const std::string& bytes) {
    WriteBytes(path_, bytes);
    try {
      for (const float x : ReadAll(*OpenAudio(path_))) {
        if (!std::isfinite(x)) throw std::runtime_error("a number that is not finite came out");
      }
    } catch (const Error& error) {
      return test::Failure{error.code(), error.what()};
    }
    return std::nullopt;
  }

  const TemporaryFolder dir_;
  const std::string path_ = dir_ / "damaged";
  std::string whole_;
};

TEST_P(Damaged, AFileThatIsCutOffIsAnErrorThatSaysSo) {
  for (const double part : {0.3, 0.6, 0.9}) {
    const auto failure =
        FailureOfReading(whole_.substr(0, static_cast<std::size_t>(part * whole_.size())));
    ASSERT_TRUE(failure) << part << " of the file read as if it were whole";
    EXPECT_EQ(failure->code, Code::kInput);
    EXPECT_TRUE(HasAll(failure->message, {path_}));
    EXPECT_TRUE(HasAll(failure->message, {"is cut off"}) ||
                HasAll(failure->message, {"is damaged"}))
        << failure->message;
  }
}

TEST_P(Damaged, NoPrefixOfAFileDoesHarm) {
  for (std::size_t bytes = 1; bytes < whole_.size(); bytes += 1 + bytes / 8) {
    const auto failure = FailureOfReading(whole_.substr(0, bytes));
    if (failure) {
      EXPECT_TRUE(HasAll(failure->message, {path_}));
    }
  }
}

TEST_P(Damaged, NoWrongByteDoesHarm) {
  for (std::size_t at = 0; at < whole_.size(); at += 1 + at / 16) {
    std::string bytes = whole_;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x5A);
    const auto failure = FailureOfReading(bytes);
    if (failure) {
      EXPECT_TRUE(HasAll(failure->message, {path_}));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Audio, Damaged, testing::ValuesIn(kFormats),
                         [](const auto& test) { return std::string(test.param.name); });

void Put32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes.at(at + i) = static_cast<char>(value >> (8 * i));
}

class WavSizes : public testing::Test {
 protected:
  void SetUp() override {
    WriteSound(path_, test::kWav16, 16000, 1, noise_);
    bytes_ = ReadBytes(path_);
    ASSERT_EQ(bytes_.substr(36, 4), "data");
    ASSERT_EQ(bytes_.size(), 44 + 2 * noise_.size());
  }

  std::vector<float> ReadWith(std::uint32_t riff_bytes, std::uint32_t data_bytes) {
    Put32(bytes_, 4, riff_bytes);
    Put32(bytes_, 40, data_bytes);
    WriteBytes(path_, bytes_);
    return ReadAll(*OpenAudio(path_));
  }

  const TemporaryFolder dir_;
  const std::string path_ = dir_ / "a.wav";
  const std::vector<float> noise_ = Noise(40001);
  std::string bytes_;
};

TEST_F(WavSizes, ThatAWriterToAPipeLeavesReachToTheEnd) {
  const std::pair<std::uint32_t, std::uint32_t> sizes[] = {{0, 0},
                                                           {8, 0},
                                                           {36, 0},
                                                           {0xFFFFFFFF, 0},
                                                           {0, 0xFFFFFFFF},
                                                           {36, 0xFFFFFFFF},
                                                           {0xFFFFFFFF, 0xFFFFFFFF},
                                                           {0x7FFFFFFF, 0x7FFFFFFF},
                                                           {0x7FFFF024, 0x7FFFF000},
                                                           {0x80000024, 0x80000000},
                                                           {0xFFFFFFFF, 0xFFFFFFFF - 36}};
  for (const auto& [riff_bytes, data_bytes] : sizes) {
    EXPECT_TRUE(ReadWith(riff_bytes, data_bytes) == noise_) << riff_bytes << ", " << data_bytes;
  }
}

TEST_F(WavSizes, ThatPromiseMoreThanThereIsAreAnError) {
  const std::uint32_t there = static_cast<std::uint32_t>(2 * noise_.size());
  EXPECT_TRUE(ReadWith(36 + there, there) == noise_);
  const auto failure = FailureOf([&] { ReadWith(37 + there, there + 1); });
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(HasAll(failure.message,
                     {path_, "is cut off", std::to_string(there + 1), std::to_string(there)}));
}

TEST_F(WavSizes, OfAFileWithoutSamplesAreNotTakenForUnset) {
  std::string bytes = bytes_.substr(0, 44) + std::string("LIST\x04\x00\x00\x00INFO", 12);
  Put32(bytes, 4, static_cast<std::uint32_t>(bytes.size() - 8));
  Put32(bytes, 40, 0);
  WriteBytes(path_, bytes);
  EXPECT_TRUE(HasAll(FailureOf([&] { OpenAudio(path_); }).message, {"0 samples"}));
}

class FlacOfUnknownLength : public testing::Test {
 protected:
  void SetUp() override {
    WriteSound(path_, test::kFlac, 16000, 1, noise_);
    bytes_ = ReadBytes(path_);
    bytes_.at(21) = static_cast<char>(bytes_[21] & 0xF0);  // STREAMINFO: 36 bits of total samples
    Put32(bytes_, 22, 0);
  }

  const TemporaryFolder dir_;
  const std::string path_ = dir_ / "a.flac";
  const std::vector<float> noise_ = Noise(40001);
  std::string bytes_;
};

TEST_F(FlacOfUnknownLength, IsReadToItsEnd) {
  WriteBytes(path_, bytes_);
  const auto source = OpenAudio(path_);
  EXPECT_EQ(source->info().samples, std::nullopt);
  EXPECT_TRUE(ReadAll(*source) == noise_);
}

TEST_F(FlacOfUnknownLength, IsAnErrorWhenDamaged) {
  for (std::size_t i = 0; i < 20; ++i) bytes_[bytes_.size() / 2 + i] ^= 0x5A;
  WriteBytes(path_, bytes_);
  const auto failure = FailureOf([&] { ReadAll(*OpenAudio(path_)); });
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(HasAll(failure.message, {path_, "is damaged"}));
}

TEST_F(FlacOfUnknownLength, IsAnErrorWhenCutOff) {
  WriteBytes(path_, bytes_.substr(0, bytes_.size() * 6 / 10));
  EXPECT_EQ(FailureOf([&] { ReadAll(*OpenAudio(path_)); }).code, Code::kInput);
}

TEST(Ogg, WithoutItsEndOfStreamMarkIsWholeWhenItsLastPageIs) {
  const TemporaryFolder dir;
  WriteSound(dir / "a.ogg", test::kVorbis, 16000, 1, Noise(40001));
  const std::string bytes = ReadBytes(dir / "a.ogg");
  WriteBytes(dir / "a.ogg", bytes.substr(0, bytes.rfind("OggS")));
  const std::size_t samples = ReadAll(*OpenAudio(dir / "a.ogg")).size();
  EXPECT_GT(samples, 16000u);
  EXPECT_LT(samples, 40001u);
}

}  // namespace
}  // namespace ossicle
