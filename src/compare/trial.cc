#include "compare/trial.h"

#include <algorithm>

#include "compare/render.h"

namespace ossicle::compare {

namespace {

/// The steps that shape a cepstrum beyond a line per coefficient.
std::vector<Step> InnerSteps(const FrontendSpec& spec) {
  const auto cepstrum = std::find_if(spec.steps.begin(), spec.steps.end(), [](const Step& step) {
    return std::holds_alternative<Cepstrum>(step);
  });
  if (cepstrum == spec.steps.end()) return {};
  std::vector<Step> steps;
  for (auto step = spec.steps.begin(); step <= cepstrum; ++step) {
    if (std::holds_alternative<PeakFloor>(*step)) {
      // In units of spec.log, and InnerSpec takes the natural logarithm.
      const double range = std::get<PeakFloor>(*step).range / LogUnits(spec.log);
      steps.emplace_back(PeakFloor{range});
    }
  }
  Cepstrum plain = std::get<Cepstrum>(*cepstrum);
  plain.lifter = 0.0;
  steps.emplace_back(plain);
  return steps;
}

}  // namespace

std::int64_t StartOf(const FrontendSpec& spec) {
  return (spec.frame_samples() - spec.window_samples) / 2 - spec.pad_left();
}

FrontendSpec InnerSpec(const FrontendSpec& spec) {
  FrontendSpec inner = spec;
  inner.name.clear();
  inner.framing = Framing::kNoPadding;
  inner.window_position = WindowPosition::kLeft;
  inner.edge = Edge::kZeros;
  inner.pad_left_samples = inner.pad_right_samples = inner.append_zeros_samples = 0;
  inner.drop_last_frame = false;
  inner.dither = 0.0;
  inner.downmix = Downmix::kMean;  // the audio has one channel
  inner.min_samples = 1;
  inner.layout = Layout::kFramesFirst;
  inner.steps = InnerSteps(spec);
  if (inner.log != Log::kNone) inner.log = Log::kLn;
  // Where the floor is not part of a cepstrum, the target shows it, and such values do not count.
  if (inner.steps.empty() && inner.log_floor_rule == LogFloor::kClamp) inner.log_floor = 1e-37;
  return inner;
}

FrontendSpec WholeSpec(const FrontendSpec& spec) {
  FrontendSpec whole = InnerSpec(spec);
  whole.framing = spec.framing;
  whole.window_position = spec.window_position;
  whole.edge = spec.edge;
  whole.pad_left_samples = spec.pad_left_samples;
  whole.pad_right_samples = spec.pad_right_samples;
  whole.append_zeros_samples = spec.append_zeros_samples;
  whole.drop_last_frame = spec.drop_last_frame;
  return whole;
}

std::int64_t MiddleOf(const Trial& trial) { return 2 * trial.start + trial.spec.window_samples; }

void PutMiddle(Trial& trial, std::int64_t middle) {
  // Rounded towards later samples, as (fft_size - window_samples) / 2 is.
  trial.start = (middle - trial.spec.window_samples) >> 1;
}

Cepstrum* CepstrumOf(FrontendSpec& spec) { return FindStep<Cepstrum>(spec); }
const Cepstrum* CepstrumOf(const FrontendSpec& spec) { return FindStep<Cepstrum>(spec); }

void PutCepstrum(FrontendSpec& spec, int coefficients) {
  // A mean may not stand before it.
  const auto place = std::find_if(spec.steps.begin(), spec.steps.end(), [](const Step& s) {
    return std::holds_alternative<SubtractMean>(s) || std::holds_alternative<Standardize>(s);
  });
  spec.steps.insert(place, Cepstrum{coefficients, 0.0, false});
}

}  // namespace ossicle::compare
