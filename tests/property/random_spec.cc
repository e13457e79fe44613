#include "property/random_spec.h"

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <variant>

#include "oracle/signals.h"
#include "ossicle/resampler.h"

namespace {

using namespace ossicle;  // NOLINT: every enum of the spec

/// Low to high, both included.
int Whole(int low, int high) { return *rc::gen::inRange(low, high + 1); }

double Real(double low, double high) { return low + (high - low) * Whole(0, 1000) / 1000.0; }

bool Sometimes(int one_in) { return Whole(0, one_in - 1) == one_in - 1; }

template <class E>
E AnyOf(E last) {
  return static_cast<E>(Whole(0, static_cast<int>(last)));
}

void ChooseSamples(FrontendSpec& spec) {
  spec.sample_rate_hz = *rc::gen::element(16000, 8000, 22050, 48000, 1);
  spec.resampler = (*rc::gen::elementOf(Resamplers())).name;
  spec.downmix = AnyOf(Downmix::kFfmpeg);
  spec.input_scale = *rc::gen::element(1.0, 32768.0, 0.1);
  if (spec.input_scale == 32768.0) spec.input_rounding = AnyOf(InputRounding::kInt16);
  spec.preemphasis = AnyOf(PreEmphasis::kFrame);
  spec.preemphasis_coefficient = *rc::gen::element(0.97, 0.0, 1.0, 0.5);
  spec.remove_dc = Sometimes(3);
}

void ChooseWindow(FrontendSpec& spec) {
  spec.fft_size =
      *rc::gen::element(16, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 18, 20, 25, 27, 30, 32, 45, 48, 60, 64,
                        75, 100, 125, 128, 135, 160, 200, 225, 243, 256, 320, 375, 400, 480, 512,
                        600, 625, 640, 800, 960, 1000, 1024, 1200);
  spec.window_samples = *rc::gen::oneOf(rc::gen::just(spec.fft_size), rc::gen::just(1),
                                        rc::gen::inRange(1, spec.fft_size + 1));
  spec.hop_samples = *rc::gen::oneOf(rc::gen::inRange(1, spec.fft_size + 1), rc::gen::just(1),
                                     rc::gen::inRange(1, 3 * spec.fft_size + 1));
  spec.window = AnyOf(Window::kPovey);
  spec.window_periodic = !Sometimes(2);
  spec.window_position = AnyOf(WindowPosition::kCenter);
  if (Sometimes(4)) spec.window_kept_samples = Whole(0, spec.window_samples);
}

void ChooseFraming(FrontendSpec& spec) {
  spec.framing = AnyOf(Framing::kExplicit);
  spec.edge = AnyOf(Edge::kReflectRepeat);
  if (spec.framing == Framing::kExplicit) {
    spec.pad_left_samples = Whole(0, 2 * spec.fft_size);
    spec.pad_right_samples = Whole(0, 2 * spec.fft_size);
  }
  if (Sometimes(4)) spec.append_zeros_samples = Whole(1, 500);
  spec.drop_last_frame = Sometimes(3);
}

void ChooseMel(FrontendSpec& spec) {
  spec.spectrum = AnyOf(Spectrum::kPower);
  spec.spectrum_epsilon = *rc::gen::element(0.0, 1e-9, 1.0);
  spec.mel_bands =
      *rc::gen::oneOf(rc::gen::inRange(1, 81), rc::gen::just(1), rc::gen::inRange(1, 257));
  spec.mel_scale = AnyOf(MelScale::kKaldi);
  spec.mel_interpolation = AnyOf(MelInterpolation::kMel);
  spec.mel_norm = AnyOf(MelNorm::kSlaney);
  spec.mel_dc = !Sometimes(3);
  spec.mel_nyquist = !Sometimes(3);
  spec.mel_float32 = Sometimes(4);
  const double nyquist = spec.sample_rate_hz / 2.0;
  spec.low_hz = Sometimes(2) ? nyquist * Real(0.0, 0.9) : 0.0;
  spec.high_hz =
      Sometimes(2) ? nyquist : std::min(nyquist, spec.low_hz + nyquist * Real(0.01, 1.0));
  spec.log = AnyOf(Log::kDbMagnitude);
  spec.log_floor_rule = AnyOf(LogFloor::kAdd);
  spec.log_floor = *rc::gen::element(1e-10, 1.1920929e-07, 1e-5, 1.0, 1e-16);
}

Step AnyStep() {
  switch (Whole(0, 4)) {
    case 0:
      return Affine{Real(-2.0, 2.0), Real(-5.0, 5.0)};
    case 1:
      return Clip{Real(-20.0, 0.0), Real(0.0, 20.0)};
    case 2:
      return PeakFloor{Real(0.0, 30.0)};
    case 3:
      return SubtractMean{};
    default:
      return Standardize{Whole(0, 1), *rc::gen::element(1e-5, 1e-2), Sometimes(2)};
  }
}

void ChooseSteps(FrontendSpec& spec) {
  if (Sometimes(3)) {
    bool peak = false;
    for (int i = Whole(0, 2); i > 0; --i) {
      const Step step = AnyStep();
      const bool is_peak = std::holds_alternative<PeakFloor>(step);
      const bool allowed = std::holds_alternative<Affine>(step) ||
                           std::holds_alternative<Clip>(step) || (is_peak && !peak);
      if (allowed) spec.steps.push_back(step);
      peak = peak || is_peak;
    }
    const double lifter = *rc::gen::element(0.0, 22.0, 7.5);
    spec.steps.push_back(Cepstrum{Whole(1, spec.mel_bands), lifter, Sometimes(2)});
  }
  for (int i = Whole(0, 3); i > 0; --i) spec.steps.push_back(AnyStep());
  spec.layout = AnyOf(Layout::kBandsFirst);
}

}  // namespace

namespace ossicle {

void showValue(const FrontendSpec& spec, std::ostream& out) { out << spec.ToJson(); }

}  // namespace ossicle

rc::Gen<FrontendSpec> RandomSpec() {
  return rc::gen::exec([] {
    FrontendSpec spec;
    spec.name = "random";
    ChooseSamples(spec);
    ChooseWindow(spec);
    ChooseFraming(spec);
    ChooseMel(spec);
    ChooseSteps(spec);
    return spec;
  });
}

rc::Gen<std::vector<float>> RandomAudio() {
  return rc::gen::exec([] {
    const int count = *rc::gen::oneOf(rc::gen::inRange(1, 20), rc::gen::inRange(1, 4000));
    const auto seed = static_cast<std::uint32_t>(Whole(1, 1000));
    std::vector<float> audio = oracle::WhiteNoise(count, seed);
    if (!Sometimes(3)) return audio;
    const int first = Whole(0, count - 1);
    const int last = Whole(first, count - 1);
    const float gain = Sometimes(2) ? 0.0F : 1e-3F;
    for (int n = first; n < last; ++n) audio[static_cast<std::size_t>(n)] *= gain;
    return audio;
  });
}
