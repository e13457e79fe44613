#pragma once

#include "resample/filter_bank.h"

namespace ossicle::internal {

/// torchaudio's arguments of the same names.
struct TorchaudioFilter {
  int lowpass_filter_width = 6;
  double rolloff = 0.99;
  double kaiser_beta = 0.0;  ///< 0: a Hann window
};

/// torchaudio 2.11's transforms.Resample: in double, but for the phase, which is in the signal's
/// type; then cast to that type.
FilterBank TorchaudioBank(const TorchaudioFilter& filter, Ratio ratio, Precision precision);

/// torchaudio 2.11's functional.resample with its defaults: every step in the signal's type.
FilterBank TorchaudioFunctionalBank(Ratio ratio, Precision precision);

/// julius 0.2.8's resample_frac with its defaults: every step in float32.
FilterBank JuliusBank(Ratio ratio);

}  // namespace ossicle::internal
