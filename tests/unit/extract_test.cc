#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ossicle/engine.h"
#include "support/files.h"
#include "support/standard_input.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::StandardInput;
using test::TemporaryFolder;

constexpr RawFormat kRaw{RawFormat::Sample::kS16le, 44100, 1};

/// 5 s, so that it is read in several blocks.
std::string Noise() {
  std::string bytes(2 * 5 * 44100, '\0');
  std::uint32_t seed = 1;
  for (char& byte : bytes) {
    seed = seed * 1664525u + 1013904223u;
    byte = static_cast<char>(seed >> 24);
  }
  return bytes;
}

std::vector<float> Values(const Extraction<float>& extraction) {
  const Features<float>& features = extraction.features;
  std::vector<float> values(static_cast<std::size_t>(features.frames() * features.bands()));
  features.Copy(0, features.frames(), Layout::kFramesFirst, values);
  return values;
}

/// A thread that writes `bytes` into a pipe in the place of standard input.
class Piped {
 public:
  explicit Piped(const std::string& bytes) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("pipe");
    input_ = std::make_unique<StandardInput>(ends[0]);
    writer_ = std::jthread([end = ends[1], bytes] {
      for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t count = write(end, bytes.data() + done, bytes.size() - done);
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
      }
      close(end);
    });
  }

 private:
  std::unique_ptr<StandardInput> input_;
  std::jthread writer_;
};

TEST(Extract, GoesThroughAPipeTwiceWhereAFrontEndNeedsThat) {
  const TemporaryFolder folder;
  test::WriteBytes(folder / "noise.raw", Noise());
  for (const char* preset : {"librosa-mfcc@0.9", "torchaudio-mfcc", "whisper-80"}) {
    const Frontend frontend(Preset(preset));
    const Extraction<float> file = Extract<float>({folder / "noise.raw", kRaw}, frontend);
    const Piped piped(Noise());
    const Extraction<float> pipe = Extract<float>({"-", kRaw}, frontend);
    EXPECT_GT(file.features.frames(), 100) << preset;
    EXPECT_EQ(Values(pipe), Values(file)) << preset;
    EXPECT_EQ(pipe.duration_s, file.duration_s) << preset;
  }
}

}  // namespace
}  // namespace ossicle
