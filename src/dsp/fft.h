#pragma once

#include <cstdint>
#include <vector>

namespace ossicle::dsp {

/// One pass of butterflies: `radix` transforms of size `span` become one of radix * span.
struct FftStage {
  int radix = 2;
  int span = 1;
  std::size_t first_twiddle = 0;  ///< in FftPlan::twiddles
};

/// Tables of a real FFT of any size 2^a 3^b 5^c, chosen by the size alone. An even size n is done
/// as a complex FFT of n / 2 pairs of samples, whose result is then separated; an odd one as a
/// complex FFT of n samples with imaginary part 0.
template <class T>
struct FftPlan {
  explicit FftPlan(int size);

  int size = 0;
  int complex_size = 0;
  bool paired = true;  ///< even size

  /// input_order[i] is the complex element that stands at place i before the first stage.
  std::vector<std::int32_t> input_order;
  std::vector<FftStage> stages;
  /// Per stage, per j < span, per q = 1..radix-1: cos and sin of -2 pi j q / (radix span).
  std::vector<T> twiddles;
  /// Paired only, per k <= complex_size / 2: cos and sin of -2 pi k / size.
  std::vector<T> separation;
};

}  // namespace ossicle::dsp
