#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compare/fit.h"
#include "compare/sound.h"
#include "compare/target.h"
#include "compare/trial.h"
#include "ossicle/frontend.h"
#include "ossicle/spec.h"

namespace ossicle::compare {

/// Features of a spec, frames first.
struct Computed {
  std::vector<double> values;
  std::int64_t first = 0;  ///< the first frame's number
  std::int64_t frames = 0;
  int bands = 0;
  double at(std::int64_t frame, int b) const {
    return values[static_cast<std::size_t>((frame - first) * bands + b)];
  }
};

/// Computes trials and says how well they fit the target.
class Evaluator {
 public:
  static constexpr double kNoFit = 1e9;

  Evaluator(const Target& target, Sound& sound, std::int64_t most_evaluations,
            std::function<void(double share)> progress)
      : target_(&target), sound_(&sound), most_(most_evaluations), progress_(std::move(progress)) {}

  const Target& target() const { return *target_; }
  Sound& sound() { return *sound_; }
  /// From now on with another target, or another sound; they must outlive this.
  void Use(const Target& target) {
    target_ = &target;
    known_.clear();
  }
  void Use(Sound& sound) {
    sound_ = &sound;
    known_.clear();
  }
  std::int64_t evaluations() const { return evaluations_; }
  /// What was computed costs as much as `most_evaluations` of a usual front end's.
  bool exhausted() const { return spent_ >= static_cast<double>(most_); }

  /// A line through each band, and the ResidualScore of its residuals relative to its spread.
  struct BandFit {
    Line line;
    double score = kNoFit;  ///< kNoFit for a band that says nothing
  };

  /// How large the residuals of frames in the middle are, each band fitted by a line: the mean of
  /// the bands' scores; kNoFit where that cannot be said.
  double Inner(const Trial& trial);

  std::vector<BandFit> InnerBands(const Trial& trial);
  /// What rounding alone leaves: of the trial's features in float, beside double.
  std::vector<BandFit> RoundingBands(const Trial& trial);

  /// Frames in the middle, of InnerSpec: all within 8 seconds around the loudest sample.
  template <class T = double>
  Computed InnerFeatures(const Trial& trial);

  /// How far `spec` itself, with all its steps, lies from the target: nothing fitted.
  struct Distance {
    double score = kNoFit;     ///< ResidualScore of all values, relative to the bands' spreads
    double relative = kNoFit;  ///< root mean square, relative to the target's spread
    double median = kNoFit, p999 = kNoFit;  ///< relative to the target's spread
    ErrorBound error;
  };
  Distance From(const FrontendSpec& spec);
  /// The same of features of `spec` in float, from those in double.
  Distance RoundingOf(const FrontendSpec& spec);

  /// All frames of the whole audio. Throws Error(kInvalidSpec).
  template <class T = double>
  Computed Full(const FrontendSpec& spec);

  /// Samples and frames that `spec` has of the audio.
  std::int64_t Samples(const FrontendSpec& spec);
  std::int64_t Frames(const FrontendSpec& spec);

 private:
  const Frontend& Compiled(const FrontendSpec& spec);
  /// How well `at(t, b)` fits: a value for each that is free in the target.
  template <class At>
  std::vector<BandFit> FitBands(const Computed& computed, const At& at) const;

  /// Counts one more evaluation, and says how far the search is.
  void Count();

  const Target* target_;
  Sound* sound_;
  std::int64_t most_;
  std::function<void(double share)> progress_;
  std::int64_t evaluations_ = 0;
  double spent_ = 0.0;             // in evaluations of an FFT of 512, which take about as long
  std::deque<Frontend> compiled_;  // the last few
  std::unordered_map<std::string, double> known_;  // scores of Inner()
};

}  // namespace ossicle::compare
