#include "engine/signal_reader.h"

#include <cstddef>
#include <utility>

#include "engine/open_request.h"
#include "engine/timed.h"

namespace ossicle {

namespace {

/// Samples that are decoded at a time.
constexpr std::size_t kBlockSamples = 1 << 16;

}  // namespace

SignalReader::SignalReader(const InputRequest& input, const FrontendSpec& spec)
    : rate_hz_(spec.sample_rate_hz), block_(kBlockSamples) {
  const Timed timed(read_s_);
  std::unique_ptr<AudioSource> source = OpenRequest(input, spec.downmix);
  input_ = source->info();
  source_ = Resampled(std::move(source), spec.sample_rate_hz, spec.resampler, &resample_s_);
  input_.resampler = source_->info().resampler;
}

std::span<const float> SignalReader::Read() {
  const Timed timed(read_s_);
  const std::int64_t count = source_->Read(block_);
  samples_ += count;
  return std::span(block_).first(static_cast<std::size_t>(count));
}

void SignalReader::Rewind() {
  source_->Rewind();
  samples_ = 0;
}

double SignalReader::done_s() const noexcept { return static_cast<double>(samples_) / rate_hz_; }

double SignalReader::total_s() const noexcept {
  return static_cast<double>(input_.samples.value_or(0)) / input_.sample_rate_hz;
}

void SignalReader::AddSeconds(StageSeconds& seconds) const noexcept {
  seconds.decode += read_s_ - resample_s_;
  seconds.resample += resample_s_;
}

}  // namespace ossicle
