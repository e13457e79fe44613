#include "compare/edges.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/resampler.h"

namespace ossicle::compare {

namespace {

/// Residuals so near to the least ones are as good.
constexpr double kAsGood = 1.3;
constexpr double kLeast = 1e-6;
/// Resamplers whose scores are so near to each other may be the same inside.
constexpr double kAlike = 0.05;
constexpr std::int64_t kMostFrames = 400;
constexpr int kMostPad = 1 << 20;
constexpr int kMostAppended = 1 << 24;

class EdgeSearch {
 public:
  EdgeSearch(Evaluator& evaluator, const Trial& trial)
      : evaluator_(evaluator), target_(evaluator.target()), trial_(trial) {
    for (const auto& fit : evaluator_.InnerBands(trial)) lines_.push_back(fit.line);
    FindResamplers();
  }

  FrontendSpec Run() {
    Gather(true);
    if (candidates_.empty()) Gather(false);
    if (candidates_.empty()) return trial_.spec;
    std::vector<double> residuals;
    for (const FrontendSpec& spec : candidates_) residuals.push_back(Residual(spec));
    const double least = *std::min_element(residuals.begin(), residuals.end());
    const FrontendSpec* best = nullptr;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (residuals[i] > std::max(least, kLeast) * kAsGood) continue;
      if (best == nullptr || Changes(candidates_[i]) < Changes(*best)) best = &candidates_[i];
    }
    return *best;
  }

 private:
  std::set<int> Appended() const {
    const int rate = trial_.spec.sample_rate_hz;
    const std::int64_t samples = evaluator_.Samples(trial_.spec);
    std::set<int> counts = {0,
                            160,
                            480000,
                            trial_.spec.append_zeros_samples,
                            trial_.spec.hop_samples,
                            trial_.spec.window_samples,
                            trial_.spec.fft_size,
                            trial_.spec.fft_size / 2,
                            rate / 2,
                            rate,
                            30 * rate};
    // Padded to 10 or 30 seconds in all.
    for (const std::int64_t whole : {std::int64_t{10} * rate, std::int64_t{30} * rate}) {
      if (whole > samples) counts.insert(static_cast<int>(whole - samples));
    }
    std::erase_if(counts, [](int count) { return count > kMostAppended; });
    return counts;
  }

  /// Where a window begins with a zero, pre-emphasis over the signal and in the frame differ at the
  /// edges alone.
  std::vector<PreEmphasis> PreEmphases() {
    const PreEmphasis own = trial_.spec.preemphasis;
    if (own == PreEmphasis::kNone) return {own};
    Trial other = trial_;
    other.spec.preemphasis =
        own == PreEmphasis::kSignal ? PreEmphasis::kFrame : PreEmphasis::kSignal;
    if (evaluator_.Inner(other) > evaluator_.Inner(trial_) + 0.1) return {own};
    return {own, other.spec.preemphasis};
  }

  /// Those that fit as well inside: some differ from another one in the last samples alone.
  void FindResamplers() {
    resamplers_ = {trial_.spec.resampler};
    samples_ = evaluator_.Samples(trial_.spec);
    if (!evaluator_.sound().IsResampledFor(trial_.spec)) return;
    const double score = evaluator_.Inner(trial_);
    for (const ResamplerInfo& info : Resamplers()) {
      Trial other = trial_;
      other.spec.resampler = info.name;
      if (info.name == trial_.spec.resampler || evaluator_.Inner(other) > score + kAlike) continue;
      resamplers_.push_back(info.name);
      samples_ = std::min(samples_, evaluator_.Samples(other.spec));
    }
  }

  void Gather(bool right_count) {
    FrontendSpec spec = trial_.spec;
    for (const std::string& resampler : resamplers_) {
      spec.resampler = resampler;
      for (const PreEmphasis kind : PreEmphases()) {
        spec.preemphasis = kind;
        for (const WindowPosition position : {WindowPosition::kLeft, WindowPosition::kCenter}) {
          spec.window_position = position;
          AddEnds(spec, right_count);
        }
      }
    }
  }

  void AddEnds(FrontendSpec spec, bool right_count) {
    for (const int appended : Appended()) {
      for (const bool drop : {false, true}) {
        spec.append_zeros_samples = appended;
        spec.drop_last_frame = drop;
        AddFramings(spec, right_count);
      }
    }
  }

  void AddFramings(FrontendSpec spec, bool right_count) {
    spec.pad_left_samples = spec.pad_right_samples = 0;
    for (const Framing framing : {Framing::kNoPadding, Framing::kCenter, Framing::kKaldiNoSnip}) {
      spec.framing = framing;
      AddEdges(spec, right_count);
    }
    spec.framing = Framing::kExplicit;
    const std::int64_t pad = (spec.frame_samples() - spec.window_samples) / 2 - trial_.start;
    if (pad < 0 || pad > kMostPad) return;
    spec.pad_left_samples = static_cast<int>(pad);
    const std::int64_t last = (target_.frames - 1 + (spec.drop_last_frame ? 1 : 0));
    const std::int64_t least =
        std::max<std::int64_t>(0, last * spec.hop_samples + spec.frame_samples() -
                                      evaluator_.Samples(spec) - spec.append_zeros_samples - pad);
    std::set<std::int64_t> rights = {least, pad, trial_.spec.pad_right_samples};
    for (const std::int64_t right : rights) {
      if (right > kMostPad) continue;
      spec.pad_right_samples = static_cast<int>(right);
      AddEdges(spec, right_count);
    }
  }

  void AddEdges(FrontendSpec spec, bool right_count) {
    if (StartOf(spec) != trial_.start) return;
    const std::int64_t frames = evaluator_.Frames(spec);
    if (frames < 1 || (right_count && frames != target_.frames)) return;
    const bool pads = spec.pad_left() > 0 || spec.pad_right() > 0;
    for (const Edge edge : {Edge::kZeros, Edge::kReflect, Edge::kReflectRepeat}) {
      spec.edge = edge;
      if (pads || edge == trial_.spec.edge) candidates_.push_back(spec);
    }
  }

  /// None, a hop, or 30 seconds: what libraries append.
  bool IsUsual(int appended) const {
    return appended == 0 || appended == 160 || appended == 480000 ||
           appended == 30 * trial_.spec.sample_rate_hz;
  }

  /// Fields that the candidate changes.
  int Changes(const FrontendSpec& spec) const {
    const FrontendSpec& old = trial_.spec;
    const bool explicitly = spec.framing == Framing::kExplicit;
    return 2 * (spec.preemphasis != old.preemphasis) +
           2 * (spec.framing != old.framing || spec.pad_left_samples != old.pad_left_samples ||
                spec.pad_right_samples != old.pad_right_samples) +
           (explicitly && old.framing != Framing::kExplicit) +
           (explicitly && spec.pad_right_samples != spec.pad_left_samples) +
           3 * (spec.pad_right_samples > 2 * spec.fft_size) + !IsUsual(spec.append_zeros_samples) +
           (spec.resampler != old.resampler) + 2 * (spec.edge != old.edge) +
           2 * (spec.window_position != old.window_position) +
           3 * (spec.append_zeros_samples != old.append_zeros_samples) +
           2 * (spec.drop_last_frame != old.drop_last_frame);
  }

  /// Root mean square over the frames that reach beyond the signal, relative to the bands' spreads.
  double Residual(const FrontendSpec& spec) {
    try {
      const Computed computed = evaluator_.Full(WholeSpec(spec));
      double squares = 0.0, count = 0.0;
      for (const std::int64_t t : EdgeFrames(std::min(computed.frames, target_.frames))) {
        for (int b = 0; b < target_.bands; ++b) AddResidual(computed, t, b, squares, count);
      }
      return count == 0.0 ? 0.0 : std::sqrt(squares / count);
    } catch (const Error&) {
      return Evaluator::kNoFit;
    }
  }

  std::vector<std::int64_t> EdgeFrames(std::int64_t frames) const {
    std::vector<std::int64_t> edge;
    for (std::int64_t t = 0; t < frames; ++t) {
      const std::int64_t first = trial_.start + t * trial_.spec.hop_samples;
      if (first < 1 || first + trial_.spec.window_samples > samples_) edge.push_back(t);
      if (static_cast<std::int64_t>(edge.size()) == kMostFrames) break;
    }
    return edge;
  }

  void AddResidual(const Computed& computed, std::int64_t t, int b, double& squares,
                   double& count) const {
    const auto i = static_cast<std::size_t>(b);
    const Target::Band& band = target_.band[i];
    if (band.spread == 0.0 || lines_[i].scale == 0.0) return;
    double x = lines_[i](computed.at(t, b));
    if (band.has_floor) x = std::max(x, band.floor);
    if (band.has_ceiling) x = std::min(x, band.ceiling);
    const double residual = std::min(std::abs(target_.at(t, b) - x) / band.spread, 10.0);
    squares += residual * residual;
    count += 1;
  }

  Evaluator& evaluator_;
  const Target& target_;
  const Trial& trial_;
  std::vector<Line> lines_;
  std::vector<std::string> resamplers_;
  std::int64_t samples_ = 0;  // that all of these give
  std::vector<FrontendSpec> candidates_;
};

}  // namespace

FrontendSpec FindEdges(Evaluator& evaluator, const Trial& trial) {
  return EdgeSearch(evaluator, trial).Run();
}

}  // namespace ossicle::compare
