#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

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
using test::WriteBytes;
using test::WriteSound;
using Sample = RawFormat::Sample;

/// A pipe that a test writes into and an AudioSource reads by its path.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(ends_), 0); }
  ~Pipe() {
    close(ends_[0]);
    Close();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  std::string path() const { return "/dev/fd/" + std::to_string(ends_[0]); }
  void Write(std::string_view bytes) {
    EXPECT_EQ(write(ends_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  void Close() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
};

std::string Bytes(const std::vector<float>& samples) {
  return {reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(float)};
}

/// 1, 7, 2, 11, ... bytes, and sometimes many.
std::vector<std::string> OddPieces(const std::string& bytes) {
  constexpr std::size_t kSizes[] = {1, 7, 2, 11, 3, 5, 1, 4001, 13};
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < bytes.size(); at += pieces.back().size()) {
    pieces.push_back(bytes.substr(at, kSizes[pieces.size() % std::size(kSizes)]));
  }
  return pieces;
}

std::vector<float> Some(AudioSource& source, std::size_t most = 65536) {
  std::vector<float> some(most);
  some.resize(static_cast<std::size_t>(source.ReadSome(some)));
  return some;
}

std::vector<float> AllThatIsThere(const std::string& bytes, const RawFormat& format,
                                  const AudioOptions& options = {}) {
  const TemporaryFolder dir;
  WriteBytes(dir / "a.raw", bytes);
  return ReadAll(*OpenRawAudio(dir / "a.raw", format, options));
}

TEST(ReadSome, GivesEachWholeSampleThatHasComeAndWaitsForNoMore) {
  const std::string bytes = Bytes(Noise(36 * 500));
  const std::pair<Sample, std::size_t> formats[] = {
      {Sample::kU8, 1}, {Sample::kS16le, 2}, {Sample::kS24le, 3}, {Sample::kF32le, 4}};
  for (const auto& [sample, sample_bytes] : formats) {
    for (const int channels : {1, 2, 3}) {
      const RawFormat format{sample, 16000, channels};
      const std::size_t frame_bytes = sample_bytes * static_cast<std::size_t>(channels);
      Pipe pipe;
      const auto source = OpenRawAudio(pipe.path(), format);
      std::vector<float> got;
      std::size_t sent = 0;
      for (const std::string& piece : OddPieces(bytes)) {
        pipe.Write(piece);
        sent += piece.size();
        if (sent / frame_bytes == got.size()) continue;  // ReadSome would wait
        const std::vector<float> some = Some(*source);
        got.insert(got.end(), some.begin(), some.end());
        ASSERT_EQ(got.size(), sent / frame_bytes);
      }
      pipe.Close();
      EXPECT_TRUE(Some(*source).empty());
      EXPECT_TRUE(Some(*source).empty());
      EXPECT_TRUE(got == AllThatIsThere(bytes, format));
    }
  }
}

TEST(ReadSome, GivesNoMoreThanThereIsRoomFor) {
  const std::vector<float> noise = Noise(1000);
  Pipe pipe;
  pipe.Write(Bytes(noise));
  pipe.Close();
  const auto source = OpenRawAudio(pipe.path(), {Sample::kF32le, 16000, 1});
  std::vector<float> got;
  for (std::size_t size : {300u, 300u, 300u, 100u, 0u}) {
    const std::vector<float> some = Some(*source, 300);
    EXPECT_EQ(some.size(), size);
    got.insert(got.end(), some.begin(), some.end());
  }
  EXPECT_TRUE(got == noise);
}

TEST(ReadSome, GivesWhatTheResamplerKnows) {
  const std::vector<float> noise = Noise(9000);
  for (const auto& [from_hz, to_hz] : {std::pair{48000, 16000}, {8000, 16000}, {44100, 16000}}) {
    Pipe pipe;
    const auto source =
        Resampled(OpenRawAudio(pipe.path(), {Sample::kF32le, from_hz, 1}), to_hz, "kaldi");
    Resampler<float> judge("kaldi", from_hz, to_hz);
    std::vector<float> wanted;
    std::vector<float> got;
    for (std::size_t at = 0; at < noise.size(); at += 100) {
      const std::vector<float> piece(noise.begin() + static_cast<std::ptrdiff_t>(at),
                                     noise.begin() + static_cast<std::ptrdiff_t>(at) + 100);
      pipe.Write(Bytes(piece));
      judge.Push(piece, wanted);
      if (wanted.size() == got.size()) continue;
      // Enough room for all of them; one call gives what one read(2) gave.
      const std::vector<float> some = Some(*source);
      got.insert(got.end(), some.begin(), some.end());
      ASSERT_EQ(got.size(), wanted.size()) << "after " << at + 100 << " samples";
    }
    judge.Finish(wanted);
    pipe.Close();
    for (std::vector<float> some = Some(*source); !some.empty(); some = Some(*source)) {
      got.insert(got.end(), some.begin(), some.end());
    }
    EXPECT_TRUE(got == wanted);
  }
}

TEST(ReadSome, MixesAndResamplesToTheSamplesOfRead) {
  const std::string bytes = Bytes(Noise(2 * 4 * 3000));
  const RawFormat format{Sample::kS16le, 44100, 2};
  const TemporaryFolder dir;
  WriteBytes(dir / "a.raw", bytes);
  for (const char* resampler : {"swr-s16", "swr-float", "soxr-hq"}) {
    for (const Downmix downmix : {Downmix::kMean, Downmix::kFfmpeg}) {
      const AudioOptions options{std::nullopt, downmix};
      const auto whole = Resampled(OpenRawAudio(dir / "a.raw", format, options), 16000, resampler);
      Pipe pipe;
      const auto source = Resampled(OpenRawAudio(pipe.path(), format, options), 16000, resampler);
      std::thread sender([&pipe, &bytes] {
        for (const std::string& piece : OddPieces(bytes)) pipe.Write(piece);
        pipe.Close();
      });
      std::vector<float> got;
      for (std::vector<float> some = Some(*source, 37); !some.empty(); some = Some(*source, 37)) {
        got.insert(got.end(), some.begin(), some.end());
      }
      sender.join();
      EXPECT_TRUE(got == ReadAll(*whole)) << resampler;
    }
  }
}

TEST(ReadSome, RunsThroughAFile) {
  const TemporaryFolder dir;
  const std::vector<float> noise = Noise(1000);
  WriteSound(dir / "a.wav", test::kWav16, 16000, 1, noise);
  const auto source = OpenAudio(dir / "a.wav");
  std::vector<float> got = Some(*source, 600);
  const std::vector<float> rest = Some(*source, 600);
  got.insert(got.end(), rest.begin(), rest.end());
  EXPECT_TRUE(got == noise);
  EXPECT_TRUE(Some(*source).empty());
}

TEST(ReadSome, RefusesAnEndInTheMiddleOfASample) {
  Pipe pipe;
  pipe.Write(std::string(4 * 10 + 3, 'x'));
  pipe.Close();
  const auto source = OpenRawAudio(pipe.path(), {Sample::kS16le, 16000, 2});
  EXPECT_EQ(Some(*source).size(), 10u);
  const auto failure = FailureOf([&] { Some(*source); });
  EXPECT_EQ(failure.code, Code::kInput);
  EXPECT_TRUE(HasAll(failure.message, {"middle of a sample", "3 bytes after sample 10"}));
}

TEST(ReadSome, RefusesAPipeWithoutASample) {
  Pipe pipe;
  pipe.Close();
  const auto source = OpenRawAudio(pipe.path(), {});
  EXPECT_TRUE(HasAll(FailureOf([&] { Some(*source); }).message, {"is empty", "0 samples"}));
}

TEST(ReadSome, EndsItsWaitWithASignalAndLosesNothing) {
  struct sigaction action{};
  struct sigaction before{};
  action.sa_handler = [](int) {};  // without SA_RESTART
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  Pipe pipe;
  const auto source = OpenRawAudio(pipe.path(), {Sample::kF32le, 16000, 1});
  const std::string bytes = Bytes({0.5f, 0.25f});
  pipe.Write(bytes.substr(0, 3));
  std::atomic<bool> ended = false;
  std::thread sender([reader = pthread_self(), &ended] {
    while (!ended) pthread_kill(reader, SIGUSR1);
  });
  EXPECT_EQ(FailureOf([&] { Some(*source); }).code, Code::kInterrupted);
  ended = true;
  sender.join();
  pipe.Write(bytes.substr(3));
  EXPECT_EQ(Some(*source), (std::vector{0.5f, 0.25f}));
  sigaction(SIGUSR1, &before, nullptr);
}

}  // namespace
}  // namespace ossicle
