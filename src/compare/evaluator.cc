#include "compare/evaluator.h"

#include <algorithm>
#include <cmath>

#include "ossicle/error.h"

namespace ossicle::compare {

namespace {

constexpr int kInnerSeconds = 8;
constexpr std::int64_t kMostFrames = 4000;
constexpr std::size_t kCompiled = 6;
constexpr std::size_t kFewestPoints = 8;
/// Values of a trial that are looked at.
constexpr std::int64_t kPoints = 10000;

std::int64_t FloorDivide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

/// A spec that is not legal, or takes longer audio, fits nothing; anything else ends the search.
void PassOnUnlessIllegal(const Error& error) {
  if (error.code() != Code::kInvalidSpec && error.code() != Code::kShape) throw error;
}

double Spread(const std::vector<double>& values) {
  const double count = static_cast<double>(values.size());
  double mean = 0.0, squares = 0.0;
  for (const double x : values) mean += x / count;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return std::sqrt(squares / count);
}

}  // namespace

const Frontend& Evaluator::Compiled(const FrontendSpec& spec) {
  for (const Frontend& frontend : compiled_) {
    if (frontend.spec() == spec) return frontend;
  }
  if (compiled_.size() == kCompiled) compiled_.pop_back();
  spent_ += spec.fft_size / 512.0 + (spec.window == Window::kPovey ? 0.5 : 0.0);
  // Each weight of the cosine transform is a sine in twice the precision.
  if (const Cepstrum* cepstrum = CepstrumOf(spec)) {
    spent_ += cepstrum->coefficients * spec.mel_bands / 1500.0;
  }
  return compiled_.emplace_front(spec);
}

std::int64_t Evaluator::Samples(const FrontendSpec& spec) { return sound_->Samples(spec); }

std::int64_t Evaluator::Frames(const FrontendSpec& spec) {
  const std::int64_t samples = Samples(spec);
  const std::int64_t room = samples + spec.append_zeros_samples + spec.pad_left() +
                            spec.pad_right() - spec.frame_samples();
  if (room < 0) return 0;
  return 1 + room / spec.hop_samples - (spec.drop_last_frame ? 1 : 0);
}

template <class T>
Computed Evaluator::InnerFeatures(const Trial& trial) {
  const FrontendSpec inner = InnerSpec(trial.spec);
  inner.Validate();
  const std::int64_t hop = inner.hop_samples;
  // The frame before it is computed, too: its first sample lacks the one before, for pre-emphasis.
  std::int64_t first = std::max<std::int64_t>(0, -FloorDivide(trial.start - hop, hop));
  std::int64_t end = FloorDivide(Samples(inner) - inner.window_samples - trial.start, hop) + 1;
  end = std::min(end, target_->frames);
  const std::int64_t most =
      std::min(std::int64_t{kInnerSeconds} * inner.sample_rate_hz / hop, kMostFrames);
  if (end - first > most) {
    const std::int64_t loud = FloorDivide(sound_->LoudestFor(inner) - trial.start, hop);
    first = std::clamp(loud - most / 2, first, end - most);
    end = first + most;
  }
  Computed computed;
  computed.first = first;
  computed.bands = inner.bands();
  if (end - first < static_cast<std::int64_t>(kFewestPoints)) return computed;

  const Frontend& frontend = Compiled(inner);
  const std::int64_t begin = trial.start + (first - 1) * hop;
  const std::int64_t samples = (end - first) * hop + inner.window_samples;
  spent_ += static_cast<double>(end - first) / 4000.0;
  const std::vector<T> values = frontend.Run<T>(sound_->Part(inner, begin, samples));
  computed.values.assign(values.begin() + computed.bands, values.end());
  computed.frames = end - first;
  return computed;
}

template <class At>
std::vector<Evaluator::BandFit> Evaluator::FitBands(const Computed& computed, const At& at) const {
  std::vector<BandFit> fits(static_cast<std::size_t>(computed.bands));
  if (computed.frames == 0) return fits;
  const std::int64_t most = std::clamp<std::int64_t>(kPoints / computed.bands, 64, 400);
  const std::int64_t stride = (computed.frames + most - 1) / most;
  std::vector<double> x, y;
  for (int b = 0; b < computed.bands; ++b) {
    BandFit& fit = fits[static_cast<std::size_t>(b)];
    if (target_->band[static_cast<std::size_t>(b)].spread == 0.0) continue;
    x.clear();
    y.clear();
    for (std::int64_t t = computed.first; t < computed.first + computed.frames; t += stride) {
      if (!target_->IsFree(t, b)) continue;
      x.push_back(computed.at(t, b));
      y.push_back(at(t, b));
    }
    const double spread = Spread(y);
    if (x.size() < kFewestPoints || spread == 0.0) continue;
    fit.line = FitLine(x, y);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::abs(y[i] - fit.line(x[i])) / spread;
    fit.score = ResidualScore(x);
  }
  return fits;
}

double Evaluator::Inner(const Trial& trial) {
  if (trial.spec.bands() != target_->bands) return kNoFit;
  const std::string key = InnerSpec(trial.spec).ToJson() + std::to_string(trial.start);
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  double sum = 0.0, count = 0.0;
  for (const BandFit& fit : InnerBands(trial)) {
    if (fit.score == kNoFit) continue;
    sum += fit.score;
    count += 1;
  }
  return known_[key] = count > 0 ? sum / count : kNoFit;
}

void Evaluator::Count() {
  ++evaluations_;
  if (progress_) progress_(std::min(spent_ / static_cast<double>(most_), 1.0));
}

std::vector<Evaluator::BandFit> Evaluator::InnerBands(const Trial& trial) {
  Count();
  try {
    return FitBands(InnerFeatures(trial),
                    [this](std::int64_t t, int b) { return target_->at(t, b); });
  } catch (const Error& error) {
    PassOnUnlessIllegal(error);
    return {};
  }
}

std::vector<Evaluator::BandFit> Evaluator::RoundingBands(const Trial& trial) {
  const Computed computed = InnerFeatures(trial);
  const Computed rounded = InnerFeatures<float>(trial);
  return FitBands(computed, [&](std::int64_t t, int b) { return rounded.at(t, b); });
}

template <class T>
Computed Evaluator::Full(const FrontendSpec& spec) {
  Count();
  FrontendSpec frames_first = spec;
  frames_first.layout = Layout::kFramesFirst;
  const Frontend& frontend = Compiled(frames_first);
  Computed computed;
  computed.bands = frontend.bands();
  computed.frames = frontend.Frames(Samples(spec));
  spent_ += static_cast<double>(computed.frames) / 2000.0;
  const std::vector<T> values = frontend.Run<T>(sound_->For(spec));
  computed.values.assign(values.begin(), values.end());
  return computed;
}

template Computed Evaluator::Full<double>(const FrontendSpec&);

namespace {

double At(std::vector<double>& sorted, double part) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::ceil(part * last))];
}

/// `at(t, b)` beside what was computed.
template <class AtPlace>
Evaluator::Distance DistanceOf(const Computed& computed, std::int64_t frames, const Target& target,
                               const AtPlace& at) {
  Evaluator::Distance distance;
  std::vector<double> relative, plain;
  double squares = 0.0;
  for (std::int64_t t = 0; t < frames; ++t) {
    for (int b = 0; b < computed.bands; ++b) {
      const double difference = std::abs(computed.at(t, b) - at(t, b));
      plain.push_back(difference);
      squares += difference * difference;
      const double spread = target.band[static_cast<std::size_t>(b)].spread;
      relative.push_back(difference / (spread > 0.0 ? spread : 1.0));
    }
  }
  if (plain.empty()) return distance;
  std::sort(plain.begin(), plain.end());
  const auto count = static_cast<double>(plain.size());
  const double unit = target.spread > 0.0 ? target.spread : 1.0;
  distance.score = ResidualScore(relative);
  distance.relative = std::sqrt(squares / count) / unit;
  distance.median = At(plain, 0.5) / unit;
  distance.p999 = At(plain, 0.999) / unit;
  for (const double x : plain) distance.error.mean += x / count;
  distance.error.p999 = At(plain, 0.999);
  distance.error.max = plain.back();
  return distance;
}

}  // namespace

Evaluator::Distance Evaluator::From(const FrontendSpec& spec) {
  if (spec.bands() != target_->bands) return {};
  try {
    const Computed computed = Full(spec);
    return DistanceOf(computed, std::min(computed.frames, target_->frames), *target_,
                      [this](std::int64_t t, int b) { return target_->at(t, b); });
  } catch (const Error& error) {
    PassOnUnlessIllegal(error);
    return {};
  }
}

Evaluator::Distance Evaluator::RoundingOf(const FrontendSpec& spec) {
  const Computed computed = Full(spec);
  const Computed rounded = Full<float>(spec);
  return DistanceOf(computed, computed.frames, *target_,
                    [&](std::int64_t t, int b) { return rounded.at(t, b); });
}

}  // namespace ossicle::compare
