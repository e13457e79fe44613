#include "engine/signal_reader.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "engine/open_request.h"
#include "engine/timed.h"
#include "ossicle/error.h"

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
  const std::span<const float> block = held_ == Held::kAll ? NextHeld() : NextRead();
  samples_ += std::ssize(block);
  return block;
}

std::span<const float> SignalReader::NextRead() {
  const std::int64_t count = source_->Read(block_);
  const auto block = std::span<const float>(block_).first(static_cast<std::size_t>(count));
  if (held_ == Held::kAsRead) signal_.insert(signal_.end(), block.begin(), block.end());
  return block;
}

std::span<const float> SignalReader::NextHeld() const {
  const auto rest = std::span<const float>(signal_).subspan(static_cast<std::size_t>(samples_));
  return rest.first(std::min(rest.size(), kBlockSamples));
}

void SignalReader::PrepareRewind() {
  try {
    source_->Rewind();
  } catch (const Error&) {
    held_ = Held::kAsRead;
  }
}

void SignalReader::Rewind() {
  if (held_ == Held::kNothing) {
    source_->Rewind();
  } else {
    held_ = Held::kAll;
  }
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
