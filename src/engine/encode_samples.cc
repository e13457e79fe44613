#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "encoder/window_copy.h"
#include "engine/timed.h"
#include "ossicle/engine.h"
#include "ossicle/resampler.h"

namespace ossicle {

namespace {

/// Features of a whole signal, and where its windows lie in them.
class Matrix {
 public:
  Matrix(std::span<const float> samples, const Frontend& frontend, Workers* workers)
      : values_(static_cast<std::size_t>(frontend.Frames(std::ssize(samples)) * frontend.bands())),
        view_(MakeView(values_.data(), frontend.Frames(std::ssize(samples)), frontend.bands(),
                       frontend.spec().layout)) {
    Scratch scratch = frontend.MakeScratch(workers ? workers->count() : 1);
    frontend.Run(samples, view_, scratch, workers);
  }

  FeatureView<const float> view() const {
    return {view_.data, view_.frames, view_.bands, view_.frame_stride, view_.band_stride};
  }

 private:
  std::vector<float> values_;
  FeatureView<float> view_;
};

}  // namespace

Encoding Encode(std::span<const float> samples, const Model& model, Workers* workers,
                int sample_rate_hz, const ProgressFunction& progress) {
  const FrontendSpec& spec = model.frontend.spec();
  Encoding encoding;
  encoding.input.sample_rate_hz = sample_rate_hz == 0 ? spec.sample_rate_hz : sample_rate_hz;
  encoding.input.channels = 1;
  encoding.input.samples = std::ssize(samples);
  encoding.duration_s = static_cast<double>(samples.size()) / encoding.input.sample_rate_hz;

  const auto report = [&](double part) {
    if (progress) progress(part * encoding.duration_s, encoding.duration_s);
  };

  std::vector<float> resampled;
  if (encoding.input.sample_rate_hz != spec.sample_rate_hz) {
    const Timed resample(encoding.seconds.resample);
    resampled = Resample(spec.resampler, samples, sample_rate_hz, spec.sample_rate_hz,
                         [&](double, double) { report(0.0); });
    samples = resampled;
    encoding.input.resampler = spec.resampler;
  }

  Timed features(encoding.seconds.features);
  const Matrix matrix(samples, model.frontend, workers);
  features.Stop();
  encoding.frames = matrix.view().frames;
  report(0.0);

  Timed encoder(encoding.seconds.encoder);
  Encoder::Result& result = encoding.embeddings;
  const std::vector<WindowView> windows = CutWindows(matrix.view(), model.windows);
  result.not_finite = model.encoder.Encode(
      windows, model.windows, model.frontend.bands(), spec.layout, result.values, workers,
      [&](std::int64_t done) {
        report(static_cast<double>(done) / static_cast<double>(windows.size()));
      });
  encoder.Stop();
  report(1.0);
  result.windows = std::ssize(windows);
  result.embedding_size = static_cast<int>(std::ssize(result.values) / result.windows);
  return encoding;
}

}  // namespace ossicle
