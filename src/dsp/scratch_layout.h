#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dsp/kernel.h"

namespace ossicle::dsp {

/// Where a block's parts lie in its scratch, in elements; each starts on a 64-byte boundary. What
/// is not needed at the same time shares its place: the prepared samples with the spectrum, the
/// table of samples with all that comes after the FFT.
struct ScratchLayout {
  template <class T>
  ScratchLayout(const KernelPlan<T>& plan, int lanes, Spacing spacing);

  /// Of the table of samples: a column is a hop, or all of a window where the frames are apart.
  std::size_t rows = 0;
  /// Elements from a row of the table to the next.
  std::size_t row_stride = 0;
  /// Elements from the sum of a frame's hop to that of its next.
  std::size_t sum_stride = 0;

  std::size_t sums = 0;        ///< per hop: the sum of its samples
  std::size_t part_sums = 0;   ///< and of its first ones, where the window ends within a hop
  std::size_t subtrahend = 0;  ///< per frame; later the frame's peak
  std::size_t log_energy = 0;  ///< per frame
  std::size_t table = 0;
  std::size_t zero_row = 0;   ///< of the table
  std::size_t first_row = 0;  ///< of the table: the frames' first samples as they are emphasised
  std::size_t falls = 0;      ///< per segment of the mel bank
  std::size_t rises = 0;      ///< per segment; then the bands
  std::size_t cepstrum = 0;
  std::size_t size = 0;
};

/// What depends on the number of lanes: the layout, and addresses in it.
struct LaneTables {
  template <class T>
  LaneTables(const KernelPlan<T>& plan, int lanes, Spacing spacing);

  ScratchLayout layout;
  std::vector<std::int32_t> inputs;    ///< per input of the FFT: element of the table of samples
  std::vector<std::int32_t> mel_taps;  ///< per tap of the mel bank: element of the spectrum
};

/// Lanes, a power of two up to 16, whose scratch stays within kScratchBytes; where that of one does
/// not, 1 of frames one hop after the other, 0 of frames apart.
template <class T>
int MostLanes(const KernelPlan<T>& plan, Spacing spacing);

}  // namespace ossicle::dsp
