#include "dsp/kernel.h"

#include <algorithm>

#include "dsp/scratch_layout.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernel.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "dsp/kernel-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

int LanesFloat(const KernelPlan<float>& plan) { return LanesFor(plan); }
int LanesDouble(const KernelPlan<double>& plan) { return LanesFor(plan); }

void ComputeFloat(const KernelPlan<float>& plan, float* scratch, const BlockOutput<float>& output) {
  Compute(plan, scratch, output);
}
void ComputeDouble(const KernelPlan<double>& plan, double* scratch,
                   const BlockOutput<double>& output) {
  Compute(plan, scratch, output);
}

void LogFloat(const float* in, float* out, std::size_t count) { LogOf(in, out, count); }
void LogDouble(const double* in, double* out, std::size_t count) { LogOf(in, out, count); }

const char* Name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

namespace {

HWY_EXPORT(LanesFloat);
HWY_EXPORT(LanesDouble);
HWY_EXPORT(ComputeFloat);
HWY_EXPORT(ComputeDouble);
HWY_EXPORT(LogFloat);
HWY_EXPORT(LogDouble);
HWY_EXPORT(Name);

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

/// All inputs of the FFT, in the order in which the first stage wants them.
template <class T>
std::vector<FftInput<T>> MakeInputs(const KernelPlan<T>& plan, const std::vector<double>& window,
                                    int window_offset) {
  std::vector<FftInput<T>> inputs;
  const auto append = [&](int place) {
    FftInput<T> input;
    const int n = place - window_offset;
    if (n >= 0 && n < plan.window_samples) {
      const int rows = plan.ColumnSamples();
      const int previous = std::max(n - 1, 0);
      input = {n % rows, n / rows, previous % rows, previous / rows,
               static_cast<T>(window[static_cast<std::size_t>(n)])};
    }
    inputs.push_back(input);
  };
  for (const std::int32_t element : plan.fft.input_order) {
    append(plan.fft.paired ? 2 * element : element);
    if (plan.fft.paired) {
      append(2 * element + 1);
    } else {
      inputs.push_back({});
    }
  }
  return inputs;
}

}  // namespace

template <class T>
KernelPlan<T>::KernelPlan(int fft_size, const std::vector<double>& window, int window_offset,
                          int hop)
    : window_samples(static_cast<int>(window.size())), hop_samples(hop), fft(fft_size) {
  inputs = MakeInputs(*this, window, window_offset);
}

template <class T>
std::size_t ScratchElements(const KernelPlan<T>& plan) {
  std::size_t most = 0;
  for (int lanes = MostLanes(plan); lanes >= 1; lanes /= 2) {
    most = std::max(most, ScratchLayout(plan, lanes).size);
  }
  return most;
}

template <>
int BlockFrames(const KernelPlan<float>& plan) {
  return HWY_DYNAMIC_DISPATCH(LanesFloat)(plan);
}
template <>
int BlockFrames(const KernelPlan<double>& plan) {
  return HWY_DYNAMIC_DISPATCH(LanesDouble)(plan);
}

template <>
void ComputeBlock(const KernelPlan<float>& plan, float* scratch, const BlockOutput<float>& output) {
  HWY_DYNAMIC_DISPATCH(ComputeFloat)(plan, scratch, output);
}
template <>
void ComputeBlock(const KernelPlan<double>& plan, double* scratch,
                  const BlockOutput<double>& output) {
  HWY_DYNAMIC_DISPATCH(ComputeDouble)(plan, scratch, output);
}

template <>
void NaturalLog(const float* in, float* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(LogFloat)(in, out, count);
}
template <>
void NaturalLog(const double* in, double* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(LogDouble)(in, out, count);
}

std::vector<std::string> CompiledTargets() { return Names(HWY_TARGETS); }

std::vector<std::string> SupportedTargets() { return Names(SupportedHere()); }

std::string CurrentTarget() { return HWY_DYNAMIC_DISPATCH(Name)(); }

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

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
