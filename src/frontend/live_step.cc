#include "frontend/live_step.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>

#include "frontend/late_steps.h"

namespace ossicle::internal {

template <class T>
LiveStep<T>::LiveStep(const Step& step, int bands) : step_(step), bands_(bands) {
  using Kind = typename dsp::ElementOp<T>::Kind;
  const auto count = static_cast<std::size_t>(bands);
  if (const auto* affine = std::get_if<Affine>(&step)) {
    op_ = {Kind::kAffine, static_cast<T>(affine->scale), static_cast<T>(affine->offset)};
  } else if (const auto* clip = std::get_if<Clip>(&step)) {
    op_ = {Kind::kClip, static_cast<T>(clip->low), static_cast<T>(clip->high)};
  } else if (std::holds_alternative<PeakFloor>(step)) {
    op_.kind = Kind::kFloor;
  } else {
    mean_.resize(count);
    scale_.resize(count);
    if (std::holds_alternative<Standardize>(step)) squares_.resize(count);
  }
  Reset();
}

template <class T>
void LiveStep<T>::Reset() {
  peak_ = -std::numeric_limits<T>::infinity();
  std::fill(mean_.begin(), mean_.end(), 0.0);
  std::fill(squares_.begin(), squares_.end(), 0.0);
  std::fill(scale_.begin(), scale_.end(), squares_.empty() ? 1.0 : 0.0);
}

template <class T>
void LiveStep<T>::Freeze(const StepStatistics& statistics) {
  if (const auto* floor = std::get_if<PeakFloor>(&step_)) {
    op_.a = static_cast<T>(statistics.peak) - static_cast<T>(floor->range);
  } else if (Normalizes()) {
    mean_ = statistics.mean;
    if (const auto* standardize = std::get_if<Standardize>(&step_)) {
      std::transform(statistics.deviation.begin(), statistics.deviation.end(), scale_.begin(),
                     [&](double x) { return StandardizingScale(*standardize, x * x); });
    }
  }
}

template <class T>
double LiveStep<T>::Variance(std::size_t band, std::int64_t frames) const {
  const auto divisor = static_cast<double>(frames - std::get<Standardize>(step_).ddof);
  return divisor > 0.0 ? squares_[band] / divisor : 0.0;
}

template <class T>
void LiveStep<T>::See(const T* frame, std::int64_t frames) {
  if (const auto* floor = std::get_if<PeakFloor>(&step_)) {
    peak_ = std::max(peak_, *std::max_element(frame, frame + bands_)) + T(0);
    op_.a = peak_ - static_cast<T>(floor->range);
  }
  const auto count = static_cast<double>(frames);
  for (std::size_t band = 0; band < mean_.size(); ++band) {
    const auto x = static_cast<double>(frame[band]);
    const double difference = x - mean_[band];
    mean_[band] += difference / count;
    if (!squares_.empty()) squares_[band] += difference * (x - mean_[band]);
  }
  for (std::size_t band = 0; band < squares_.size(); ++band) {
    scale_[band] = StandardizingScale(std::get<Standardize>(step_), Variance(band, frames));
  }
}

template <class T>
void LiveStep<T>::Apply(T* first, int frames) const {
  dsp::TileWork<T> work;
  if (Normalizes()) {
    work.center = mean_.data();
    work.scale = scale_.data();
  } else {
    work.ops = {&op_, 1};
  }
  dsp::ProcessTile<T>({first, frames, bands_, bands_, 1}, work);
}

template <class T>
StepStatistics LiveStep<T>::statistics(std::int64_t frames) const {
  StepStatistics statistics;
  if (std::holds_alternative<PeakFloor>(step_)) statistics.peak = static_cast<double>(peak_);
  statistics.mean = mean_;
  for (std::size_t band = 0; band < squares_.size(); ++band) {
    statistics.deviation.push_back(std::sqrt(Variance(band, frames)));
  }
  return statistics;
}

template class LiveStep<float>;
template class LiveStep<double>;

}  // namespace ossicle::internal
