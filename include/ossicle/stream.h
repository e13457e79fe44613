#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ossicle/frontend.h"

namespace ossicle {

/// What a live stream does where a step looks at the whole signal: PeakFloor, SubtractMean,
/// Standardize.
enum class StatisticsMode {
  kExact,    ///< all frames are held back until Finish; they are those of Frontend::Run
  kRunning,  ///< of the frames until now, the one that is to be finished included
  kFrozen,   ///< numbers that the caller gives
  kSegment,  ///< of each segment of some seconds, held back until it is whole
};

/// The numbers of one such step.
struct StepStatistics {
  double peak = 0.0;              ///< PeakFloor: the largest value at this step
  std::vector<double> mean;       ///< SubtractMean, Standardize: of each band at this step
  std::vector<double> deviation;  ///< Standardize: of each band, by the step's ddof

  bool operator==(const StepStatistics&) const = default;
};

/// A day.
inline constexpr int kMaxSegmentSeconds = 86400;

struct StreamStatistics {
  StatisticsMode mode = StatisticsMode::kExact;
  double segment_s =
      30.0;  ///< kSegment: above 0 .. kMaxSegmentSeconds; rounded to frames, at least one
  std::vector<StepStatistics> frozen = {};  ///< kFrozen: one for each such step, in their order

  /// Parses "exact", "running" or "segment:SECONDS". Throws Error(kInvalidSpec) that lists them.
  static StreamStatistics Parse(std::string_view text);
};

/// Whether a step of `spec` looks at the whole signal, so that a Stream of it needs
/// StreamOptions::statistics.
bool NeedsStatistics(const FrontendSpec& spec);

/// The numbers as JSON, an array with an object for each step, and back. Throws
/// Error(kInvalidSpec) for a number that is not finite, and for JSON that is none of this.
std::string ToJson(const std::vector<StepStatistics>& statistics);
std::vector<StepStatistics> StatisticsFromJson(std::string_view json);

struct StreamOptions {
  /// Of the samples that are pushed; 0: spec().sample_rate_hz. Another one is resampled by
  /// spec().resampler.
  int input_rate_hz = 0;
  /// There is no default: where NeedsStatistics(spec) and this is empty, Error(kInvalidSpec) says
  /// which there are. Elsewhere the mode changes nothing.
  std::optional<StreamStatistics> statistics = std::nullopt;
};

/// One live signal through a front end. Takes samples in pieces of any size and gives each frame as
/// soon as it is known: the bits of Frontend::Run on the whole signal (of Resample() and then Run()
/// where the rates differ), for every cut into pieces. Holds at most 256 KiB, whatever the length,
/// besides what kExact and kSegment hold back, and allocates nothing once it runs. One thread at a
/// time.
///
/// Frames come one after the other, bands() values each, whatever spec().layout is.
template <class T>
class Stream {
 public:
  /// Throws Error(kInvalidSpec): no mode where one is needed, numbers that do not fit the steps, a
  /// rate or a segment out of range.
  explicit Stream(const Frontend& frontend, const StreamOptions& options = {});
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  const Frontend& frontend() const noexcept;
  int bands() const noexcept;

  /// Samples of the input, from a frame's own time (t * hop_samples of the front end's) on, with
  /// which the frame comes out at the latest; where the rates are equal, with exactly this many.
  /// Negative where frames lie before their time. Not counted: that the first frames wait for the
  /// samples that the left edge mirrors and for spec().min_samples, that the last ones need Finish,
  /// and what kExact and kSegment hold back.
  std::int64_t lookahead_samples() const noexcept;

  /// Takes the next samples (full scale 1.0) and appends the frames that they complete. Throws
  /// Error(kNotFinite) with the sample's index before anything is taken, Error(kShape) after
  /// Finish.
  void Push(std::span<const float> samples, std::vector<T>& out);

  /// The signal has ended: appends the frames that are left. Throws Error(kShape) if it had fewer
  /// samples than spec().min_samples. Called again, it appends nothing.
  void Finish(std::vector<T>& out);

  /// Forgets the signal; the next one begins.
  void Reset();

  std::int64_t samples() const noexcept;  ///< pushed until now
  std::int64_t frames() const noexcept;   ///< given until now

  /// What the steps that look at the whole signal have seen until now (kRunning, kExact after
  /// Finish), or what they were given (kFrozen); may be frozen into another stream. Empty
  /// otherwise.
  std::vector<StepStatistics> statistics() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Samples that have come for one stream of a StreamGroup.
struct StreamPiece {
  int stream = 0;
  std::span<const float> samples;
  bool last = false;  ///< the signal ends with them; the stream's next piece begins a new one
};

/// Many live signals through one front end: frames that are due in different streams are computed
/// together, one in each SIMD lane, so that many streams cost little more than one long signal. The
/// bits are those of each Stream alone. One thread at a time; for several threads, several groups.
template <class T>
class StreamGroup {
 public:
  /// Throws what Stream throws.
  explicit StreamGroup(const Frontend& frontend, const StreamOptions& options = {});
  StreamGroup(StreamGroup&&) noexcept;
  StreamGroup& operator=(StreamGroup&&) noexcept;
  ~StreamGroup();

  /// A new stream; returns its number, which may be one that was removed. Allocates unless one was.
  int Add();
  /// Throws Error(kShape) for a stream that is not there.
  void Remove(int stream);
  int streams() const noexcept;

  /// Called with consecutive frames of one stream, count * bands() values that are there during the
  /// call. It may not call the group. What it throws ends the Push: samples and frames that are not
  /// given yet are lost, and the streams of that Push are to be removed.
  using Sink = std::function<void(int stream, std::span<const T> frames)>;

  /// Takes what has come for some of the streams, at most one piece for each, and gives all frames
  /// that it completes, those of a stream in their order. Throws Error(kNotFinite) that names the
  /// stream and the sample, Error(kShape) for a stream that is not there or is named twice and for
  /// a signal that ends with fewer samples than spec().min_samples, before anything is taken.
  void Push(std::span<const StreamPiece> pieces, const Sink& sink);

  std::int64_t lookahead_samples() const noexcept;  ///< as Stream's

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ossicle
