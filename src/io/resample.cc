#include <soxr.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/decoded_source.h"
#include "io/file_descriptor.h"
#include "ossicle/audio.h"
#include "ossicle/error.h"

namespace ossicle {
namespace {

// libsoxr sees blocks of these sizes whatever the caller asks for.
constexpr std::size_t kInputSamples = 16384;
constexpr std::size_t kOutputSamples = 8192;

struct DeleteSoxr {
  void operator()(soxr_t resampler) const { soxr_delete(resampler); }
};
using Soxr = std::unique_ptr<soxr, DeleteSoxr>;

[[noreturn]] void ThrowSoxrError(const AudioInfo& info, int rate_hz, soxr_error_t error) {
  throw Error(Code::kInput, "cannot resample " + InputName(info.name) + " from " +
                                std::to_string(info.sample_rate_hz) + " to " +
                                std::to_string(rate_hz) + " Hz: libsoxr says \"" +
                                (error ? error : "no reason") + "\"");
}

Soxr MakeSoxr(const AudioInfo& info, int rate_hz) {
  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  soxr_error_t error = nullptr;
  Soxr resampler(soxr_create(info.sample_rate_hz, rate_hz, 1, &error, &io, &quality, &runtime));
  if (error || !resampler) ThrowSoxrError(info, rate_hz, error);
  return resampler;
}

std::int64_t OutputSamples(std::int64_t samples, int from_hz, int to_hz) {
  const __int128 scaled = static_cast<__int128>(samples) * to_hz;
  return static_cast<std::int64_t>((scaled + from_hz - 1) / from_hz);
}

AudioInfo ResampledInfo(AudioInfo info, int rate_hz) {
  if (info.samples) info.samples = OutputSamples(*info.samples, info.sample_rate_hz, rate_hz);
  info.sample_rate_hz = rate_hz;
  return info;
}

/// libsoxr removes its filters' delay itself. Beyond its end the signal counts as zeros, which are
/// fed until the last output sample is out.
class ResampledSource final : public AudioSource {
 public:
  ResampledSource(std::unique_ptr<AudioSource> source, int rate_hz, double* seconds)
      : source_(std::move(source)),
        info_(ResampledInfo(source_->info(), rate_hz)),
        resampler_(MakeSoxr(source_->info(), rate_hz)),
        input_(kInputSamples),
        output_(kOutputSamples),
        seconds_(seconds) {}

  const AudioInfo& info() const override { return info_; }

  std::int64_t Read(std::span<float> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      if (ready_.empty() && !Refill()) break;
      const std::size_t count = std::min(ready_.size(), out.size() - done);
      std::copy_n(ready_.begin(), count, out.begin() + static_cast<std::ptrdiff_t>(done));
      ready_ = ready_.subspan(count);
      done += count;
    }
    return static_cast<std::int64_t>(done);
  }

  void Rewind() override {
    source_->Rewind();
    resampler_ = MakeSoxr(source_->info(), info_.sample_rate_hz);
    pending_ = {};
    ready_ = {};
    samples_in_ = samples_out_ = 0;
    ended_ = false;
  }

 private:
  bool Refill() {
    while (ready_.empty()) {
      if (pending_.empty()) ReadInput();
      const std::size_t wanted = SamplesWanted();
      if (wanted == 0) return false;
      ready_ = std::span<const float>(output_).first(std::min(Process(), wanted));
      samples_out_ += static_cast<std::int64_t>(ready_.size());
    }
    return true;
  }

  void ReadInput() {
    std::size_t got = 0;
    if (!ended_) {
      got = static_cast<std::size_t>(source_->Read(input_));
      samples_in_ += static_cast<std::int64_t>(got);
      ended_ = got < input_.size();
    }
    std::fill(input_.begin() + static_cast<std::ptrdiff_t>(got), input_.end(), 0.0f);
    pending_ = input_;
  }

  std::size_t SamplesWanted() const {
    if (!ended_) return kOutputSamples;
    const std::int64_t all =
        OutputSamples(samples_in_, source_->info().sample_rate_hz, info_.sample_rate_hz);
    return static_cast<std::size_t>(std::min<std::int64_t>(all - samples_out_, kOutputSamples));
  }

  std::size_t Process() {
    const auto begin = std::chrono::steady_clock::now();
    std::size_t used = 0;
    std::size_t made = 0;
    const soxr_error_t error = soxr_process(resampler_.get(), pending_.data(), pending_.size(),
                                            &used, output_.data(), output_.size(), &made);
    if (error) ThrowSoxrError(source_->info(), info_.sample_rate_hz, error);
    pending_ = pending_.subspan(used);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    if (seconds_) *seconds_ += spent.count();
    return made;
  }

  const std::unique_ptr<AudioSource> source_;
  const AudioInfo info_;
  Soxr resampler_;
  std::vector<float> input_;
  std::vector<float> output_;
  std::span<const float> pending_;  // of input_: not yet given to libsoxr
  std::span<const float> ready_;    // of output_: not yet given to the caller
  std::int64_t samples_in_ = 0;
  std::int64_t samples_out_ = 0;
  bool ended_ = false;
  double* const seconds_;
};

}  // namespace

std::unique_ptr<AudioSource> Resampled(std::unique_ptr<AudioSource> source, int sample_rate_hz,
                                       double* seconds) {
  if (sample_rate_hz < 1 || sample_rate_hz > kMaxSampleRateHz) {
    throw Error(Code::kInvalidSpec, "sample_rate_hz=" + std::to_string(sample_rate_hz) + "; 1.." +
                                        std::to_string(kMaxSampleRateHz) + " are legal");
  }
  if (source->info().sample_rate_hz == sample_rate_hz) return source;
  return std::make_unique<ResampledSource>(std::move(source), sample_rate_hz, seconds);
}

}  // namespace ossicle
