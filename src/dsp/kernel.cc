#include "dsp/kernel.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <algorithm>
#include <atomic>
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

/// Asked once: in a virtual machine, each question to the processor takes microseconds.
std::atomic<std::int64_t>& SupportedHere() {
  static std::atomic<std::int64_t> targets = hwy::SupportedTargets() & HWY_TARGETS;
  return targets;
}

void Restrict(std::int64_t targets) {
  hwy::SetSupportedTargetsForTest(targets);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  SupportedHere() = hwy::SupportedTargets() & HWY_TARGETS;
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
KernelPlan<T>::KernelPlan(const KernelPlan&) = default;
template <class T>
KernelPlan<T>::KernelPlan(KernelPlan&&) noexcept = default;
template <class T>
KernelPlan<T>::~KernelPlan() = default;

template <class T>
void KernelPlan<T>::Finish() {
  lane_tables_.clear();
  apart_tables_.clear();
  for (int lanes = 1; lanes <= kMaxLanes; lanes *= 2) {
    lane_tables_.emplace_back(*this, lanes, Spacing::kHop);
    apart_tables_.emplace_back(*this, lanes, Spacing::kApart);
  }
}

template <class T>
const LaneTables& KernelPlan<T>::TablesFor(int lanes, Spacing spacing) const {
  const auto place = static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(lanes)));
  return spacing == Spacing::kApart ? apart_tables_[place] : lane_tables_[place];
}

template <class T>
std::size_t ScratchElements(const KernelPlan<T>& plan) {
  // Where even the narrowest kernel is too wide for kScratchBytes, it is the one that is used.
  const int narrowest = KernelOfTarget<T>(Bits(SupportedHere()).back()).lanes;
  std::size_t most = 0;
  for (int lanes = std::max(MostLanes(plan, Spacing::kHop), narrowest); lanes >= 1; lanes /= 2) {
    most = std::max(most, plan.TablesFor(lanes).layout.size);
  }
  for (int lanes = MostLanes(plan, Spacing::kApart); lanes >= 1; lanes /= 2) {
    most = std::max(most, plan.TablesFor(lanes, Spacing::kApart).layout.size);
  }
  return most;
}

template <class T>
Kernel<T> KernelFor(const KernelPlan<T>& plan, Spacing spacing, int frames) {
  // A block takes as long in narrower vectors than these.
  const int fewest = std::max<int>(frames, 32 / sizeof(T));
  const int most = MostLanes(plan, spacing);
  Kernel<T> kernel{0, nullptr}, narrowest;
  for (std::int64_t targets = SupportedHere(); targets != 0; targets &= targets - 1) {
    narrowest = KernelOfTarget<T>(targets & -targets);  // the best is the lowest bit
    if (narrowest.lanes > most || narrowest.lanes == kernel.lanes) continue;
    if (kernel.lanes == 0 || narrowest.lanes >= fewest) kernel = narrowest;
    if (kernel.lanes / 2 < fewest) break;
  }
  return kernel.lanes == 0 && spacing == Spacing::kHop ? narrowest : kernel;
}

std::vector<std::string> CompiledTargets() { return Names(HWY_TARGETS); }

std::vector<std::string> SupportedTargets() { return Names(SupportedHere()); }

std::string CurrentTarget() { return hwy::TargetName(Bits(SupportedHere()).front()); }

bool UseTarget(const std::string& name) {
  Restrict(0);
  if (name.empty()) return true;
  for (const std::int64_t bit : Bits(SupportedHere())) {
    if (name != hwy::TargetName(bit)) continue;
    // With the narrower ones, for plans whose scratch allows no more lanes.
    Restrict(SupportedHere() & -bit);
    return true;
  }
  return false;
}

template struct KernelPlan<float>;
template struct KernelPlan<double>;
template std::size_t ScratchElements(const KernelPlan<float>&);
template std::size_t ScratchElements(const KernelPlan<double>&);
template Kernel<float> KernelFor(const KernelPlan<float>&, Spacing, int);
template Kernel<double> KernelFor(const KernelPlan<double>&, Spacing, int);

}  // namespace ossicle::dsp
