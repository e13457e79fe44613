#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ossicle/features.h"
#include "ossicle/spec.h"
#include "ossicle/spec_difference.h"

namespace ossicle {

/// A preset beside the given features, as it is: nothing fitted.
struct PresetMatch {
  std::string preset;
  /// The preset has as many bands as the matrix, and at least a frame in common with it. Without,
  /// `error` and `relative_error` are infinite.
  bool comparable = false;
  /// Of the preset's features from the given ones, over the frames that both have, in their units.
  ErrorBound error;
  /// The root mean square of that difference, by the standard deviation of the given features.
  double relative_error = 0.0;
  std::int64_t frames_expected = 0;  ///< that the preset makes of this audio
};

/// What was found, with the audio brought to its rate by one of Resamplers().
struct ResamplerMatch {
  std::string resampler;
  /// Of its features from the given ones, as in PresetMatch.
  ErrorBound error;
  double relative_error = 0.0;
  std::int64_t frames_expected = 0;  ///< that it makes of this audio
  bool fits_as_well = false;         ///< as the nearest one: on this audio nothing tells them apart
};

enum class Certainty {
  kExact,   ///< what is left is rounding
  kLikely,  ///< the spec explains nearly all, but something small is left
  kNone,    ///< no spec fits
};

/// "exact", "likely" or "none".
std::string ToString(Certainty certainty);

/// What IdentifyFrontend() found.
struct Identification {
  /// The spec that fits best, with `layout` as the matrix has it; its name is the nearest preset's,
  /// with "?" behind it if there are deviations.
  FrontendSpec best;
  /// The preset that `best` is described from: the one with the fewest deviations.
  std::string nearest_preset;
  std::vector<Deviation> deviations;  ///< of `best` from it; empty: it is that preset

  /// Of best's features from the given ones, in their units.
  ErrorBound error;
  /// The root mean square of that difference, by the standard deviation of the given features.
  double relative_error = 0.0;
  /// The part of the features' variance that `best` explains, 0..1.
  double explained = 0.0;
  Certainty certainty = Certainty::kNone;

  /// The mean of the whole signal was subtracted from it first: the one thing that is looked for
  /// and that no spec can say. `error` and the rest are of `best` with such a signal.
  bool signal_mean_removed = false;
  /// What is left looks like noise that was added to the samples. best.dither estimates it.
  bool dither_suspected = false;
  std::int64_t frames = 0;       ///< of the given matrix
  std::int64_t evaluations = 0;  ///< how many specs were tried

  /// All presets, the nearest first; those that are not comparable stand at the end.
  std::vector<PresetMatch> ranking;

  /// `best` with each resampler, the nearest first; the first is best's own. Of those that fit as
  /// well, the first is the nearest preset's, or else the one that Resamplers() has first. Empty
  /// where none shows, since the audio is at best's rate, and where nothing fits.
  std::vector<ResamplerMatch> resamplers;
};

/// `found` with what features of one channel at `sample_rate_hz` cannot show as `other` has it:
/// downmix, min_samples, dither_seed, and the resampler where found.sample_rate_hz is that rate.
FrontendSpec WithUnheardOf(FrontendSpec found, const FrontendSpec& other, int sample_rate_hz);

struct IdentifyOptions {
  /// Presets to start from; empty: all. An unknown name is an Error(kInvalidSpec).
  std::vector<std::string> presets;
  /// The search ends when it has cost as much as so many specs with an FFT of 512; 100..1000000.
  std::int64_t most_evaluations = 2600;
  /// Called now and then with the share of most_evaluations that is spent, which a search that
  /// finds something does not use up. Throw from it to stop; the exception is passed on.
  std::function<void(double share)> progress;
};

/// Finds the spec that makes `features` of `audio`: ranks the presets, then changes one choice of
/// the nearest ones after another. Deterministic, on the calling thread alone.
///   features  either layout, at least 8 frames; a NaN or an infinity is Error(kNotFinite) with its
///             place, a wrong size Error(kShape)
///   audio     mono, full scale 1.0; whole, from the first sample that the features were made of
///   sample_rate_hz  1..768000, of `audio`; resampled for front ends of other rates
/// Throws Error(kShape) for features that no front end could have made of so many samples, too.
Identification IdentifyFrontend(const UnknownFeatures& features, std::span<const float> audio,
                                int sample_rate_hz, const IdentifyOptions& options = {});

}  // namespace ossicle
