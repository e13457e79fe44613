#include "frontend/compile.h"

#include <algorithm>

#include "dsp/dct.h"
#include "dsp/exact_math.h"
#include "dsp/mel.h"
#include "dsp/window.h"
#include "ossicle/error.h"

namespace ossicle::internal {

bool LooksAtWholeSignal(const Step& step) {
  return std::holds_alternative<PeakFloor>(step) || std::holds_alternative<SubtractMean>(step) ||
         std::holds_alternative<Standardize>(step);
}

namespace {

FrontendSpec Validated(FrontendSpec spec) {
  spec.Validate();
  return spec;
}

double LogScale(Log log) {
  switch (log) {
    case Log::kLog10:
      return 1.0 / dsp::Log(10.0);
    case Log::kDbPower:
      return 10.0 / dsp::Log(10.0);
    case Log::kDbMagnitude:
      return 20.0 / dsp::Log(10.0);
    default:
      return 1.0;
  }
}

std::vector<dsp::MelBand> MelBankOf(const FrontendSpec& spec) {
  dsp::MelParameters mel;
  mel.sample_rate_hz = spec.sample_rate_hz;
  mel.fft_size = spec.fft_size;
  mel.bands = spec.mel_bands;
  mel.scale = spec.mel_scale;
  mel.interpolation = spec.mel_interpolation;
  mel.norm = spec.mel_norm;
  mel.dc = spec.mel_dc;
  mel.nyquist = spec.mel_nyquist;
  mel.float32 = spec.mel_float32;
  mel.low_hz = spec.low_hz;
  mel.high_hz = spec.high_hz;
  return dsp::MakeMelBank(mel);
}

/// Minus zero becomes zero. No other value of the kernel's steps can then be minus zero, and no
/// minimum or maximum has to choose between the two, which each instruction set does as it likes.
template <class T>
T WithoutMinusZero(double value) {
  return static_cast<T>(value) + T{0};
}

/// Adds steps to a plan's ops; an affine right after the logarithm becomes part of it.
template <class T>
class OpMaker {
 public:
  OpMaker(const FrontendSpec& spec, dsp::KernelPlan<T>& plan)
      : spec_(spec), plan_(plan), scale_(LogScale(spec.log)), after_log_(spec.log != Log::kNone) {
    SetLog();
  }

  void operator()(const Affine& step) {
    if (!after_log_) return Append(Kind::kAffine, step.scale, step.offset);
    scale_ *= step.scale;
    offset_ = offset_ * step.scale + step.offset;
    SetLog();
  }
  void operator()(const Clip& step) { Append(Kind::kClip, step.low, step.high); }
  void operator()(const PeakFloor&) { Append(Kind::kPeak, 0.0, 0.0); }
  void operator()(const Cepstrum& step) {
    Append(Kind::kCepstrum, 0.0, 0.0);
    plan_.coefficients = step.coefficients;
    plan_.log_energy = step.log_energy;
    for (const double weight :
         dsp::MakeCepstrumMatrix(step.coefficients, spec_.mel_bands, step.lifter)) {
      plan_.cepstrum.push_back(static_cast<T>(weight));
    }
  }
  void operator()(const SubtractMean&) {}
  void operator()(const Standardize&) {}

 private:
  using Kind = typename dsp::RowOp<T>::Kind;

  void SetLog() { plan_.log.Set(scale_, WithoutMinusZero<double>(offset_)); }

  void Append(Kind kind, double a, double b) {
    plan_.ops.push_back({kind, WithoutMinusZero<T>(a), WithoutMinusZero<T>(b)});
    after_log_ = false;
  }

  const FrontendSpec& spec_;
  dsp::KernelPlan<T>& plan_;
  double scale_;
  double offset_ = 0.0;
  bool after_log_;
};

std::vector<double> WindowOf(const FrontendSpec& spec) {
  std::vector<double> window =
      dsp::MakeWindow(spec.window, spec.window_samples, spec.window_periodic);
  if (spec.window_kept_samples > 0) {
    std::fill(window.begin() + spec.window_kept_samples, window.end(), 0.0);
  }
  return window;
}

}  // namespace

/// In double; each plan rounds them to its own precision.
struct SharedTables {
  explicit SharedTables(const FrontendSpec& spec) : window(WindowOf(spec)), bank(MelBankOf(spec)) {}

  std::vector<double> window;
  std::vector<dsp::MelBand> bank;
};

namespace {

template <class T>
dsp::KernelPlan<T> MakePlan(const FrontendSpec& spec, const SharedTables& tables,
                            std::size_t early_steps) {
  dsp::KernelPlan<T> plan(spec.fft_size, tables.window, spec.hop_samples);
  plan.remove_dc = spec.remove_dc;
  plan.frame_preemphasis = spec.preemphasis == PreEmphasis::kFrame;
  plan.preemphasis_rest = static_cast<T>(1.0 - spec.preemphasis_coefficient);
  plan.magnitude = spec.spectrum == Spectrum::kMagnitude;
  plan.spectrum_epsilon = static_cast<T>(spec.spectrum_epsilon);
  plan.mel = dsp::MelSegments<T>(tables.bank);
  plan.take_log = spec.log != Log::kNone;
  plan.add_floor = spec.log_floor_rule == LogFloor::kAdd;
  plan.log_floor = static_cast<T>(spec.log_floor);
  OpMaker<T> add_op(spec, plan);
  for (std::size_t i = 0; i < early_steps; ++i) std::visit(add_op, spec.steps[i]);
  plan.Finish();
  return plan;
}

}  // namespace

CompiledFrontend::CompiledFrontend(const FrontendSpec& wanted)
    : CompiledFrontend(wanted, SharedTables(Validated(wanted))) {}

CompiledFrontend::CompiledFrontend(const FrontendSpec& valid, const SharedTables& tables)
    : spec(valid),
      float_plan_(MakePlan<float>(spec, tables, EarlySteps())),
      double_plan_(MakePlan<double>(spec, tables, EarlySteps())) {}

/// Decides the kernel's share of the steps: the first ones, up to and with a PeakFloor.
std::size_t CompiledFrontend::EarlySteps() {
  const auto& steps = spec.steps;
  if (IsWaveform()) {
    late_steps = steps;
    return 0;
  }
  const auto first = std::find_if(steps.begin(), steps.end(), LooksAtWholeSignal);
  late_steps.assign(first, steps.end());
  if (first == steps.end()) return steps.size();
  const auto* peak = std::get_if<PeakFloor>(&*first);
  if (peak == nullptr) return static_cast<std::size_t>(first - steps.begin());

  takes_peak = true;
  peak_range = peak->range;
  two_passes = std::any_of(first, steps.end(),
                           [](const Step& step) { return std::holds_alternative<Cepstrum>(step); });
  if (!two_passes) return static_cast<std::size_t>(first - steps.begin()) + 1;
  const auto second = std::find_if(first + 1, steps.end(), LooksAtWholeSignal);
  late_steps.assign(second, steps.end());
  return static_cast<std::size_t>(second - steps.begin());
}

std::int64_t CompiledFrontend::Frames(std::int64_t samples) const noexcept {
  if (samples < spec.min_samples) return 0;
  const std::int64_t room = samples + spec.append_zeros_samples + spec.pad_left() +
                            spec.pad_right() - spec.frame_samples();
  if (room < 0) return 0;
  return 1 + room / spec.hop_samples - (spec.drop_last_frame ? 1 : 0);
}

void CompiledFrontend::CheckSamples(std::int64_t samples) const {
  if (samples == 0 || samples >= spec.min_samples) return;
  throw Error(Code::kShape, std::to_string(samples) + " samples, but " + spec.name +
                                " takes at least " + std::to_string(spec.min_samples) +
                                ": what it reproduces refuses fewer. Append zeros, or set "
                                "min_samples to 1 in the spec");
}

template <>
const dsp::KernelPlan<float>& CompiledFrontend::Plan() const {
  return float_plan_;
}

template <>
const dsp::KernelPlan<double>& CompiledFrontend::Plan() const {
  return double_plan_;
}

}  // namespace ossicle::internal
