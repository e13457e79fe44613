#include "compare/sound.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "ossicle/audio.h"
#include "ossicle/error.h"

namespace ossicle::compare {

namespace {

class MemorySource : public AudioSource {
 public:
  MemorySource(std::span<const float> samples, int sample_rate_hz) : samples_(samples) {
    info_ = {"samples in memory", "float32", sample_rate_hz, 1,
             static_cast<std::int64_t>(samples.size())};
  }
  const AudioInfo& info() const override { return info_; }
  std::int64_t Read(std::span<float> out) override {
    const std::size_t count = std::min(out.size(), samples_.size() - place_);
    std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(place_), count, out.begin());
    place_ += count;
    return static_cast<std::int64_t>(count);
  }
  void Rewind() override { place_ = 0; }

 private:
  std::span<const float> samples_;
  AudioInfo info_;
  std::size_t place_ = 0;
};

std::int64_t LoudestOf(std::span<const float> samples) {
  const auto quieter = [](float a, float b) { return std::abs(a) < std::abs(b); };
  return std::max_element(samples.begin(), samples.end(), quieter) - samples.begin();
}

std::vector<float> Resample(std::span<const float> samples, int from_hz, int to_hz) {
  const auto source = Resampled(std::make_unique<MemorySource>(samples, from_hz), to_hz);
  std::vector<float> result;
  std::vector<float> block(65536);
  while (const std::int64_t count = source->Read(block)) {
    result.insert(result.end(), block.begin(), block.begin() + count);
  }
  return result;
}

}  // namespace

Sound::Sound(std::span<const float> samples, int sample_rate_hz) : rate_hz_(sample_rate_hz) {
  if (sample_rate_hz < 1 || sample_rate_hz > 768000) {
    throw Error(Code::kInvalidSpec,
                "sample_rate_hz=" + std::to_string(sample_rate_hz) + ", but it must be 1..768000");
  }
  if (samples.empty()) {
    throw Error(Code::kShape, "the audio has 0 samples; pass that of which the features were made");
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::isfinite(samples[i])) continue;
    throw Error(Code::kNotFinite, "the audio holds " + std::to_string(samples[i]) + " at sample " +
                                      std::to_string(i) + ", but every sample must be finite");
  }
  copies_[rate_hz_] = {{samples.begin(), samples.end()}, LoudestOf(samples)};
}

Sound Sound::WithoutMean() const {
  std::vector<float> samples = copies_.at(rate_hz_).samples;
  double sum = 0.0;
  for (const float x : samples) sum += x;
  const double mean = sum / static_cast<double>(samples.size());
  for (float& x : samples) x = static_cast<float>(x - mean);
  return {samples, rate_hz_};
}

const Sound::Copy& Sound::Find(int sample_rate_hz) {
  const auto found = copies_.find(sample_rate_hz);
  if (found != copies_.end()) return found->second;
  Copy copy;
  copy.samples = Resample(copies_.at(rate_hz_).samples, rate_hz_, sample_rate_hz);
  copy.loudest = LoudestOf(copy.samples);
  return copies_[sample_rate_hz] = std::move(copy);
}

std::span<const float> Sound::At(int sample_rate_hz) { return Find(sample_rate_hz).samples; }

std::int64_t Sound::Loudest(int sample_rate_hz) { return Find(sample_rate_hz).loudest; }

}  // namespace ossicle::compare
