#include "dsp/kernel.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <algorithm>
#include <bit>

#include "dsp/kernel_targets.h"
#include "dsp/scratch_layout.h"

namespace ossicle::dsp {

namespace {

/// The single bits of a set of targets; Highway gives the better target the lower bit.
std::vector<std::int64_t> Bits(std::int64_t targets) {
  std::vector<std::int64_t> bits;
  for (; targets != 0; targets &= targets - 1) bits.push_back(targets & -targets);
  return bits;
}

std::vector<std::string> Names(std::int64_t targets) {
  std::vector<std::string> names;
  for (const std::int64_t bit : Bits(targets)) names.emplace_back(hwy::TargetName(bit));
  return names;
}

std::int64_t SupportedHere() { return hwy::SupportedTargets() & HWY_TARGETS; }

void Restrict(std::int64_t targets) {
  hwy::SetSupportedTargetsForTest(targets);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

template <class T>
LaneTables MakeLaneTables(const KernelPlan<T>& plan, int lanes) {
  LaneTables tables;
  const int columns = plan.Columns(lanes);
  const int stride = (columns + lanes - 1) / lanes * lanes;
  const int rows = plan.ColumnSamples();
  for (const std::int32_t n : plan.fft.inputs) {
    const bool first = n == 0 && plan.frame_preemphasis;
    const int row = n >= plan.window_samples ? rows : first ? rows + 1 : n % rows;
    const int column = n >= plan.window_samples ? 0 : n / rows;
    tables.inputs.push_back(row * stride + column);
  }
  for (const std::int32_t bin : plan.mel.bins) {
    tables.mel_taps.push_back(plan.fft.bin_places[static_cast<std::size_t>(bin)] * lanes);
  }
  tables.row_stride = static_cast<std::size_t>(stride);
  return tables;
}

}  // namespace

template <class T>
KernelPlan<T>::KernelPlan(int fft_size, const std::vector<double>& window_in, int hop)
    : window_samples(static_cast<int>(window_in.size())), hop_samples(hop), fft(fft_size) {
  int place = 0;
  for (const std::int32_t n : fft.inputs) {
    const bool inside = n < window_samples;
    window.push_back(inside ? static_cast<T>(window_in[static_cast<std::size_t>(n)]) : T(0));
    if (inside) used_rows = std::max(used_rows, place % fft.rows + 1);
    ++place;
  }
}

template <class T>
void KernelPlan<T>::Finish() {
  for (std::size_t i = 0; i < lane_tables_.size(); ++i) {
    lane_tables_[i] = MakeLaneTables(*this, 1 << i);
  }
}

template <class T>
const LaneTables& KernelPlan<T>::TablesFor(int lanes) const {
  return lane_tables_[static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(lanes)))];
}

template <class T>
std::size_t ScratchElements(const KernelPlan<T>& plan) {
  std::size_t most = 0;
  for (int lanes = MostLanes(plan); lanes >= 1; lanes /= 2) {
    most = std::max(most, ScratchLayout(plan, lanes).size);
  }
  return most;
}

template <class T>
Kernel<T> KernelFor(const KernelPlan<T>& plan) {
  const int most = MostLanes(plan);
  Kernel<T> kernel;
  std::int64_t targets = SupportedHere();
  do {
    kernel = KernelOfTarget<T>(targets & -targets);  // the best is the lowest bit
    targets &= targets - 1;
  } while (kernel.lanes > most && targets != 0);
  return kernel;
}

std::vector<std::string> CompiledTargets() { return Names(HWY_TARGETS); }

std::vector<std::string> SupportedTargets() { return Names(SupportedHere()); }

std::string CurrentTarget() { return hwy::TargetName(Bits(SupportedHere()).front()); }

bool UseTarget(const std::string& name) {
  Restrict(0);
  if (name.empty()) return true;
  for (const std::int64_t bit : Bits(SupportedHere())) {
    if (name != hwy::TargetName(bit)) continue;
    Restrict(bit);
    return true;
  }
  return false;
}

template struct KernelPlan<float>;
template struct KernelPlan<double>;
template std::size_t ScratchElements(const KernelPlan<float>&);
template std::size_t ScratchElements(const KernelPlan<double>&);
template Kernel<float> KernelFor(const KernelPlan<float>&);
template Kernel<double> KernelFor(const KernelPlan<double>&);

}  // namespace ossicle::dsp
