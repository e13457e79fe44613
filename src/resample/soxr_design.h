#pragma once

#include <vector>

namespace ossicle::internal {

enum class SoxrQuality { kHigh, kVeryHigh };

/// One zero-phase FIR: the input is stuffed with zeros to `up` times its rate, filtered, and every
/// `down`-th sample is kept, from the first. The signal before that first sample counts as zero: a
/// stage does not see what the one before it rings out ahead of time 0.
struct SoxrStage {
  int up = 1;
  int down = 1;
  std::vector<double>
      taps;          ///< odd number, symmetric, centre in the middle, a gain of `up` included
  int fft_size = 0;  ///< of the blocks in which libsoxr runs it; 0: it sums directly
};

/// The stages, in order, that libsoxr 0.1.3 designs for a linear-phase recipe: soxr_hq (20 bits) or
/// soxr_vhq (28 bits).
///   up, down  out / in of the rates in lowest terms, 1..4096, not equal
///
/// The taps agree with the library's to 1e-15, with two exceptions. Where `down` of an FFT stage is
/// 2 or 4, the library drops the upper spectrum instead of folding it, which is worth the stop
/// band's leak (HQ 1e-8, VHQ 3e-11). Where the polyphase stage would need more than 2048 phases,
/// the library interpolates between fewer; here it has them all.
std::vector<SoxrStage> DesignSoxr(SoxrQuality quality, int up, int down);

}  // namespace ossicle::internal
