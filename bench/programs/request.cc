#include "request.h"

#include <stdexcept>

namespace ossicle::bench {

Request::Request(std::span<const float> audio, int windows)
    : frontend_(Preset(kPreset)), scratch_(frontend_.MakeScratch(Workers::HardwareCount())) {
  std::int64_t samples = 1;
  while (kRule.Count(frontend_.Frames(samples)) < windows) ++samples;
  const auto needed = static_cast<std::size_t>(samples);
  if (needed > audio.size()) throw std::runtime_error("the audio is too short for the windows");
  audio_ = audio.subspan((audio.size() - needed) / 2, needed);

  const std::int64_t frames = frontend_.Frames(samples);
  values_.resize(static_cast<std::size_t>(frames * frontend_.bands()));
  view_ = MakeView(values_.data(), frames, frontend_.bands(), layout());
  const auto features = MakeView<const float>(values_.data(), frames, frontend_.bands(), layout());
  for (int i = 0; i < windows; ++i) {
    windows_.push_back({features.Rows(kRule.Start(i, frames), kRule.length)});
  }
}

void Request::ComputeFeatures(Workers* workers) {
  frontend_.Run<float>(audio_, view_, scratch_, workers);
}

std::vector<float> Request::Tensor() const {
  std::vector<float> tensor;
  for (const WindowView& window : windows_) {
    for (int band = 0; band < frontend_.bands(); ++band) {
      for (int frame = 0; frame < kRule.length; ++frame) {
        tensor.push_back(window.first.at(frame, band));
      }
    }
  }
  return tensor;
}

}  // namespace ossicle::bench
