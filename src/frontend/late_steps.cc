#include "frontend/late_steps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <variant>

#include "core/fp_environment.h"
#include "frontend/compute.h"
#include "frontend/grain.h"
#include "frontend/moment_tree.h"

namespace ossicle::internal {

namespace {

// Estimates; for a signal that fits the L2 cache they are lower.
constexpr double kNanosecondsPerElement = 0.1;
constexpr double kNanosecondsPerMeasuredElement = 0.15;

/// Bands of a tile whose frames are adjacent: as many rows of memory are read at a time.
constexpr int kBandsOfRows = 16;

/// What lies in each worker's scratch, in doubles.
struct LateLayout {
  explicit LateLayout(int bands) {
    constexpr std::size_t kTotals = 32 * 1024 / sizeof(double);
    const auto count = static_cast<std::size_t>(bands);
    group_bands = bands <= 128 ? bands : 64;
    chunks = static_cast<int>(std::clamp<std::size_t>(kTotals / (2 * count), 1, 16));
    center = MomentTree::Doubles(group_bands);
    scale = center + count;
    totals = scale + count;
    size = totals + 2 * count * static_cast<std::size_t>(chunks);
  }

  int group_bands;     ///< are measured together where the bands are adjacent
  int chunks;          ///< most chunks of a worker
  std::size_t center;  ///< for each band, in the first worker's scratch; so is scale
  std::size_t scale;
  std::size_t totals;  ///< moments of each of the worker's chunks
  std::size_t size;
};

bool IsStatistic(const Step& step) {
  return std::holds_alternative<SubtractMean>(step) || std::holds_alternative<Standardize>(step);
}

/// Collects steps until one needs to know something of all frames; then sweeps over them: what was
/// collected is applied and the wanted statistic taken, in one pass. A worker takes chunks of 2^k
/// runs of kSumFrames frames, so that chunks are whole branches of the one tree of all runs.
template <class T>
class LateSteps {
 public:
  LateSteps(std::span<const FeatureView<T>> blocks, const T* peak, ScratchMemory& scratch,
            Workers* workers, std::vector<StepStatistics>* statistics)
      : blocks_(blocks),
        bands_(blocks[0].bands),
        layout_(bands_),
        known_peak_(peak),
        scratch_(scratch),
        workers_(workers),
        statistics_(statistics) {
    for (const FeatureView<T>& block : blocks) frames_ += block.frames;
    runs_ = (frames_ + kSumFrames - 1) / kSumFrames;
    const FeatureView<T>& block = blocks[0];
    const bool bands_inside = block.band_stride == 1 && block.frame_stride != 1;
    group_bands_ = bands_inside ? layout_.group_bands : std::min(bands_, kBandsOfRows);
  }

  void operator()(const PeakFloor& step) {
    // A peak of -0 is made 0: which of them is the largest depends on the order.
    const T peak = (known_peak_ != nullptr ? *known_peak_ : TakePeak()) + T(0);
    if (statistics_ != nullptr) statistics_->push_back({static_cast<double>(peak), {}, {}});
    Append({Op::Kind::kFloor, peak - static_cast<T>(step.range), 0});
  }
  void operator()(const Affine& step) {
    Append({Op::Kind::kAffine, static_cast<T>(step.scale), static_cast<T>(step.offset)});
  }
  void operator()(const Clip& step) {
    Append({Op::Kind::kClip, static_cast<T>(step.low), static_cast<T>(step.high)});
  }
  void operator()(const SubtractMean&) {
    TakeMoments(Statistic::kMean);
    if (statistics_ != nullptr) statistics_->push_back({0.0, Means(), {}});
    std::fill_n(Shared(layout_.scale), bands_, 1.0);
  }
  void operator()(const Standardize& step) {
    TakeMoments(Statistic::kMeanAndSquares);
    const auto divisor = static_cast<double>(frames_ - step.ddof);
    if (statistics_ != nullptr) statistics_->push_back({0.0, Means(), {}});
    double* const scale = Shared(layout_.scale);  // the squares until now
    for (int band = 0; band < bands_; ++band) {
      const double variance = divisor > 0.0 ? scale[band] / divisor : 0.0;
      scale[band] = StandardizingScale(step, variance);
      if (statistics_ != nullptr) statistics_->back().deviation.push_back(std::sqrt(variance));
    }
  }
  void operator()(const Cepstrum&) {}  // always the kernel's

  void Finish() {
    if (normalize_ || op_count_ > 0) Sweep(Statistic::kNone);
  }

 private:
  using Op = dsp::ElementOp<T>;
  enum class Statistic { kNone, kPeak, kMean, kMeanAndSquares };

  void Append(const Op& op) {
    if (op_count_ == ops_.size()) Sweep(Statistic::kNone);
    ops_[op_count_++] = op;
    known_peak_ = nullptr;
  }

  T TakePeak() {
    Sweep(Statistic::kPeak);
    const auto end = scratch_.peaks.begin() + active_;
    return static_cast<T>(*std::max_element(scratch_.peaks.begin(), end));
  }

  /// Leaves the means as the centers and the sums of squares in the place of the scales.
  void TakeMoments(Statistic statistic) {
    Sweep(statistic);
    for (int band = 0; band < bands_; band += group_bands_) MergeChunks(band);
    normalize_ = true;
    known_peak_ = nullptr;
  }

  /// Applies what was collected to all frames and forgets it.
  void Sweep(Statistic statistic) {
    statistic_ = statistic;
    Deal();
    const auto share = [this](int worker) {
      const DefaultFpEnvironment environment;
      SweepShare(worker);
    };
    if (active_ == 1) {
      share(0);
    } else {
      workers_->Run(active_, std::ref(share));
    }
    normalize_ = false;
    op_count_ = 0;
  }

  void Deal() {
    const bool measured = statistic_ != Statistic::kNone && statistic_ != Statistic::kPeak;
    const double elements = static_cast<double>(frames_) * bands_;
    active_ = ActiveWorkers(
        workers_, scratch_.workers(),
        elements * (measured ? kNanosecondsPerMeasuredElement : kNanosecondsPerElement));
    chunk_log_ = 0;
    const std::int64_t most_chunks = std::int64_t{active_} * layout_.chunks;
    while (Chunks() > most_chunks) ++chunk_log_;
  }

  std::int64_t Chunks() const {
    return (runs_ + (std::int64_t{1} << chunk_log_) - 1) >> chunk_log_;
  }
  std::int64_t FirstChunk(int worker) const { return Chunks() * worker / active_; }

  void SweepShare(int worker) {
    T peak = -std::numeric_limits<T>::infinity();
    for (std::int64_t chunk = FirstChunk(worker); chunk < FirstChunk(worker + 1); ++chunk) {
      for (int band = 0; band < bands_; band += group_bands_) {
        SweepGroup(worker, chunk, band, &peak);
      }
    }
    scratch_.peaks[static_cast<std::size_t>(worker)] = peak;
  }

  void SweepGroup(int worker, std::int64_t chunk, int band, T* peak) const {
    const bool measure = statistic_ == Statistic::kMean || statistic_ == Statistic::kMeanAndSquares;
    MomentTree tree = MakeTree(worker);
    dsp::TileWork<T> work;
    if (normalize_) {
      work.center = Shared(layout_.center) + band;
      work.scale = Shared(layout_.scale) + band;
    }
    work.ops = {ops_.data(), op_count_};
    if (statistic_ == Statistic::kPeak) work.peak = peak;
    const std::int64_t end = std::min((chunk + 1) << chunk_log_, runs_);
    for (std::int64_t run = chunk << chunk_log_; run < end; ++run) {
      const FeatureView<T> tile = Tile(run, band);
      if (measure) work.moments = tree.Next();
      Process(tile, work);
      if (measure) tree.Add(tile.frames);
    }
    if (measure) Store(tree.Total(), Totals(worker, chunk, band), BandsFrom(band));
  }

  MomentTree MakeTree(int worker) const {
    return {scratch_.Of<double>(worker), group_bands_, statistic_ == Statistic::kMeanAndSquares};
  }

  FeatureView<T> Tile(std::int64_t run, int band) const {
    const std::int64_t first = run * kSumFrames;
    const std::int64_t block_frames = blocks_[0].frames;
    FeatureView<T> tile = blocks_[static_cast<std::size_t>(first / block_frames)].Rows(
        first % block_frames, std::min(kSumFrames, frames_ - first));
    tile.data += band * tile.band_stride;
    tile.bands = BandsFrom(band);
    return tile;
  }

  int BandsFrom(int band) const { return std::min(group_bands_, bands_ - band); }

  void Process(const FeatureView<T>& view, const dsp::TileWork<T>& work) const {
    const dsp::FeatureTile<T> tile{view.data, static_cast<int>(view.frames), view.bands,
                                   view.frame_stride, view.band_stride};
    if (tile.frame_stride == 1 || tile.band_stride == 1) return dsp::ProcessTile(tile, work);
    std::array<T, kSumFrames * kBandsOfRows> copy;
    const dsp::FeatureTile<T> packed{copy.data(), tile.frames, tile.bands, 1, kSumFrames};
    CopyTile(tile, packed);
    dsp::ProcessTile(packed, work);
    CopyTile(packed, tile);
  }

  static void CopyTile(const dsp::FeatureTile<T>& from, const dsp::FeatureTile<T>& to) {
    for (int frame = 0; frame < from.frames; ++frame) {
      for (int band = 0; band < from.bands; ++band) to.at(frame, band) = from.at(frame, band);
    }
  }

  double* Shared(std::size_t place) const { return scratch_.Of<double>(0) + place; }

  std::vector<double> Means() const {
    const double* const means = Shared(layout_.center);
    return {means, means + bands_};
  }

  /// Where the moments of a worker's chunk stand.
  dsp::Moments Totals(int worker, std::int64_t chunk, int band) const {
    const auto place = static_cast<std::size_t>((chunk - FirstChunk(worker)) * 2 * bands_);
    double* const mean = scratch_.Of<double>(worker) + layout_.totals + place + band;
    return {mean, statistic_ == Statistic::kMeanAndSquares ? mean + bands_ : nullptr};
  }

  static void Store(const dsp::Moments& from, const dsp::Moments& to, int count) {
    std::copy_n(from.mean, count, to.mean);
    if (to.squares != nullptr) std::copy_n(from.squares, count, to.squares);
  }

  void MergeChunks(int band) {
    const int count = BandsFrom(band);
    MomentTree tree = MakeTree(0);
    std::int64_t left = frames_;
    for (int worker = 0; worker < active_; ++worker) {
      for (std::int64_t chunk = FirstChunk(worker); chunk < FirstChunk(worker + 1); ++chunk) {
        Store(Totals(worker, chunk, band), tree.Next(), count);
        const std::int64_t frames = std::min(left, kSumFrames << chunk_log_);
        tree.Add(frames);
        left -= frames;
      }
    }
    const bool squares = statistic_ == Statistic::kMeanAndSquares;
    Store(tree.Total(),
          {Shared(layout_.center) + band, squares ? Shared(layout_.scale) + band : nullptr}, count);
  }

  std::span<const FeatureView<T>> blocks_;
  int bands_;
  LateLayout layout_;
  const T* known_peak_;  // for a PeakFloor that comes first
  ScratchMemory& scratch_;
  Workers* workers_;
  std::vector<StepStatistics>* statistics_;
  std::int64_t frames_ = 0;
  std::int64_t runs_ = 0;
  int group_bands_ = 0;

  bool normalize_ = false;  // by centers and scales, before the ops
  std::array<Op, 8> ops_{};
  std::size_t op_count_ = 0;

  Statistic statistic_ = Statistic::kNone;  // of the last sweep; so are active_ and chunk_log_
  int active_ = 1;
  int chunk_log_ = 0;
};

}  // namespace

template <class T>
void ApplyLateSteps(std::span<const Step> steps, std::span<const FeatureView<T>> blocks,
                    const T* peak, ScratchMemory& scratch, Workers* workers,
                    std::vector<StepStatistics>* statistics) {
  if (steps.empty() || blocks.empty()) return;
  LateSteps<T> late(blocks, peak, scratch, workers, statistics);
  for (const Step& step : steps) std::visit(late, step);
  late.Finish();
}

double StandardizingScale(const Standardize& step, double variance) {
  if (!(variance > 0.0)) return 0.0;
  return 1.0 / (step.epsilon_in_variance ? std::sqrt(variance + step.epsilon)
                                         : std::sqrt(variance) + step.epsilon);
}

std::size_t LateScratchBytes(const CompiledFrontend& compiled) {
  const bool measures =
      std::any_of(compiled.late_steps.begin(), compiled.late_steps.end(), IsStatistic);
  return measures ? LateLayout(compiled.spec.bands()).size * sizeof(double) : 0;
}

template void ApplyLateSteps(std::span<const Step>, std::span<const FeatureView<float>>,
                             const float*, ScratchMemory&, Workers*, std::vector<StepStatistics>*);
template void ApplyLateSteps(std::span<const Step>, std::span<const FeatureView<double>>,
                             const double*, ScratchMemory&, Workers*, std::vector<StepStatistics>*);

}  // namespace ossicle::internal
