#include "compare/sound.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "dsp/finite.h"
#include "io/channel_mix.h"
#include "ossicle/error.h"

namespace ossicle::compare {

namespace {

/// Resampled samples that are kept.
constexpr std::size_t kMostKept = std::size_t{1} << 24;
/// A sound of at most so many seconds is resampled as a whole; of others, parts that begin and end
/// at a multiple of kPartSeconds, with so much around them that no resampler's window is cut.
constexpr std::int64_t kWholeSeconds = 32;
constexpr std::int64_t kPartSeconds = 4;
constexpr double kMarginSeconds = 0.25;
constexpr std::int64_t kMarginSamples = 1024;  // at least, of the audio

std::int64_t LoudestOf(std::span<const float> samples) {
  const auto quieter = [](float a, float b) { return std::abs(a) < std::abs(b); };
  return std::max_element(samples.begin(), samples.end(), quieter) - samples.begin();
}

/// Each is what a 16-bit integer becomes.
bool Is16Bit(std::span<const float> samples) {
  return std::all_of(samples.begin(), samples.end(), [](float x) {
    const float scaled = x * 32768.0f;
    return scaled == std::trunc(scaled) && scaled >= -32768.0f && scaled <= 32767.0f;
  });
}

}  // namespace

Sound::Sound(std::span<const float> samples, int sample_rate_hz) : rate_hz_(sample_rate_hz) {
  if (sample_rate_hz < 1 || sample_rate_hz > kMaxSampleRateHz) {
    throw Error(Code::kInvalidSpec, "sample_rate_hz=" + std::to_string(sample_rate_hz) +
                                        ", but it must be 1.." + std::to_string(kMaxSampleRateHz));
  }
  if (samples.empty()) {
    throw Error(Code::kShape, "the audio has 0 samples; pass that of which the features were made");
  }
  if (!dsp::AllFinite(samples)) dsp::ThrowNotFinite(samples, 0, sample_rate_hz);
  own_.assign(samples.begin(), samples.end());
  loudest_ = LoudestOf(samples);
  is_16_bit_ = Is16Bit(samples);
}

Sound Sound::WithoutMean() const {
  std::vector<float> samples = own_;
  double sum = 0.0;
  for (const float x : samples) sum += x;
  const double mean = sum / static_cast<double>(samples.size());
  for (float& x : samples) x = static_cast<float>(x - mean);
  return {samples, rate_hz_};
}

Sound::Key Sound::KeyOf(const FrontendSpec& spec) const {
  return {spec.sample_rate_hz, ossicle::ResamplerFor(spec.resampler, is_16_bit_)};
}

const Resampler<float>& Sound::ResamplerFor(const Key& key) {
  const auto found = resamplers_.find(key);
  if (found != resamplers_.end()) return found->second;
  return resamplers_.emplace(key, Resampler<float>(key.second, rate_hz_, key.first)).first->second;
}

std::int64_t Sound::Samples(const FrontendSpec& spec) {
  const auto own = static_cast<std::int64_t>(own_.size());
  return IsResampledFor(spec) ? ResamplerFor(KeyOf(spec)).OutputSamples(own) : own;
}

std::span<const float> Sound::For(const FrontendSpec& spec) { return Part(spec, 0, Samples(spec)); }

std::span<const float> Sound::Part(const FrontendSpec& spec, std::int64_t first,
                                   std::int64_t count) {
  const auto part = [](std::span<const float> samples, std::int64_t from, std::int64_t size) {
    return samples.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(size));
  };
  if (!IsResampledFor(spec)) return part(own_, first, count);
  const Key key = KeyOf(spec);
  const std::int64_t all = Samples(spec);
  if (count == all || all <= kWholeSeconds * spec.sample_rate_hz) {
    return part(Resampled(key, 0, all), first, count);
  }
  const std::int64_t step = kPartSeconds * spec.sample_rate_hz;
  const std::int64_t begin = first / step * step;
  const std::int64_t end = std::min(all, (first + count + step - 1) / step * step);
  return part(Resampled(key, begin, end - begin), first - begin, count);
}

const std::vector<float>& Sound::Resampled(const Key& key, std::int64_t first, std::int64_t count) {
  const PartKey part{key, first, count};
  const auto found = resampled_.find(part);
  if (found != resampled_.end()) return found->second;
  if (kept_ + static_cast<std::size_t>(count) > kMostKept) {
    resampled_.clear();
    kept_ = 0;
  }
  kept_ += static_cast<std::size_t>(count);
  return resampled_[part] = Resample(key, first, count);
}

std::vector<float> Sound::Resample(const Key& key, std::int64_t first, std::int64_t count) {
  // Outputs whose number is a multiple of `out` lie at samples of the audio.
  const std::int64_t common = std::gcd(rate_hz_, key.first);
  const std::int64_t in = rate_hz_ / common, out = key.first / common;
  const auto own = static_cast<std::int64_t>(own_.size());
  const auto margin =
      std::max(static_cast<std::int64_t>(kMarginSeconds * rate_hz_), kMarginSamples);
  const std::int64_t skipped = std::max<std::int64_t>(0, first / out - margin / in - 1);
  const std::int64_t begin = skipped * in;
  const std::int64_t end = std::min(own, ((first + count) / out + 1) * in + margin);

  Resampler<float> resampler = ResamplerFor(key);
  std::vector<float> samples;
  resampler.Push(std::span(own_).subspan(static_cast<std::size_t>(begin),
                                         static_cast<std::size_t>(end - begin)),
                 samples);
  resampler.Finish(samples);
  const std::int64_t needed = first - skipped * out + count;
  samples.resize(std::max(samples.size(), static_cast<std::size_t>(needed)));
  const auto from = samples.begin() + (first - skipped * out);
  return {from, from + count};
}

std::int64_t Sound::LoudestFor(const FrontendSpec& spec) const {
  return loudest_ * spec.sample_rate_hz / rate_hz_;
}

}  // namespace ossicle::compare
