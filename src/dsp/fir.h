#pragma once

#include <cstdint>
#include <span>

namespace ossicle::dsp {

// Sums of products of samples with taps: what a resampler's output is.
//
// The sum is defined as eight partial sums, product k going to sum k mod 8 in ascending order, and
// then ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)): the same bits on every instruction set, and a
// rounding error that grows with an eighth of the taps. Integers are summed without error.

/// Rows of taps are padded with zeros to a multiple of this; the samples under the padding must be
/// finite, and count for nothing.
template <class T>
inline constexpr int kFirRowTaps = 8;
template <>
inline constexpr int kFirRowTaps<std::int16_t> = 16;

/// Most outputs that are computed together.
inline constexpr int kFirBlock = 8;

/// Where the samples and the taps of one output begin, in elements.
struct FirPlace {
  std::int32_t sample = 0;
  std::int32_t tap = 0;
  std::int32_t row_taps = 0;  ///< FirPeriodSums(): where not 0, instead of the input's
};

/// Output i is the sum over k < row_taps of
/// samples[offset + places[i].sample + k] * taps[places[i].tap + k]; any kFirBlock outputs that
/// follow one another have rows that do.
template <class C>
struct FirInput {
  const C* samples = nullptr;
  std::int64_t offset = 0;
  const C* taps = nullptr;
  int row_taps = 0;  ///< a multiple of kFirRowTaps<C>
};

/// How far apart two outputs with the same taps are, and their samples.
struct FirPeriod {
  std::int64_t outputs = 0;
  std::int64_t samples = 0;
};

/// Periods that FirPeriodSums() computes together.
inline constexpr int kFirPeriods = 8;

void FirSums(const FirInput<float>& input, std::span<const FirPlace> places, float* sums);
void FirSums(const FirInput<double>& input, std::span<const FirPlace> places, double* sums);
void FirSums(const FirInput<std::int16_t>& input, std::span<const FirPlace> places,
             std::int32_t* sums);

/// The sums of `places` in kFirPeriods periods: output i of period p is sums[p * period.outputs +
/// i], and its samples lie p * period.samples further. Rows need not follow one another. Twice as
/// fast, and more so where all samples and rows begin at a multiple of kFirRowTaps<C>.
void FirPeriodSums(const FirInput<float>& input, std::span<const FirPlace> places, FirPeriod period,
                   float* sums);
void FirPeriodSums(const FirInput<double>& input, std::span<const FirPlace> places,
                   FirPeriod period, double* sums);
void FirPeriodSums(const FirInput<std::int16_t>& input, std::span<const FirPlace> places,
                   FirPeriod period, std::int32_t* sums);

}  // namespace ossicle::dsp
