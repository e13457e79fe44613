#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "dsp/kernel.h"

namespace ossicle::dsp::test {

inline bool IsFiveSmooth(int n) {
  for (const int factor : {2, 3, 5}) {
    while (n % factor == 0) n /= factor;
  }
  return n == 1;
}

/// A kernel that leaves each bin's power: one band for each bin. Finish() is left to the caller.
template <class T>
KernelPlan<T> PowerPlan(int fft_size, const std::vector<double>& window, int hop_samples) {
  KernelPlan<T> plan(fft_size, window, hop_samples);
  std::vector<MelBand> bank;
  for (int bin = 0; bin <= fft_size / 2; ++bin) bank.push_back({bin, {1.0}});
  plan.mel = MelSegments<T>(bank);
  plan.take_log = false;
  return plan;
}

/// The same of frames that are one FFT long, without a window, side by side.
template <class T>
KernelPlan<T> PowerPlan(int size) {
  KernelPlan<T> plan =
      PowerPlan<T>(size, std::vector<double>(static_cast<std::size_t>(size), 1.0), size);
  plan.Finish();
  return plan;
}

/// 64-byte aligned scratch of `elements`, with a guarded zone behind it.
template <class T>
class GuardedScratch {
 public:
  static constexpr std::size_t kGuard = 1024;
  static constexpr T kUntouched = T(-12345);

  explicit GuardedScratch(std::size_t elements)
      : elements_(elements), memory_(elements + kGuard + 64 / sizeof(T), kUntouched) {}

  T* get() {
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
    return memory_.data() + (64 - address % 64) % 64 / sizeof(T);
  }

  bool IsGuardUntouched() {
    const T* const guard = get() + elements_;
    for (std::size_t i = 0; i < kGuard; ++i) {
      if (guard[i] != kUntouched) return false;
    }
    return true;
  }

 private:
  std::size_t elements_;
  std::vector<T> memory_;
};

/// `frames` x plan.OutputBands() values of one block, frames first.
template <class T>
std::vector<T> RunBlock(const KernelPlan<T>& plan, T* scratch, const BlockInput<T>& input,
                        int frames) {
  std::vector<T> values(static_cast<std::size_t>(frames * plan.OutputBands()));
  BlockOutput<T> output;
  output.out = values.data();
  output.frame_stride = plan.OutputBands();
  output.band_stride = 1;
  output.frames = frames;
  KernelFor(plan, input.spacing(), frames).compute(plan, scratch, input, output);
  return values;
}

template <class T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

/// Calls `check` on each instruction set of this machine.
template <class Check>
void OnEveryInstructionSet(Check check) {
  for (const std::string& target : SupportedTargets()) {
    SCOPED_TRACE(target);
    ASSERT_TRUE(UseTarget(target));
    check();
    ASSERT_TRUE(UseTarget(""));
  }
}

}  // namespace ossicle::dsp::test
