#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ossicle/features.h"
#include "ossicle/spec.h"
#include "ossicle/workers.h"

namespace ossicle {

namespace internal {
struct CompiledFrontend;
struct FrontendAccess;
struct RunClock;
struct ScratchMemory;
}  // namespace internal

/// A stage of Frontend::Run and the time that it took.
struct StageTime {
  std::string name;
  double seconds = 0.0;
};

/// Working memory of a Frontend for a number of workers: at most 128 KiB each for every FFT size up
/// to 4096. Serves float and double. One Run at a time.
class Scratch {
 public:
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;
  ~Scratch();

  int workers() const noexcept;
  std::size_t BytesPerWorker() const noexcept;

 private:
  friend class Frontend;
  explicit Scratch(std::unique_ptr<internal::ScratchMemory> memory);
  std::unique_ptr<internal::ScratchMemory> memory_;
};

/// A compiled front end: the tables of one FrontendSpec. Immutable: share one object between all
/// threads. Copying is cheap and shares the tables. A rounding mode, flush-to-zero or traps that
/// the host has set change nothing here, and are what they were afterwards.
class Frontend {
 public:
  /// Compiles `spec`. Throws Error(kInvalidSpec), which names the field, its value and its range.
  explicit Frontend(const FrontendSpec& spec);

  const FrontendSpec& spec() const noexcept;
  int bands() const noexcept;

  /// Frames that `samples` mono samples at spec().sample_rate_hz give; 0 for 0 samples. Pure.
  std::int64_t Frames(std::int64_t samples) const noexcept;

  /// Working memory for up to `workers` (1..256) workers.
  Scratch MakeScratch(int workers = 1) const;

  /// Computes every frame of `audio`. Allocates nothing; the bits do not depend on the number of
  /// workers nor on the instruction set.
  ///   audio    mono, any length, full scale = 1.0, at spec().sample_rate_hz; not kept
  ///   out      Frames(audio.size()) x bands(), any strides; written once, or twice where a step
  ///            looks at the whole signal; its memory may overlap neither `audio` nor itself
  ///   scratch  from MakeScratch(); its number of workers is the most that are used
  ///   workers  threads to use; nullptr: the calling thread alone
  /// Throws Error(kShape) if `out` has another shape, Error(kNotFinite) if `audio` holds a NaN or
  /// an infinity, before anything is written.
  template <class T>
  void Run(std::span<const float> audio, FeatureView<T> out, Scratch& scratch,
           Workers* workers = nullptr) const;

  /// Does the same on the calling thread alone and takes the time of each stage, for measurements:
  /// the clock itself takes a part of it. Allocates the result.
  template <class T>
  std::vector<StageTime> TimeStages(std::span<const float> audio, FeatureView<T> out,
                                    Scratch& scratch) const;

  /// The same for callers who do not mind allocations: frames * bands() values in spec().layout.
  template <class T = float>
  std::vector<T> Run(std::span<const float> audio) const;

 private:
  friend struct internal::FrontendAccess;
  template <class T>
  void RunWith(std::span<const float> audio, FeatureView<T> out, Scratch& scratch, Workers* workers,
               internal::RunClock* clock) const;

  std::shared_ptr<const internal::CompiledFrontend> compiled_;
};

/// The instruction sets that this build has kernels for and this machine supports, widest first.
std::vector<std::string> InstructionSets();
/// All that this build has kernels for.
std::vector<std::string> CompiledInstructionSets();
/// The one in use.
std::string InstructionSet();
/// Uses the named one, and narrower ones for FFTs that are too large for its vectors, from now on
/// in the whole process ("" chooses the best again). For tests and measurements. Throws
/// Error(kInvalidSpec) for a name that InstructionSets() does not have.
void SetInstructionSet(const std::string& name);

}  // namespace ossicle
