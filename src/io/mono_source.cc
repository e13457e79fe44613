#include "io/mono_source.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "io/file_descriptor.h"
#include "io/finite_samples.h"
#include "ossicle/error.h"

namespace ossicle {
namespace {

// Of all channels together, so that memory does not grow with their number.
constexpr std::size_t kBlockSamples = 65536;

Resampler<float> MakeResampler(const AudioInfo& info, const std::string& name, int to_hz) {
  try {
    return {name, info.sample_rate_hz, to_hz};
  } catch (const Error& error) {
    throw Error(Code::kInput, InputName(info.name) + " cannot be resampled: " + error.what());
  }
}

}  // namespace

MonoSource::MonoSource(std::unique_ptr<FrameSource> frames, const AudioOptions& options)
    : frames_(std::move(frames)),
      options_(options),
      info_(frames_->info()),
      mix_(*frames_, options_, info_.is_16_bit ? "swr-s16" : "",
           /*rate_fits=*/true) {}

void MonoSource::Resample(int sample_rate_hz, const std::string& resampler, double* seconds) {
  const AudioInfo& input = frames_->info();
  const bool rate_fits = input.sample_rate_hz == sample_rate_hz;
  mix_ = ChannelMix(*frames_, options_, resampler, rate_fits);
  if (rate_fits) return;
  const Resampler<float> made = MakeResampler(input, mix_.SignalResampler(), sample_rate_hz);
  resamplers_ = std::vector<Resampler<float>>(mix_.signals(), made);
  resampled_.resize(mix_.signals());
  seconds_ = seconds;
  info_.sample_rate_hz = sample_rate_hz;
  info_.resampler = mix_.resampler();
  info_.is_16_bit = FindResampler(info_.resampler).is_16_bit;
  if (input.samples) info_.samples = made.OutputSamples(*input.samples);
}

std::int64_t MonoSource::Read(std::span<float> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    if (!Refill(out.size() - done, &FrameSource::ReadFrames)) break;
    done += Take(out.subspan(done));
  }
  return static_cast<std::int64_t>(done);
}

std::int64_t MonoSource::ReadSome(std::span<float> out) {
  if (!Refill(out.size(), &FrameSource::ReadSomeFrames)) return 0;
  return static_cast<std::int64_t>(Take(out));
}

/// Samples that are ready.
std::size_t MonoSource::Take(std::span<float> out) {
  const std::size_t count = std::min(ready_.size() - ready_begin_, out.size());
  std::copy_n(ready_.begin() + static_cast<std::ptrdiff_t>(ready_begin_), count, out.begin());
  ready_begin_ += count;
  return count;
}

void MonoSource::Rewind() {
  frames_->Rewind();
  for (Resampler<float>& resampler : resamplers_) resampler.Reset();
  ready_.clear();
  ready_begin_ = 0;
  position_ = 0;
  ended_ = false;
}

/// Makes some samples, about as many as are wanted, if none is ready; false at the end.
bool MonoSource::Refill(std::size_t wanted, ReadFunction read) {
  if (ready_begin_ < ready_.size()) return true;
  ready_.clear();
  ready_begin_ = 0;
  const auto channels = static_cast<std::size_t>(frames_->channels());
  while (ready_.empty() && !ended_) {
    const std::size_t asked =
        std::clamp<std::size_t>(FramesFor(wanted), 1, kBlockSamples / channels);
    interleaved_.resize(asked * channels);
    const auto got = static_cast<std::size_t>(((*frames_).*read)(interleaved_));
    ended_ = got == 0;
    mix_.Split<float>(std::span(interleaved_).first(got * channels), signals_);
    for (const std::vector<float>& signal : signals_) {
      CheckFiniteSamples<float>(signal, position_, frames_->info());
    }
    position_ += static_cast<std::int64_t>(got);
    if (is_resampled()) ResampleSignals();
    mix_.Join(is_resampled() ? resampled_ : signals_, ready_);
  }
  return !ready_.empty();
}

/// No more than have to be read for so many samples: the rest may not be there yet.
std::size_t MonoSource::FramesFor(std::size_t wanted) const {
  if (!is_resampled()) return wanted;
  const double ratio = static_cast<double>(frames_->info().sample_rate_hz) / info_.sample_rate_hz;
  return static_cast<std::size_t>(std::min(static_cast<double>(wanted) * ratio, 1e9));
}

void MonoSource::ResampleSignals() {
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t s = 0; s < resamplers_.size(); ++s) {
    resampled_[s].clear();
    resamplers_[s].Push(signals_[s], resampled_[s]);
    if (ended_) resamplers_[s].Finish(resampled_[s]);
  }
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
  if (seconds_) *seconds_ += spent.count();
}

}  // namespace ossicle
