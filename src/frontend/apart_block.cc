#include "frontend/apart_block.h"

#include <array>
#include <cstddef>

namespace ossicle::internal {

template <class T>
ApartBlock<T>::ApartBlock(const CompiledFrontend& compiled)
    : compiled_(compiled), plan_(compiled.Plan<T>()), geometry_(compiled.spec) {
  if (compiled.IsWaveform() || compiled.two_passes) return;
  kernel_ = dsp::KernelFor(plan_, dsp::Spacing::kApart);
}

template <class T>
void ApartBlock<T>::Compute(std::span<const PlacedFrame> frames, T* scratch, T* out) const {
  std::array<const float*, dsp::KernelPlan<T>::kMaxLanes> signals;
  std::array<const T*, dsp::KernelPlan<T>::kMaxLanes> windows;
  const std::int64_t window = plan_.window_samples;
  dsp::BlockInput<T> input;
  bool plain = true;
  for (std::size_t i = 0; i < frames.size() && plain; ++i) {
    const SignalReader<T> reader(compiled_.spec, frames[i].piece);
    const std::int64_t start = geometry_.WindowStart(frames[i].index);
    plain = reader.IsPlain(start, geometry_.used_samples, window);
    if (!plain) break;
    input = reader.PlainInput(start);
    signals[i] = input.signal;
  }
  if (plain) {
    input.signal = nullptr;
    input.signals = signals.data();
  } else {
    T* prepared = dsp::PreparedSamples(scratch);
    for (std::size_t i = 0; i < frames.size(); ++i, prepared += window) {
      const SignalReader<T> reader(compiled_.spec, frames[i].piece);
      reader.Read(geometry_.WindowStart(frames[i].index), window, prepared);
      windows[i] = prepared;
    }
    input = {};
    input.windows = windows.data();
  }

  const auto count = static_cast<int>(frames.size());
  const std::int64_t bands = plan_.OutputBands();
  dsp::BlockOutput<T> output;
  output.out = out;
  output.frame_stride = bands;
  output.band_stride = 1;
  output.frames = count;
  const dsp::Kernel<T> kernel =
      count == kernel_.lanes ? kernel_ : dsp::KernelFor(plan_, dsp::Spacing::kApart, count);
  kernel.compute(plan_, scratch, input, output);
}

template class ApartBlock<float>;
template class ApartBlock<double>;

}  // namespace ossicle::internal
