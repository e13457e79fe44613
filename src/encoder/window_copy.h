#pragma once

#include <cstdint>
#include <vector>

#include "ossicle/encoder.h"
#include "ossicle/features.h"

namespace ossicle {

/// Copies `source` to the frames of `target` from `first` on, in any layout to any other.
void CopyFrames(const FeatureView<const float>& source, const FeatureView<float>& target,
                std::int64_t first);

/// Fills the frames of `target` from `first` >= 1 on with the one before.
void RepeatLastFrame(const FeatureView<float>& target, std::int64_t first);

/// Throws Error(kShape) unless `window` has a frame, and frames of `bands` bands only.
void CheckWindow(const WindowView& window, int bands);

/// The windows that `rule` cuts out of `features`, as views. Throws Error(kShape) if there are too
/// few frames for one.
std::vector<WindowView> CutWindows(const FeatureView<const float>& features,
                                   const WindowRule& rule);

/// Copies a window that was checked to `target`.
void CopyWindow(const WindowView& window, const FeatureView<float>& target);

/// The same for the window that starts at frame `start` of `features`.
void CopyWindow(const Features<float>& features, std::int64_t start,
                const FeatureView<float>& target);

}  // namespace ossicle
