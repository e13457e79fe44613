#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ossicle/progress.h"

namespace ossicle {

/// One definition of resampling, as a library and version have it.
struct ResamplerInfo {
  std::string name;
  std::string summary;     ///< what it is, in a line
  std::string source;      ///< what it reproduces: library, version, function
  bool is_16_bit = false;  ///< what it gives is 16-bit integers
};

/// All of them, in the order of the table.
std::vector<ResamplerInfo> Resamplers();

/// The one of that name. Throws Error(kInvalidSpec), which offers the nearest name, if there is
/// none.
ResamplerInfo FindResampler(std::string_view name);

inline constexpr int kMaxSampleRateHz = 768000;

/// Most of a ratio's terms in lowest terms: 44100 -> 16000 Hz is 160 / 441.
inline constexpr int kMaxRatioTerm = 4096;

/// What a resampler is made for. The bits do not depend on it.
enum class ResamplerUse {
  kBulk,  ///< long pieces, few resamplers: speed
  kLive   ///< short pieces, many resamplers: at most 96 KiB each for every preset's
};

namespace internal {
struct ResamplerPlan;
}  // namespace internal

/// Turns one signal into another rate, piece by piece. Output m lies at m / to_hz seconds of the
/// input. The bits depend on neither the cut into pieces nor the instruction set. Samples are at
/// full scale 1.0. One thread at a time.
///
/// T is float or double: of the samples, and of the arithmetic unless the definition has its own.
template <class T>
class Resampler {
 public:
  /// Makes the tables, which takes a millisecond or some; copies, and resamplers of the same
  /// arguments that are made soon after, share them. Equal rates give the input as it is.
  /// Throws Error(kInvalidSpec) for a name that Resamplers() does not have, for a rate outside
  /// 1..768000, and for a ratio with a term above kMaxRatioTerm, where it names the nearest one.
  Resampler(std::string_view name, int from_hz, int to_hz, ResamplerUse use = ResamplerUse::kBulk);
  Resampler(const Resampler& other);  ///< a new signal with the same tables and use
  Resampler(Resampler&&) noexcept;
  Resampler& operator=(Resampler&&) noexcept;
  ~Resampler();

  int from_hz() const noexcept;
  int to_hz() const noexcept;

  /// Samples that a signal of `samples` samples gives, by the library's own rule.
  std::int64_t OutputSamples(std::int64_t samples) const noexcept;

  /// At least as many as a Push of `samples` samples appends, whatever was pushed before.
  std::int64_t MostOutputs(std::int64_t samples) const noexcept;

  /// Most input samples, beyond the one at an output's own time, that must be in before the output
  /// comes out.
  std::int64_t LookaheadSamples() const noexcept;

  /// Takes the next samples, any number of them, and appends the outputs that they complete.
  /// Throws Error(kNotFinite) with the sample's index for a NaN or an infinity, before anything is
  /// taken, and Error(kShape) after Finish.
  void Push(std::span<const T> samples, std::vector<T>& out);

  /// Appends the outputs that are left: OutputSamples(all samples) in all. Called again, it appends
  /// nothing.
  void Finish(std::vector<T>& out);

  /// Forgets the signal; the next one begins.
  void Reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A whole signal at once; `progress` is called about every 10 s of it. Throws what Resampler
/// throws.
template <class T>
std::vector<T> Resample(std::string_view name, std::span<const T> samples, int from_hz, int to_hz,
                        const ProgressFunction& progress = nullptr);

}  // namespace ossicle
