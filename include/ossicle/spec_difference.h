#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ossicle/features.h"
#include "ossicle/spec.h"

namespace ossicle {

/// One choice in which a spec differs from another one.
struct Deviation {
  std::string field;   ///< as in JSON: "hop_samples", "framing" (with its pads), "steps[0]"
  std::string found;   ///< its value in the one spec, as in JSON; "" for a step that is not there
  std::string wanted;  ///< its value in the spec that it is compared with
  std::string text;    ///< "hop 160 against 200", "Hann symmetric, not periodic"
};

/// How `found` differs from `wanted`, in the order of the spec's fields; `name` does not count.
/// Steps that only the one or the other has are deviations of their own.
std::vector<Deviation> Deviations(const FrontendSpec& found, const FrontendSpec& wanted);

/// Two specs' features of the same sound, frame by frame.
struct FeatureChange {
  std::int64_t frames_found = 0;
  std::int64_t frames_wanted = 0;
  int bands_found = 0;  ///< values per frame
  int bands_wanted = 0;
  /// Both give as many bands, and there is a frame that both have. Without, what follows is 0.
  bool comparable = false;
  double mean = 0.0;  ///< of the absolute difference, over the frames that both have
  double max = 0.0;
};

struct DeviationEffect {
  Deviation deviation;
  /// Of `wanted` with this alone from `wanted` as it is. Where that is no legal spec (a window that
  /// is longer than the FFT), with the deviation `with` (its index), or empty if none helps.
  FeatureChange change;
  std::optional<std::size_t> with;
};

struct SpecDifference {
  std::vector<DeviationEffect> effects;  ///< in the order of Deviations()
  FeatureChange together;                ///< of `found` from `wanted`, all at once
  std::string unit;                      ///< of wanted's features
};

/// What each deviation of `found` from `wanted` does to the features of `audio` (mono, full scale
/// 1.0), in double precision. A sample rate other than a spec's is resampled.
///   sample_rate_hz  1..768000, of `audio`
/// Throws Error(kInvalidSpec) for a spec that is not legal, Error(kShape) for audio that is shorter
/// than a spec takes, Error(kNotFinite) for a NaN or an infinity in it.
SpecDifference CompareSpecs(const FrontendSpec& found, const FrontendSpec& wanted,
                            std::span<const float> audio, int sample_rate_hz);

/// The features of `audio`, at whatever rate it is, in float. Errors as those of CompareSpecs.
Features<float> FeaturesOf(const FrontendSpec& spec, std::span<const float> audio,
                           int sample_rate_hz);

/// Two arrays of features side by side, as they are. Where one has to be transposed for its bands
/// to be as many as the other's, it is; where both ways fit, the arrays are taken to lie alike.
FeatureChange CompareArrays(const UnknownFeatures& found, const UnknownFeatures& wanted);

/// A sound that shows every choice of a front end: at 48,000 Hz, 4 s of gliding tones with
/// harmonics over noise, clicks, an offset, loud and quiet, silence at last. The same each time.
std::vector<float> ComparisonSignal();
inline constexpr int kComparisonSignalRateHz = 48000;

}  // namespace ossicle
