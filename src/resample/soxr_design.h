#pragma once

#include <vector>

namespace ossicle::internal {

enum class SoxrQuality { kHigh, kVeryHigh };

/// One zero-phase FIR: the input is stuffed with zeros to `up` times its rate, filtered, and every
/// `down`-th sample is kept, from the first. What lies before the first input counts as zero: a
/// stage does not see what the one before it rings out ahead of time 0, but all that it rings out
/// behind the signal's end.
struct SoxrStage {
  int up = 1;
  int down = 1;
  /// Odd number, symmetric, time 0 in the middle, a gain of `up` included.
  std::vector<double> taps;
  /// Of the FFT by which libsoxr runs the stage; 0: it sums directly. Blocks of so many stuffed
  /// samples, fft_size - taps.size() + 1 apart, the first of them taps.size() / 2 ahead of time 0.
  /// It matters where `down` is 2 or 4: libsoxr then drops the spectrum above the new Nyquist
  /// frequency, and the imaginary part at it, instead of folding them, so that the block is
  /// periodic. The filter alone gives the same but for the stop band's leak: 8e-8 for soxr_hq,
  /// 3e-10 for soxr_vhq, of noise with a peak of 0.5.
  int fft_size = 0;
};

/// The stages, in order, that libsoxr 0.1.3 designs for a linear phase: soxr_hq (20 bits) or
/// soxr_vhq (28 bits).
///   up, down  out / in of the rates in lowest terms, 1..4096, not equal
///
/// Outputs agree with the library's in double to 4e-15, unless the polyphase stage needs more than
/// 2048 phases, or 50,000 taps in soxr_vhq. The library then interpolates between fewer, with a
/// step that drifts (1e-5 after 400,000 outputs); here it has them all.
std::vector<SoxrStage> DesignSoxr(SoxrQuality quality, int up, int down);

}  // namespace ossicle::internal
