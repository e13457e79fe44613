#include "encoder/window_copy.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "ossicle/error.h"

namespace ossicle {

namespace {

/// Copies outer x inner values; the target's inner ones are neighbours.
void CopyRows(const float* from, std::int64_t from_outer, std::int64_t from_inner, float* to,
              std::int64_t to_outer, std::int64_t outer, std::int64_t inner) {
  for (std::int64_t i = 0; i < outer; ++i, from += from_outer, to += to_outer) {
    if (from_inner == 1) {
      std::copy_n(from, inner, to);
    } else {
      for (std::int64_t j = 0; j < inner; ++j) to[j] = from[j * from_inner];
    }
  }
}

}  // namespace

void CopyFrames(const FeatureView<const float>& source, const FeatureView<float>& target,
                std::int64_t first) {
  float* to = &target.at(first, 0);
  if (target.band_stride == 1) {
    CopyRows(source.data, source.frame_stride, source.band_stride, to, target.frame_stride,
             source.frames, source.bands);
  } else {
    CopyRows(source.data, source.band_stride, source.frame_stride, to, target.band_stride,
             source.bands, source.frames);
  }
}

void RepeatLastFrame(const FeatureView<float>& target, std::int64_t first) {
  for (std::int64_t frame = first; frame < target.frames; ++frame) {
    for (int band = 0; band < target.bands; ++band) {
      target.at(frame, band) = target.at(first - 1, band);
    }
  }
}

void CheckWindow(const WindowView& window, int bands) {
  std::int64_t frames = 0;
  for (const FeatureView<const float>& part : {window.first, window.rest}) {
    if (part.frames <= 0) continue;
    frames += part.frames;
    if (part.bands == bands) continue;
    throw Error(Code::kShape, "a window has " + std::to_string(part.bands) + " bands, but " +
                                  std::to_string(bands) + " were agreed on");
  }
  if (frames == 0) throw Error(Code::kShape, "a window has no frames; give at least one");
}

std::vector<WindowView> CutWindows(const FeatureView<const float>& features,
                                   const WindowRule& rule) {
  rule.CheckFrames(features.frames);
  std::vector<WindowView> windows(static_cast<std::size_t>(rule.Count(features.frames)));
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const std::int64_t start = rule.Start(static_cast<std::int64_t>(i), features.frames);
    windows[i].first =
        features.Rows(start, std::min<std::int64_t>(rule.length, features.frames - start));
  }
  return windows;
}

void CopyWindow(const WindowView& window, const FeatureView<float>& target) {
  std::int64_t done = 0;
  for (const FeatureView<const float>& part : {window.first, window.rest}) {
    const std::int64_t count = std::clamp(part.frames, std::int64_t{0}, target.frames - done);
    if (count > 0) CopyFrames(part.Rows(0, count), target, done);
    done += count;
  }
  RepeatLastFrame(target, done);
}

void CopyWindow(const Features<float>& features, std::int64_t start,
                const FeatureView<float>& target) {
  std::int64_t done = 0;
  while (done < target.frames && start + done < features.frames()) {
    const FeatureView<const float> block = features.BlockFrom(start + done);
    const std::int64_t count = std::min(block.frames, target.frames - done);
    CopyFrames(block.Rows(0, count), target, done);
    done += count;
  }
  RepeatLastFrame(target, done);
}

}  // namespace ossicle
