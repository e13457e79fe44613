#include "oracle/signals.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <numbers>
#include <set>
#include <stdexcept>
#include <string_view>

namespace oracle {
namespace {

constexpr char kSpeechDirectory[] = "/usr/share/pocketsphinx/test/data/librivox";
constexpr char kSpeechFile[] = "sense_and_sensibility_01_austen_64kb-0870.wav";
constexpr int kSpeechRateHz = 16000;

std::string SpeechPath() {
  const char* directory = std::getenv("OSSICLE_SPEECH_DIR");
  return std::string(directory != nullptr ? directory : kSpeechDirectory) + "/" + kSpeechFile;
}

[[noreturn]] void Fail(const std::string& what) {
  throw std::runtime_error("the tests need real speech, but " + SpeechPath() + " " + what +
                           "; Debian, Ubuntu: apt-get install pocketsphinx-testdata, or name "
                           "its folder in OSSICLE_SPEECH_DIR");
}

std::uint32_t Little(std::string_view bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = count; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes.at(at + static_cast<std::size_t>(i)));
  }
  return value;
}

/// The body of the first chunk called `id` in a RIFF file; empty if there is none.
std::string_view Chunk(std::string_view riff, std::string_view id) {
  std::size_t at = 12;
  while (at + 8 <= riff.size()) {
    const std::size_t size = Little(riff, at + 4, 4);
    if (riff.substr(at, 4) == id) return riff.substr(at + 8, size);
    at += 8 + size + size % 2;
  }
  return {};
}

std::vector<float> ReadSpeech() {
  std::ifstream file(SpeechPath(), std::ios::binary);
  if (!file) Fail("cannot be opened");
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (bytes.substr(0, 4) != "RIFF") Fail("is not a WAV file");
  const std::string_view format = Chunk(bytes, "fmt ");
  const std::string_view data = Chunk(bytes, "data");
  const bool mono_pcm16 = format.size() >= 16 && Little(format, 0, 2) == 1 &&
                          Little(format, 2, 2) == 1 && Little(format, 14, 2) == 16;
  if (!mono_pcm16 || Little(format, 4, 4) != kSpeechRateHz || data.size() < 2) {
    Fail("is not 16 kHz mono 16-bit PCM");
  }
  std::vector<float> samples;
  for (std::size_t at = 0; at + 2 <= data.size(); at += 2) {
    const auto value = static_cast<std::int16_t>(Little(data, at, 2));
    samples.push_back(static_cast<float>(value) / 32768.0F);
  }
  return samples;
}

}  // namespace

std::vector<float> Speech(double seconds) {
  static const std::vector<float> all = ReadSpeech();
  const auto count = std::min(all.size(), static_cast<std::size_t>(seconds * kSpeechRateHz));
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::vector<float> WhiteNoise(std::int64_t count, std::uint32_t seed) {
  std::vector<float> samples;
  std::uint64_t state = seed;
  for (std::int64_t n = 0; n < count; ++n) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto top = static_cast<std::int32_t>(state >> 40);
    samples.push_back(static_cast<float>(top - (1 << 23)) / static_cast<float>(1 << 23));
  }
  return samples;
}

std::vector<float> Silence(std::int64_t count) {
  return std::vector<float>(static_cast<std::size_t>(count), 0.0F);
}

std::vector<float> Impulse(std::int64_t count) {
  std::vector<float> samples = Silence(count);
  samples[samples.size() / 2] = 1.0F;
  return samples;
}

std::vector<float> Sine(std::int64_t count, double period_samples) {
  std::vector<float> samples;
  for (std::int64_t n = 0; n < count; ++n) {
    const double turns = static_cast<double>(n) / period_samples;
    samples.push_back(static_cast<float>(std::sin(2.0 * std::numbers::pi * turns)));
  }
  return samples;
}

std::vector<float> Square(std::int64_t count, std::int64_t period_samples) {
  std::vector<float> samples;
  for (std::int64_t n = 0; n < count; ++n) {
    samples.push_back(n % period_samples < period_samples / 2 ? 1.0F : -1.0F);
  }
  return samples;
}

std::vector<Signal> TestSignals(const ossicle::FrontendSpec& spec) {
  std::vector<Signal> signals = {
      {"speech", Speech(3.0)},
      {"white noise", WhiteNoise(16001)},
      {"silence", Silence(8000)},
      {"impulse", Impulse(8000)},
      {"sine", Sine(8000, 16.0), SignalKind::kTone},
      {"sine between bins", Sine(8000, 17.3), SignalKind::kTone},
      {"square", Square(8000, 36), SignalKind::kTone},
  };
  std::set<std::int64_t> lengths = {1, 2, 4801, 7999};
  for (const int whole : {spec.window_samples, spec.fft_size}) {
    lengths.insert({whole - 1, whole, whole + 1});
  }
  lengths.erase(lengths.begin(), lengths.lower_bound(spec.min_samples));
  for (const std::int64_t length : lengths) {
    const auto seed = static_cast<std::uint32_t>(length);
    signals.push_back({"noise of " + std::to_string(length), WhiteNoise(length, seed)});
  }
  return signals;
}

}  // namespace oracle
