#include "axis.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "dsp/mel.h"

namespace ossicle::cli {
namespace {

// std::to_chars: the labels do not depend on the locale.
std::string Label(double value, double step) {
  std::array<char, 64> text;
  std::to_chars_result end;
  if (step >= 1e6 || step < 1e-4) {
    end = std::to_chars(text.begin(), text.end(), value, std::chars_format::general, 6);
  } else {
    const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    end = std::to_chars(text.begin(), text.end(), value, std::chars_format::fixed, decimals);
  }
  return std::string(text.begin(), end.ptr);
}

struct Multiples {
  std::int64_t first, last;
  std::int64_t count() const { return last - first + 1; }
};

// The multiples of `step` in low..high, rounding errors at the ends forgiven.
Multiples MultiplesIn(double low, double high, double step) {
  return {static_cast<std::int64_t>(std::ceil(low / step - 1e-9)),
          static_cast<std::int64_t>(std::floor(high / step + 1e-9))};
}

template <class Add>
void ForEachMultiple(double low, double high, double step, const Add& add) {
  const Multiples multiples = MultiplesIn(low, high, step);
  for (std::int64_t i = multiples.first; i <= multiples.last; ++i) {
    add(std::clamp(static_cast<double>(i) * step, low, high));
  }
}

// The smallest 1, 2 or 5 times a power of ten with at most `most` multiples in low..high.
double RoundStep(double low, double high, int most) {
  double power = std::pow(10.0, std::floor(std::log10((high - low) / most)));
  for (;; power *= 10.0) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (MultiplesIn(low, high, factor * power).count() <= most) return factor * power;
    }
  }
}

class MelAxis {
 public:
  explicit MelAxis(const FrontendSpec& spec)
      : scale_(spec.mel_scale),
        low_(dsp::HzToMel(scale_, spec.low_hz)),
        high_(dsp::HzToMel(scale_, spec.high_hz)) {}
  double Position(double hz) const { return (dsp::HzToMel(scale_, hz) - low_) / (high_ - low_); }

 private:
  MelScale scale_;
  double low_;
  double high_;
};

bool HasRoom(const std::vector<Tick>& ticks, double position, double gap) {
  return std::none_of(ticks.begin(), ticks.end(),
                      [&](const Tick& tick) { return std::abs(tick.position - position) < gap; });
}

void AddTicks(const FrontendSpec& spec, double high_hz, double step, double gap,
              std::vector<Tick>& ticks) {
  const MelAxis axis(spec);
  ForEachMultiple(spec.low_hz, high_hz, step, [&](double hz) {
    const double position = axis.Position(hz);
    if (HasRoom(ticks, position, gap)) ticks.push_back({hz, position, Label(hz, step)});
  });
}

}  // namespace

std::vector<Tick> LinearTicks(double low, double high, int most) {
  const double step = RoundStep(low, high, most);
  std::vector<Tick> ticks;
  ForEachMultiple(low, high, step, [&](double value) {
    ticks.push_back({value, (value - low) / (high - low), Label(value, step)});
  });
  return ticks;
}

// Octaves of 1000 Hz, coarse before fine, so that what a reader looks for is never crowded out; a
// fine step stops at eight times itself, where its multiples would only fill gaps.
std::vector<Tick> FrequencyTicks(const FrontendSpec& spec, double gap) {
  std::vector<Tick> ticks;
  for (double step = 256000.0; step >= 250.0; step /= 2.0) {
    AddTicks(spec, std::min(spec.high_hz, 8.0 * step), step, gap, ticks);
  }
  if (ticks.size() < 4) {
    ticks.clear();
    const double step =
        RoundStep(spec.low_hz, spec.high_hz, std::max(2, static_cast<int>(0.5 / gap)));
    AddTicks(spec, spec.high_hz, step, gap, ticks);
  }
  std::sort(ticks.begin(), ticks.end(),
            [](const Tick& left, const Tick& right) { return left.value < right.value; });
  return ticks;
}

std::vector<Tick> CoefficientTicks(int coefficients, int most) {
  const double last = coefficients - 1.0;
  const double step = last > 0.0 ? std::max(1.0, RoundStep(0.0, last, most)) : 1.0;
  std::vector<Tick> ticks;
  ForEachMultiple(0.0, last, step, [&](double value) {
    ticks.push_back({value, (value + 0.5) / coefficients, Label(value, step)});
  });
  return ticks;
}

std::vector<double> BandEdges(const FrontendSpec& spec) {
  const int bands = spec.bands();
  std::vector<double> edges(bands + 1, 0.0);
  for (int i = 1; i < bands; ++i) {
    edges[i] = IsCepstrum(spec) ? i / static_cast<double>(bands) : (i + 0.5) / (bands + 1.0);
  }
  edges[bands] = 1.0;
  return edges;
}

bool IsCepstrum(const FrontendSpec& spec) {
  return std::any_of(spec.steps.begin(), spec.steps.end(),
                     [](const Step& step) { return std::holds_alternative<Cepstrum>(step); });
}

}  // namespace ossicle::cli
