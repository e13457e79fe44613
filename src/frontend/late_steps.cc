#include "frontend/late_steps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>

namespace ossicle::internal {

namespace {

/// Adds numbers in pairs as a binary counter carries: the shape depends on their count alone.
class PairwiseSum {
 public:
  void Add(double x) {
    std::size_t level = 0;
    for (std::uint64_t carry = count_; carry & 1; carry >>= 1) x = levels_[level++] + x;
    levels_[level] = x;
    ++count_;
  }
  double Total() const {
    double total = 0.0;
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      if (count_ >> level & 1) total = levels_[level] + total;
    }
    return total;
  }

 private:
  std::array<double, 48> levels_{};
  std::uint64_t count_ = 0;
};

template <class T, class Function>
void ForEachValue(std::span<const FeatureView<T>> blocks, Function function) {
  for (const FeatureView<T>& block : blocks) {
    const bool bands_inside = block.band_stride < block.frame_stride;
    const std::int64_t outer = bands_inside ? block.frames : block.bands;
    const std::int64_t inner = bands_inside ? block.bands : block.frames;
    const std::int64_t outer_stride = bands_inside ? block.frame_stride : block.band_stride;
    const std::int64_t inner_stride = bands_inside ? block.band_stride : block.frame_stride;
    for (std::int64_t i = 0; i < outer; ++i) {
      T* x = block.data + i * outer_stride;
      for (std::int64_t j = 0; j < inner; ++j) function(x[j * inner_stride]);
    }
  }
}

/// Sum over all frames of one band of function(x), in double.
template <class T, class Function>
double SumBand(std::span<const FeatureView<T>> blocks, int band, Function function) {
  PairwiseSum sum;
  for (const FeatureView<T>& block : blocks) {
    for (std::int64_t first = 0; first < block.frames; first += kSumFrames) {
      const std::int64_t end = std::min(first + kSumFrames, block.frames);
      double run = 0.0;
      for (std::int64_t frame = first; frame < end; ++frame) {
        run += function(static_cast<double>(block.at(frame, band)));
      }
      sum.Add(run);
    }
  }
  return sum.Total();
}

template <class T>
class StepApplier {
 public:
  StepApplier(std::span<const FeatureView<T>> blocks, const T* peak)
      : blocks_(blocks), known_peak_(peak) {
    for (const FeatureView<T>& block : blocks) frames_ += block.frames;
  }

  void operator()(const PeakFloor& step) {
    const T* known_peak = std::exchange(known_peak_, nullptr);
    const T floor = (known_peak ? *known_peak : Peak()) - static_cast<T>(step.range);
    ForEachValue(blocks_, [floor](T& x) { x = std::max(x, floor); });
  }

  void operator()(const Affine& step) {
    const T scale = static_cast<T>(step.scale);
    const T offset = static_cast<T>(step.offset);
    ForEachValue(blocks_, [=](T& x) { x = scale * x + offset; });
  }

  void operator()(const Clip& step) {
    const T low = static_cast<T>(step.low);
    const T high = static_cast<T>(step.high);
    ForEachValue(blocks_, [=](T& x) { x = std::min(std::max(x, low), high); });
  }

  void operator()(const SubtractMean&) {
    ForEachBand([this](int band, double origin) {
      const double mean = Mean(band, origin);
      return [=](double x) { return (x - origin) - mean; };
    });
  }

  void operator()(const Standardize& step) {
    ForEachBand([this, &step](int band, double origin) {
      const double mean = Mean(band, origin);
      const double squares = SumBand(blocks_, band, [=](double x) {
        const double difference = (x - origin) - mean;
        return difference * difference;
      });
      const auto divisor = static_cast<double>(frames_ - step.ddof);
      const double deviation = divisor > 0 ? std::sqrt(squares / divisor) : 0.0;
      const double scale = deviation > 0.0 ? deviation + step.epsilon : 0.0;
      return [=](double x) { return scale > 0.0 ? ((x - origin) - mean) / scale : 0.0; };
    });
  }

  void operator()(const Cepstrum&) {}  // always the kernel's

 private:
  T Peak() const {
    T peak = -std::numeric_limits<T>::infinity();
    ForEachValue(blocks_, [&peak](const T& x) { peak = std::max(peak, x); });
    return peak;
  }

  /// Differences from the band's first value keep a band that never changes exact.
  double Mean(int band, double origin) const {
    return SumBand(blocks_, band, [=](double x) { return x - origin; }) /
           static_cast<double>(frames_);
  }

  /// Replaces each value of each band by make_function(band, first value)(value).
  template <class MakeFunction>
  void ForEachBand(MakeFunction make_function) {
    if (frames_ == 0) return;
    for (int band = 0; band < blocks_[0].bands; ++band) {
      const auto function = make_function(band, static_cast<double>(blocks_[0].at(0, band)));
      for (const FeatureView<T>& block : blocks_) {
        for (std::int64_t frame = 0; frame < block.frames; ++frame) {
          T& x = block.at(frame, band);
          x = static_cast<T>(function(static_cast<double>(x)));
        }
      }
    }
  }

  std::span<const FeatureView<T>> blocks_;
  const T* known_peak_;  // for a PeakFloor that comes first
  std::int64_t frames_ = 0;
};

}  // namespace

template <class T>
void ApplyLateSteps(std::span<const Step> steps, std::span<const FeatureView<T>> blocks,
                    const T* peak) {
  StepApplier<T> apply(blocks, peak);
  for (const Step& step : steps) std::visit(apply, step);
}

template void ApplyLateSteps(std::span<const Step>, std::span<const FeatureView<float>>,
                             const float*);
template void ApplyLateSteps(std::span<const Step>, std::span<const FeatureView<double>>,
                             const double*);

}  // namespace ossicle::internal
