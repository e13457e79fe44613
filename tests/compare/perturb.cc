#include "compare/perturb.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "ossicle/error.h"

namespace ossicle::test {

namespace {

int NextPowerOfTwo(int n) {
  int power = 2;
  while (power < n) power *= 2;
  return power;
}

template <class T>
std::string Text(const T& value) {
  std::ostringstream text;
  if constexpr (std::is_enum_v<T>) {
    text << static_cast<int>(value);
  } else {
    text << value;
  }
  return text.str();
}

template <class S>
bool Holds(const Step& step) {
  return std::holds_alternative<S>(step);
}

template <class S>
bool Has(const FrontendSpec& spec) {
  return std::any_of(spec.steps.begin(), spec.steps.end(), Holds<S>);
}

class Maker {
 public:
  explicit Maker(const FrontendSpec& spec) : spec_(spec) {}

  std::vector<Perturbation> Make() {
    SamplesAndFrames();
    if (spec_.spectrum != Spectrum::kWaveform) {
      WindowAndSpectrum();
      Mel();
      Logarithm();
    }
    ChangedSteps();
    OtherSteps();
    std::erase_if(made_, [this](const Perturbation& p) {
      FrontendSpec changed = spec_;
      p.apply(changed);
      return !IsLegal(changed);
    });
    return std::move(made_);
  }

 private:
  void Add(const std::string& field, const std::string& value,
           std::function<void(FrontendSpec&)> apply) {
    made_.push_back({field, value, std::move(apply)});
  }

  template <class T>
  void Values(const std::string& field, T FrontendSpec::* member, const std::vector<T>& values) {
    for (const T& value : values) {
      if (spec_.*member == value) continue;
      Add(field, Text(value), [=](FrontendSpec& s) { s.*member = value; });
    }
  }

  void SamplesAndFrames() {
    Values("input_scale", &FrontendSpec::input_scale, {1.0, 32768.0, 32767.0});
    const double dither = spec_.input_scale >= 32767 ? 1.0 : 3e-5;
    Add("dither", Text(dither), [=](FrontendSpec& s) {
      s.dither = dither;
      s.dither_seed = 7;
    });
    Values("preemphasis", &FrontendSpec::preemphasis,
           {PreEmphasis::kNone, PreEmphasis::kSignal, PreEmphasis::kFrame});
    if (spec_.preemphasis != PreEmphasis::kNone) {
      Values("preemphasis_coefficient", &FrontendSpec::preemphasis_coefficient, {0.95, 0.9});
    }
    Values("layout", &FrontendSpec::layout, {Layout::kBandsFirst, Layout::kFramesFirst});
    if (spec_.spectrum == Spectrum::kWaveform) return;
    Values("remove_dc", &FrontendSpec::remove_dc, {true, false});
    Framings();
    Values("edge", &FrontendSpec::edge, {Edge::kZeros, Edge::kReflect, Edge::kReflectRepeat});
    Values("append_zeros_samples", &FrontendSpec::append_zeros_samples, {0, 160, 480000});
    Values("drop_last_frame", &FrontendSpec::drop_last_frame, {true, false});
    Values("hop_samples", &FrontendSpec::hop_samples,
           {spec_.hop_samples * 4 / 5, spec_.hop_samples * 5 / 4});
  }

  void Framings() {
    for (const Framing framing : {Framing::kNoPadding, Framing::kCenter, Framing::kKaldiNoSnip}) {
      if (framing == spec_.framing) continue;
      Add("framing", Text(framing), [=](FrontendSpec& s) {
        s.framing = framing;
        s.pad_left_samples = s.pad_right_samples = 0;
      });
    }
    for (const int later : {80, -100}) {
      const int left = spec_.pad_left() - later, right = std::max(0, spec_.pad_right());
      if (left < 0) continue;
      Add("framing", "explicit " + Text(left), [=](FrontendSpec& s) {
        s.framing = Framing::kExplicit;
        s.pad_left_samples = left;
        s.pad_right_samples = right;
      });
    }
  }

  void WindowAndSpectrum() {
    const int window = spec_.window_samples;
    Values("window_samples", &FrontendSpec::window_samples,
           {window * 4 / 5, window + 40, window - 1});
    Values("window", &FrontendSpec::window,
           {Window::kHann, Window::kHamming, Window::kPovey, Window::kRectangular});
    Values("window_periodic", &FrontendSpec::window_periodic, {true, false});
    Values("window_kept_samples", &FrontendSpec::window_kept_samples, {window * 4 / 5});
    Values("window_position", &FrontendSpec::window_position,
           {WindowPosition::kLeft, WindowPosition::kCenter});
    Values("fft_size", &FrontendSpec::fft_size,
           {NextPowerOfTwo(window), 2 * NextPowerOfTwo(window), window});
    Values("spectrum", &FrontendSpec::spectrum, {Spectrum::kMagnitude, Spectrum::kPower});
    Values("spectrum_epsilon", &FrontendSpec::spectrum_epsilon, {1e-9, 1e-6, 0.0});
  }

  void Mel() {
    Values("mel_scale", &FrontendSpec::mel_scale,
           {MelScale::kSlaney, MelScale::kHtk, MelScale::kKaldi});
    Values("mel_interpolation", &FrontendSpec::mel_interpolation,
           {MelInterpolation::kHz, MelInterpolation::kMel});
    Values("mel_norm", &FrontendSpec::mel_norm, {MelNorm::kNone, MelNorm::kSlaney});
    Values("mel_dc", &FrontendSpec::mel_dc, {true, false});
    Values("mel_nyquist", &FrontendSpec::mel_nyquist, {true, false});
    Values("mel_float32", &FrontendSpec::mel_float32, {true, false});
    Values("mel_bands", &FrontendSpec::mel_bands, {40, 80, 128});
    Values("low_hz", &FrontendSpec::low_hz, {0.0, 20.0, 70.0});
    const double nyquist = spec_.sample_rate_hz / 2.0;
    Values("high_hz", &FrontendSpec::high_hz, {nyquist, 7600.0, nyquist - 200});
  }

  void Logarithm() {
    for (const Log log : {Log::kLn, Log::kLog10, Log::kDbPower, Log::kDbMagnitude, Log::kNone}) {
      // Nobody takes a cepstrum of the energies themselves.
      if (log != spec_.log && !(log == Log::kNone && Has<Cepstrum>(spec_))) OtherLog(log);
    }
    if (spec_.log != Log::kNone) {
      Values("log_floor_rule", &FrontendSpec::log_floor_rule, {LogFloor::kClamp, LogFloor::kAdd});
      Values("log_floor", &FrontendSpec::log_floor, {1e-5, 1e-6, 1e-10});
    }
  }

  /// A range below the peak stays the same level; without a logarithm it would mean nothing.
  void OtherLog(Log log) {
    Add("log", Text(log), [=](FrontendSpec& s) {
      const double ratio = Units(log) / Units(s.log);
      s.log = log;
      for (Step& step : s.steps) {
        if (auto* peak = std::get_if<PeakFloor>(&step)) peak->range *= ratio;
      }
      if (log == Log::kNone) std::erase_if(s.steps, Holds<PeakFloor>);
    });
  }

  static double Units(Log log) {
    return log == Log::kDbPower       ? 10.0
           : log == Log::kDbMagnitude ? 20.0
           : log == Log::kLn          ? 2.0
                                      : 1.0;
  }

  /// A number of each step, and each step left out.
  void ChangedSteps() {
    for (std::size_t i = 0; i < spec_.steps.size(); ++i) {
      std::visit([&](const auto& step) { Change(i, step); }, spec_.steps[i]);
      // Without the scale, a clip would cut nearly all.
      if (Holds<Affine>(spec_.steps[i]) && Has<Clip>(spec_)) continue;
      Add("without a step", Text(spec_.steps[i].index()), [=](FrontendSpec& s) {
        s.steps.erase(s.steps.begin() + static_cast<std::ptrdiff_t>(i));
      });
    }
  }

  template <class S>
  void With(const char* name, std::size_t place, const S& step) {
    Add(name, "", [=](FrontendSpec& s) { s.steps[place] = step; });
  }

  void Change(std::size_t i, const PeakFloor& step) {
    With("peak_floor", i, PeakFloor{step.range + 2});
    With("peak_floor", i, PeakFloor{step.range * 0.75});
  }
  void Change(std::size_t i, const Affine& step) {
    With("affine", i, Affine{step.scale * 1.25, step.offset});
    With("affine", i, Affine{step.scale, step.offset + 0.5});
  }
  void Change(std::size_t i, const Clip& step) {
    With("clip", i, Clip{step.low, step.high * 0.5});
    With("clip", i, Clip{step.low * 0.5, step.high});
  }
  void Change(std::size_t i, const SubtractMean&) { With("subtract_mean", i, Standardize{}); }
  void Change(std::size_t i, const Standardize& step) {
    With("standardize", i, Standardize{1 - step.ddof, step.epsilon, step.epsilon_in_variance});
    With("standardize", i, Standardize{step.ddof, 1e-2, step.epsilon_in_variance});
  }
  void Change(std::size_t i, const Cepstrum& step) {
    With("cepstrum", i,
         Cepstrum{step.coefficients, step.lifter == 0 ? 22.0 : 0.0, step.log_energy});
    With("cepstrum", i, Cepstrum{step.coefficients, 26.0, step.log_energy});
    With("cepstrum", i, Cepstrum{step.coefficients, step.lifter, !step.log_energy});
    With("cepstrum", i, Cepstrum{step.coefficients - 1, step.lifter, step.log_energy});
  }

  void OtherSteps() {
    if (!Has<SubtractMean>(spec_) && !Has<Standardize>(spec_)) {
      Add("subtract_mean", "added", [](FrontendSpec& s) { s.steps.emplace_back(SubtractMean{}); });
      Add("standardize", "added", [](FrontendSpec& s) { s.steps.emplace_back(Standardize{}); });
    }
    if (!Has<PeakFloor>(spec_) && spec_.log != Log::kNone) {
      Add("peak_floor", "added",
          [](FrontendSpec& s) { s.steps.insert(s.steps.begin(), PeakFloor{8}); });
    }
    if (!Has<Affine>(spec_)) {
      Add("affine", "added", [](FrontendSpec& s) { s.steps.emplace_back(Affine{0.25, 1}); });
    }
    if (!Has<Cepstrum>(spec_) && spec_.log != Log::kNone) {
      Add("cepstrum", "added",
          [](FrontendSpec& s) { s.steps.emplace_back(Cepstrum{13, 22, false}); });
    }
  }

  const FrontendSpec& spec_;
  std::vector<Perturbation> made_;
};

}  // namespace

bool IsLegal(const FrontendSpec& spec) {
  try {
    spec.Validate();
  } catch (const Error&) {
    return false;
  }
  return true;
}

std::vector<Perturbation> Perturbations(const FrontendSpec& spec) { return Maker(spec).Make(); }

}  // namespace ossicle::test
