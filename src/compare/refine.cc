#include "compare/refine.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "compare/moves.h"
#include "compare/round.h"

namespace ossicle::compare {

namespace {

template <class T>
Number OfField(const char* field, T FrontendSpec::* member, double reach,
               bool logarithmic = false) {
  return {field,
          [=](const Trial& t) { return static_cast<double>(t.spec.*member); },
          [=](Trial& t, double value) { t.spec.*member = static_cast<T>(value); },
          reach,
          std::is_same_v<T, int>,
          logarithmic};
}

Number OfWindow(const FrontendSpec& spec) {
  Number number = OfField("window_samples", &FrontendSpec::window_samples, 0.0);
  number.reach = std::max(8.0, spec.window_samples / 6.0);
  number.set = [](Trial& t, double value) {
    const std::int64_t middle = MiddleOf(t);
    t.spec.window_samples = static_cast<int>(value);
    PutMiddle(t, middle);
  };
  return number;
}

constexpr double kLeastGain = 0.02;

/// Searches along one number.
class Line1D {
 public:
  Line1D(const Score& score, const Scored& from, const Number& number)
      : score_(score), best_(from), number_(number), origin_(from.trial), from_(from.score) {}

  Scored Run() {
    const double middle = Coordinate(number_.get(origin_));
    const double reach = number_.logarithmic ? std::log(number_.reach) : number_.reach;
    constexpr int kSteps = 4;  // to each side
    double step = reach / kSteps;
    if (number_.whole) step = std::max(1.0, std::floor(step));
    for (int i = -kSteps; i <= kSteps; ++i) {
      if (i != 0) Try(middle + i * step);
    }
    Narrow(step);
    if (!number_.whole) Snap();
    // A number that is not round has to gain more than chance gives.
    if (best_.score > from_ - kLeastGain) return {origin_, from_};
    return best_;
  }

 private:
  double Coordinate(double value) const {
    return number_.logarithmic ? std::log(std::max(value, 1e-37)) : value;
  }
  double Value(double coordinate) const {
    return number_.logarithmic ? std::exp(coordinate) : coordinate;
  }
  double BestPlace() const { return Coordinate(number_.get(best_.trial)); }

  double Try(double coordinate) { return TryValue(Value(coordinate)); }

  double TryValue(double value) {
    Trial trial = origin_;
    number_.set(trial, number_.whole ? std::round(value) : value);
    const double score = score_(trial);
    if (score < best_.score) best_ = {trial, score};
    return score;
  }

  /// Halves the step around the best place, then looks at each neighbour.
  void NarrowWhole(int step) {
    for (; step >= 1; step /= 2) {
      double place = BestPlace() - step;
      while (BestPlace() != place) {
        place = BestPlace();
        Try(place - step);
        Try(place + step);
      }
    }
    const double place = BestPlace();
    for (int near = 2; near <= 6; ++near) {
      Try(place - near);
      Try(place + near);
    }
  }

  /// Golden section around the best place, where the score is taken to have one valley.
  void Narrow(double step) {
    if (number_.whole) return NarrowWhole(static_cast<int>(step) / 2);
    constexpr double kGolden = 0.6180339887498949;
    double low = BestPlace() - step, high = BestPlace() + step;
    double a = high - kGolden * (high - low), b = low + kGolden * (high - low);
    double at_a = Try(a), at_b = Try(b);
    for (int i = 0; i < 24; ++i) {
      if (i == 8 || i == 16) {
        const double before = best_.score;
        Snap();
        if (best_.score < before - 1.0) return;
      }
      if (at_a < at_b) {
        high = std::exchange(b, a);
        at_b = at_a;
        a = high - kGolden * (high - low);
        at_a = Try(a);
      } else {
        low = std::exchange(a, b);
        at_a = at_b;
        b = low + kGolden * (high - low);
        at_b = Try(b);
      }
    }
  }

  /// People choose round values: to 1, 2, 3 and 4 digits, and powers of 2.
  void Snap() {
    const double value = number_.get(best_.trial);
    if (value == 0.0) return;
    const double found = best_.score;
    for (int digits = 1; digits <= 5; ++digits) {
      const double clean = AsDigits(value, digits);
      if (std::abs(clean / value - 1.0) < 0.02) TryValue(clean);
      if (best_.score < found - 0.5) return;
    }
    if (number_.logarithmic) TryValue(std::exp2(std::round(std::log2(value))));
  }

  const Score& score_;
  Scored best_;
  const Number& number_;
  const Trial origin_;
  const double from_;
};

}  // namespace

std::vector<Number> InnerNumbers(const Trial& trial) {
  const FrontendSpec& spec = trial.spec;
  std::vector<Number> numbers;
  if (spec.preemphasis != PreEmphasis::kNone) {
    numbers.push_back(
        OfField("preemphasis_coefficient", &FrontendSpec::preemphasis_coefficient, 0.06));
  }
  numbers.push_back(OfWindow(spec));
  if (spec.window_kept_samples > 0) {
    numbers.push_back(OfField("window_kept_samples", &FrontendSpec::window_kept_samples,
                              spec.window_samples / 16.0));
  }
  numbers.push_back(OfField("low_hz", &FrontendSpec::low_hz, 40.0));
  numbers.push_back(OfField("high_hz", &FrontendSpec::high_hz, 500.0));
  if (spec.log_floor_rule == LogFloor::kAdd || CepstrumOf(spec) != nullptr) {
    numbers.push_back(OfField("log_floor", &FrontendSpec::log_floor, 20.0, true));
  }
  if (spec.spectrum_epsilon > 0.0) {
    numbers.push_back(OfField("spectrum_epsilon", &FrontendSpec::spectrum_epsilon, 20.0, true));
  }
  if (CepstrumOf(spec) != nullptr && FindStep<PeakFloor>(spec) != nullptr) {
    Number range{"steps", [](const Trial& t) { return FindStep<PeakFloor>(t.spec)->range; },
                 [](Trial& t, double value) { FindStep<PeakFloor>(t.spec)->range = value; }};
    range.reach = 0.25 * FindStep<PeakFloor>(spec)->range + 1.0;
    numbers.push_back(range);
  }
  return numbers;
}

Scored RefineNumber(const Score& score, const Scored& from, const Number& number) {
  return Line1D(score, from, number).Run();
}

Scored RoundNumbers(const Score& score, const Scored& from) {
  Scored best = from;
  for (int digits = 2; digits <= 4; ++digits) {
    Trial trial = from.trial;
    for (const Number& number : InnerNumbers(from.trial)) {
      if (!number.whole) number.set(trial, AsDigits(number.get(trial), digits));
    }
    const double at = score(trial);
    if (at < best.score) best = {trial, at};
  }
  return best;
}

Scored RefineStart(const Score& score, const Scored& from, std::int64_t reach) {
  Scored best = from;
  for (std::int64_t step = reach; step >= 1; step = step == 1 ? 0 : step / 2) {
    for (bool moved = true; moved;) {
      moved = false;
      for (const std::int64_t by : {-step, step}) {
        Trial trial = best.trial;
        trial.start += by;
        const double at = score(trial);
        if (at >= best.score) continue;
        best = {trial, at};
        moved = true;
        break;
      }
    }
  }
  return best;
}

}  // namespace ossicle::compare
