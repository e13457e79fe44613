#include "compare/align.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ossicle/error.h"

namespace ossicle::compare {

namespace {

constexpr int kGridPerSecond = 800;
constexpr int kColumns = 6;
constexpr std::int64_t kRows = 200;
constexpr int kMostSeconds = 20;

/// Some bands of a spec's features every `grid` samples, and the same bands of the target.
class Aligner {
 public:
  Aligner(Evaluator& evaluator, const FrontendSpec& spec)
      : target_(evaluator.target()),
        spec_(InnerSpec(spec)),
        samples_(evaluator.Samples(spec)),
        grid_(std::max(1, spec.sample_rate_hz / kGridPerSecond)) {
    for (int i = 0; i < kColumns; ++i) {
      const int b = i * (target_.bands - 1) / (kColumns - 1);
      if (target_.band[static_cast<std::size_t>(b)].spread > 0.0) bands_.insert(b);
    }
    Compute(evaluator);
  }

  std::vector<Alignment> Run() const {
    std::vector<Alignment> found;
    if (frames_ == 0) return found;
    for (const int hop : Hops()) found.push_back(Best(hop));
    std::sort(found.begin(), found.end(),
              [](const Alignment& a, const Alignment& b) { return a.correlation > b.correlation; });
    return found;
  }

 private:
  void Compute(Evaluator& evaluator) {
    FrontendSpec fine = spec_;
    fine.hop_samples = grid_;
    const std::int64_t used = std::min(samples_, std::int64_t{kMostSeconds} * spec_.sample_rate_hz);
    const Frontend frontend(fine);
    const auto values = frontend.Run<float>(evaluator.sound().Part(spec_, 0, used));
    frames_ = frontend.Frames(used);
    for (const int b : bands_) {
      std::vector<double> column;
      for (std::int64_t k = 0; k < frames_; ++k) {
        column.push_back(values[static_cast<std::size_t>(k * frontend.bands() + b)]);
      }
      LimitSilence(column);
      columns_.push_back(std::move(column));
    }
  }

  /// The logarithm of digital silence is far below all else and would be all that counts.
  static void LimitSilence(std::vector<double>& column) {
    if (column.empty()) return;
    std::vector<double> sorted = column;
    const auto place = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 20);
    std::nth_element(sorted.begin(), place, sorted.end());
    for (double& x : column) x = std::max(x, *place);
  }

  /// The spec's own, what the number of frames says, and what is usual.
  std::set<int> Hops() const {
    std::set<int> hops = {80,  100, 128, 160, 200, 220, 240,
                          256, 320, 400, 441, 480, 512, spec_.hop_samples};
    // With zeros after the audio: 30 or 10 s in all, or 30 s of 16 kHz, whatever the rate.
    const int rate = spec_.sample_rate_hz;
    AddHops(static_cast<double>(samples_), hops);
    for (const double seconds : {10.0, 30.0}) {
      if (seconds * rate > static_cast<double>(samples_)) AddHops(seconds * rate, hops);
    }
    for (const double its_rate : {16000.0, 22050.0, 48000.0}) {
      AddHops(static_cast<double>(samples_) + 480000.0 / its_rate * rate, hops);
    }
    return hops;
  }

  void AddHops(double samples, std::set<int>& hops) const {
    const auto frames = static_cast<double>(target_.frames);
    const auto fewest = static_cast<int>((samples - spec_.fft_size) / frames) - 1;
    const auto most = static_cast<int>((samples + spec_.fft_size) / std::max(1.0, frames - 1)) + 1;
    const auto middle = static_cast<int>(samples / frames);
    constexpr int kReach = 8;
    const int end = std::min(most, middle + kReach);
    for (int hop = std::max({1, fewest, middle - kReach}); hop <= end; ++hop) hops.insert(hop);
  }

  Alignment Best(int hop) const {
    const std::int64_t reach = std::max(spec_.sample_rate_hz / 5, 2 * spec_.fft_size);
    Alignment best{hop, 0, -2.0};
    for (std::int64_t start = -reach; start <= reach; start += grid_) {
      const double correlation = Correlation(hop, start);
      if (correlation > best.correlation) best = {hop, start, correlation};
    }
    return best;
  }

  double Correlation(int hop, std::int64_t start) const {
    const std::int64_t first = std::max<std::int64_t>(0, (hop - 1 - start) / hop);
    const std::int64_t end = std::min(target_.frames, (frames_ * grid_ - start - grid_) / hop);
    // Half of the target must lie inside: a small part fits anywhere.
    if (end - first <
        std::max<std::int64_t>(8, std::min(target_.frames, frames_ * grid_ / hop) / 2)) {
      return -2.0;
    }
    const std::int64_t stride = std::max<std::int64_t>(1, (end - first) / kRows);
    const auto rows = static_cast<double>(end - first);
    double sum = 0.0;
    std::size_t column = 0;
    for (const int b : bands_) {
      double n = 0, sx = 0, sy = 0, xx = 0, yy = 0, xy = 0;
      for (std::int64_t t = first; t < end; t += stride) {
        const auto k = static_cast<std::size_t>((start + t * hop + grid_ / 2) / grid_);
        const double x = columns_[column][k], y = target_.at(t, b);
        n += 1, sx += x, sy += y, xx += x * x, yy += y * y, xy += x * y;
      }
      const double variance = (xx - sx * sx / n) * (yy - sy * sy / n);
      if (variance > 0) sum += (xy - sx * sy / n) / std::sqrt(variance);
      ++column;
    }
    // A few frames are alike by chance.
    return sum / static_cast<double>(bands_.size()) - 2.0 / std::sqrt(rows);
  }

  const Target& target_;
  const FrontendSpec spec_;
  std::int64_t samples_;
  int grid_;
  std::set<int> bands_;
  std::int64_t frames_ = 0;
  std::vector<std::vector<double>> columns_;
};

}  // namespace

std::vector<Alignment> Align(Evaluator& evaluator, const FrontendSpec& spec) {
  try {
    return Aligner(evaluator, spec).Run();
  } catch (const Error&) {
    return {};  // the spec is not legal
  }
}

}  // namespace ossicle::compare
