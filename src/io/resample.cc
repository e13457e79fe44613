#include <memory>
#include <string>
#include <utility>

#include "io/decoded_source.h"
#include "io/mono_source.h"
#include "ossicle/audio.h"
#include "ossicle/error.h"

namespace ossicle {
namespace {

/// Samples that somebody else mixed, as frames of one channel.
class MixedFrames final : public FrameSource {
 public:
  explicit MixedFrames(std::unique_ptr<AudioSource> source) : source_(std::move(source)) {}
  const AudioInfo& info() const override { return source_->info(); }
  int channels() const override { return 1; }
  std::int64_t ReadFrames(std::span<float> out) override { return source_->Read(out); }
  std::int64_t ReadSomeFrames(std::span<float> out) override { return source_->ReadSome(out); }
  void Rewind() override { source_->Rewind(); }

 private:
  const std::unique_ptr<AudioSource> source_;
};

}  // namespace

std::unique_ptr<AudioSource> Resampled(std::unique_ptr<AudioSource> source, int sample_rate_hz,
                                       const std::string& resampler, double* seconds) {
  FindResampler(resampler);
  if (sample_rate_hz < 1 || sample_rate_hz > kMaxSampleRateHz) {
    throw Error(Code::kInvalidSpec, "sample_rate_hz=" + std::to_string(sample_rate_hz) + "; 1.." +
                                        std::to_string(kMaxSampleRateHz) + " are legal");
  }
  // Its channels are resampled before they are mixed, so it does that itself.
  auto* mono = dynamic_cast<MonoSource*>(source.get());
  if (mono == nullptr || mono->is_resampled()) {
    if (source->info().sample_rate_hz == sample_rate_hz) return source;
    auto frames = std::make_unique<MixedFrames>(std::move(source));
    auto wrapped = std::make_unique<MonoSource>(std::move(frames), AudioOptions{});
    mono = wrapped.get();
    source = std::move(wrapped);
  }
  mono->Resample(sample_rate_hz, resampler, seconds);
  return source;
}

}  // namespace ossicle
