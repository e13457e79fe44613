#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <string>
#include <thread>

#include "ossicle/audio.h"
#include "support/failure.h"
#include "support/files.h"
#include "support/sound.h"
#include "support/standard_input.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::Noise;
using test::ReadAll;
using test::StandardInput;
using test::TemporaryFolder;
using test::WriteBytes;
using Sample = RawFormat::Sample;

std::string Bytes(const std::vector<float>& samples) {
  return {reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(float)};
}

/// Sends `bytes` through a pipe in dribs of `piece`.
std::thread Send(int fd, std::string bytes, std::size_t piece) {
  return std::thread([fd, bytes = std::move(bytes), piece] {
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t count = write(fd, bytes.data() + at, std::min(piece, bytes.size() - at));
      if (count > 0) at += static_cast<std::size_t>(count);
      if (count < 0 && errno != EINTR) break;
    }
    close(fd);
  });
}

TEST(RawFormat, ParsesEveryFormat) {
  const std::pair<const char*, Sample> cases[] = {
      {"s16le", Sample::kS16le}, {"s24le", Sample::kS24le}, {"s32le", Sample::kS32le},
      {"f32le", Sample::kF32le}, {"f64le", Sample::kF64le}, {"u8", Sample::kU8}};
  for (const auto& [name, sample] : cases) {
    const RawFormat format = RawFormat::Parse(std::string(name) + ":768000:64");
    EXPECT_EQ(format.sample, sample);
    EXPECT_EQ(format.sample_rate_hz, 768000);
    EXPECT_EQ(format.channels, 64);
  }
}

TEST(RawFormat, NamesThePartThatIsWrongAndWhatIsLegal) {
  const std::vector<std::vector<std::string>> cases = {
      {"s16:16000:1", "format=\"s16\"", "s16le, s24le, s32le, f32le, f64le, u8"},
      {":16000:1", "format=\"\"", "s16le"},
      {"s16le:0:1", "rate=\"0\"", "1..768000"},
      {"s16le:768001:1", "rate=\"768001\"", "1..768000"},
      {"s16le:16k:1", "rate=\"16k\"", "1..768000"},
      {"s16le:99999999999:1", "rate=\"99999999999\"", "1..768000"},
      {"s16le:16000:0", "channels=\"0\"", "1..64"},
      {"s16le:16000:65", "channels=\"65\"", "1..64"},
      {"s16le:16000:1:1", "channels=\"1:1\"", "1..64"},
      {"s16le:16000", "\"s16le:16000\"", "FORMAT:RATE:CHANNELS"},
      {"", "\"\"", "FORMAT:RATE:CHANNELS"}};
  for (const auto& words : cases) {
    const auto failure = FailureOf([&] { RawFormat::Parse(words[0]); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec);
    EXPECT_TRUE(HasAll(failure.message, {words[1], words[2]})) << words[0];
  }
}

TEST(RawAudio, RefusesAFormatOutOfRange) {
  const auto open = [](int rate_hz, int channels) {
    return FailureOf([&] { OpenRawAudio("-", {Sample::kU8, rate_hz, channels}); });
  };
  EXPECT_TRUE(HasAll(open(0, 1).message, {"rate=\"0\""}));
  EXPECT_TRUE(HasAll(open(16000, 65).message, {"channels=\"65\""}));
  EXPECT_EQ(open(16000, 65).code, Code::kInvalidSpec);
}

TEST(RawAudio, DecodesAsLibsndfileDoes) {
  const TemporaryFolder dir;
  struct Case {
    const char* name;
    int subtype;
  };
  constexpr Case kCases[] = {{"s16le", SF_FORMAT_PCM_16}, {"s24le", SF_FORMAT_PCM_24},
                             {"s32le", SF_FORMAT_PCM_32}, {"f32le", SF_FORMAT_FLOAT},
                             {"f64le", SF_FORMAT_DOUBLE}, {"u8", SF_FORMAT_PCM_U8}};
  std::vector<float> noise = Noise(2 * 70000);
  noise[0] = -1.0f;
  noise[2] = 1.0f;
  for (const Case& c : kCases) {
    test::WriteSound(dir / "a.raw", SF_FORMAT_RAW | c.subtype, 16000, 2, noise);
    test::WriteSound(dir / "a.wav", SF_FORMAT_WAV | c.subtype, 16000, 2, noise);
    const auto raw =
        OpenRawAudio(dir / "a.raw", RawFormat::Parse(std::string(c.name) + ":16000:2"));
    EXPECT_EQ(raw->info().samples, 70000);
    EXPECT_EQ(raw->info().format, std::string("raw ") + c.name);
    EXPECT_TRUE(ReadAll(*raw) == ReadAll(*OpenAudio(dir / "a.wav"))) << c.name;
  }
}

TEST(RawAudio, DecodesTheEndsOfTheRange) {
  const TemporaryFolder dir;
  WriteBytes(dir / "a.raw", std::string("\x00\x80\xff\x7f\x01\x00\xff\xff", 8));
  EXPECT_EQ(ReadAll(*OpenRawAudio(dir / "a.raw", {})),
            (std::vector{-1.0f, 32767.0f / 32768, 1.0f / 32768, -1.0f / 32768}));
  WriteBytes(dir / "a.raw", std::string("\x00\x00\x80\xff\xff\x7f\xff\xff\xff", 9));
  EXPECT_EQ(ReadAll(*OpenRawAudio(dir / "a.raw", {Sample::kS24le, 16000, 1})),
            (std::vector{-1.0f, 8388607.0f / 8388608, -1.0f / 8388608}));
  WriteBytes(dir / "a.raw", std::string("\x00\x80\xff", 3));
  EXPECT_EQ(ReadAll(*OpenRawAudio(dir / "a.raw", {Sample::kU8, 16000, 1})),
            (std::vector{-1.0f, 0.0f, 127.0f / 128}));
}

TEST(RawAudio, ReadsAPipeThatDribbles) {
  const std::vector<float> noise = Noise(30001);
  for (const std::size_t piece : {1u, 7u, 100000u}) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const StandardInput input(ends[0]);
    std::thread sender = Send(ends[1], Bytes(noise), piece);
    const auto source = OpenRawAudio("-", {Sample::kF32le, 16000, 1});
    EXPECT_EQ(source->info().name, "-");
    EXPECT_EQ(source->info().samples, std::nullopt);
    EXPECT_TRUE(ReadAll(*source, 997) == noise) << "pieces of " << piece;
    sender.join();
  }
}

TEST(RawAudio, ReadsANonBlockingPipe) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  const StandardInput input(ends[0]);
  const auto source = OpenRawAudio("-", {Sample::kF32le, 16000, 1});
  std::thread sender([fd = ends[1]] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const std::string bytes = Bytes({0.5f, 0.25f});
    EXPECT_EQ(write(fd, bytes.data(), bytes.size()), 8);
    close(fd);
  });
  EXPECT_EQ(ReadAll(*source), (std::vector{0.5f, 0.25f}));
  sender.join();
}

TEST(RawAudio, GoesOnAfterASignal) {
  struct sigaction action{};
  struct sigaction before{};
  action.sa_handler = [](int) {};  // without SA_RESTART, so that read() fails with EINTR
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const StandardInput input(ends[0]);
  const auto source = OpenRawAudio("-", {Sample::kF32le, 16000, 1});
  std::thread sender([reader = pthread_self(), fd = ends[1]] {
    for (int i = 0; i < 20; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      pthread_kill(reader, SIGUSR1);
    }
    const std::string bytes = Bytes({0.5f});
    EXPECT_EQ(write(fd, bytes.data(), bytes.size()), 4);
    close(fd);
  });
  EXPECT_EQ(ReadAll(*source), (std::vector{0.5f}));
  sender.join();
  sigaction(SIGUSR1, &before, nullptr);
}

TEST(RawAudio, RewindsAFileAndNotAPipe) {
  const TemporaryFolder dir;
  const std::vector<float> noise = Noise(1000);
  WriteBytes(dir / "a.raw", Bytes(noise));
  const auto file = OpenRawAudio(dir / "a.raw", {Sample::kF32le, 16000, 1});
  EXPECT_EQ(ReadAll(*file), noise);
  file->Rewind();
  EXPECT_EQ(ReadAll(*file), noise);

  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[1]);
  const StandardInput input(ends[0]);
  const auto source = OpenRawAudio("-", {});
  const auto failure = FailureOf([&] { source->Rewind(); });
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(HasAll(failure.message, {"standard input"}));
}

TEST(RawAudio, BeginsWhereStandardInputStands) {
  const TemporaryFolder dir;
  const std::vector<float> noise = Noise(1000);
  WriteBytes(dir / "a.raw", Bytes(noise));
  const int fd = open((dir / "a.raw").c_str(), O_RDONLY);
  ASSERT_EQ(lseek(fd, 400, SEEK_SET), 400);
  const StandardInput input(fd);
  const auto source = OpenRawAudio("-", {Sample::kF32le, 16000, 1});
  EXPECT_EQ(source->info().samples, 900);
  const std::vector<float> rest(noise.begin() + 100, noise.end());
  EXPECT_EQ(ReadAll(*source), rest);
  source->Rewind();
  EXPECT_EQ(ReadAll(*source), rest);
}

TEST(RawAudio, RefusesAnEndInTheMiddleOfASample) {
  const TemporaryFolder dir;
  WriteBytes(dir / "a.raw", std::string(4 * 1000 + 3, 'x'));
  const auto failure =
      FailureOf([&] { ReadAll(*OpenRawAudio(dir / "a.raw", {Sample::kS16le, 16000, 2})); });
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(
      HasAll(failure.message, {dir / "a.raw", "middle of a sample", "3 bytes after sample 1000"}));
}

TEST(RawAudio, RefusesAnEmptyPipeAndAnEmptyFile) {
  const TemporaryFolder dir;
  WriteBytes(dir / "a.raw", "");
  EXPECT_TRUE(HasAll(FailureOf([&] { OpenRawAudio(dir / "a.raw", {}); }).message, {"is empty"}));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[1]);
  const StandardInput input(ends[0]);
  const auto failure = FailureOf([] { ReadAll(*OpenRawAudio("-", {})); });
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(HasAll(failure.message, {"standard input is empty", "0 samples"}));
}

TEST(RawAudio, SaysWhereASampleIsNotFinite) {
  const TemporaryFolder dir;
  std::vector<float> noise = Noise(1000);
  noise[500] = std::numeric_limits<float>::quiet_NaN();
  WriteBytes(dir / "a.raw", Bytes(noise));
  const auto failure =
      FailureOf([&] { ReadAll(*OpenRawAudio(dir / "a.raw", {Sample::kF32le, 1000, 1})); });
  EXPECT_EQ(failure.code, Code::kNotFinite);
  EXPECT_TRUE(HasAll(failure.message, {"0.500000 s", "sample 500"}));
}

}  // namespace
}  // namespace ossicle
