#include "frontend/compute.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <string>
#include <type_traits>

#include "core/fp_environment.h"
#include "frontend/grain.h"
#include "frontend/held_signal.h"
#include "frontend/late_steps.h"
#include "ossicle/error.h"

namespace ossicle::internal {

namespace {

/// Samples as features, frames first..first+count-1: a piece of the signal at a time.
template <class T>
void CopyWaveform(const FrameRun<T>& run, std::int64_t begin, std::int64_t end) {
  const SignalReader<T> reader(run.compiled.spec, run.piece);
  std::array<T, 256> samples;
  T* out = run.out.data + begin * run.out.frame_stride;
  while (begin < end) {
    const auto count = std::min<std::int64_t>(std::ssize(samples), end - begin);
    reader.Read(run.first + begin, count, samples.data());
    for (std::int64_t i = 0; i < count; ++i, out += run.out.frame_stride) {
      *out = samples[static_cast<std::size_t>(i)];
    }
    begin += count;
  }
}

/// Computes blocks of frames from the signal.
template <class T>
class BlockRunner {
 public:
  BlockRunner(const FrameRun<T>& run, T* scratch)
      : run_(run),
        plan_(run.compiled.template Plan<T>()),
        kernel_(dsp::KernelFor(plan_)),
        reader_(run.compiled.spec, run.piece),
        geometry_(run.compiled.spec),
        scratch_(scratch) {
    output_.frame_stride = run.out.frame_stride;
    output_.band_stride = run.out.band_stride;
    output_.floor = run.floor;
    output_.peak = run.compiled.takes_peak ? &peak_ : nullptr;
    output_.stages = run.stages;
  }

  /// Frames begin..end-1 of the run; returns their peak.
  T Run(std::int64_t begin, std::int64_t end) {
    for (std::int64_t frame = begin; frame < end; frame += kernel_.lanes) {
      output_.frames = static_cast<int>(std::min<std::int64_t>(kernel_.lanes, end - frame));
      if (run_.out.data != nullptr) output_.out = run_.out.data + frame * run_.out.frame_stride;
      const bool whole = output_.frames == kernel_.lanes;
      const dsp::Kernel<T> kernel =
          whole ? kernel_ : dsp::KernelFor(plan_, dsp::Spacing::kHop, output_.frames);
      kernel.compute(plan_, scratch_, InputOf(run_.first + frame), output_);
    }
    return peak_;
  }

 private:
  dsp::BlockInput<T> InputOf(std::int64_t frame) const {
    const std::int64_t start = geometry_.WindowStart(frame);
    const std::int64_t used =
        std::int64_t{output_.frames - 1} * plan_.hop_samples + plan_.window_samples;
    if (reader_.IsPlain(start, used, plan_.BlockSamples(output_.frames))) {
      return reader_.PlainInput(start);
    }

    dsp::BlockInput<T> input;
    input.prepared = Prepare(start);
    return input;
  }

  /// The columns of the block from `start` on, one behind the other.
  const T* Prepare(std::int64_t start) const {
    T* const prepared = dsp::PreparedSamples(scratch_);
    const std::int64_t rows = plan_.ColumnSamples();
    const std::int64_t used = rows * plan_.Columns(output_.frames);
    if (rows == plan_.hop_samples) {
      reader_.Read(start, used, prepared);
    } else {
      for (std::int64_t place = 0; place < used; place += rows, start += plan_.hop_samples) {
        reader_.Read(start, rows, prepared + place);
      }
    }
    return prepared;
  }

  const FrameRun<T>& run_;
  const dsp::KernelPlan<T>& plan_;
  const dsp::Kernel<T> kernel_;
  const SignalReader<T> reader_;
  const FrameGeometry geometry_;
  T* scratch_;
  dsp::BlockOutput<T> output_;
  T peak_ = -std::numeric_limits<T>::infinity();
};

template <class T>
std::size_t KernelBytes(const CompiledFrontend& compiled) {
  return dsp::ScratchElements(compiled.Plan<T>()) * sizeof(T);
}

}  // namespace

ScratchMemory::ScratchMemory(std::size_t kernel_bytes, const CompiledFrontend& compiled,
                             int workers)
    : worker_bytes(std::max(kernel_bytes, (LateScratchBytes(compiled) + 63) / 64 * 64)) {
  if (workers < 1 || workers > 256) {
    throw Error(Code::kInvalidSpec,
                "workers=" + std::to_string(workers) + ", but it must be 1..256");
  }
  const std::size_t bytes = worker_bytes * static_cast<std::size_t>(workers);
  memory.reset(new (std::align_val_t(64)) std::byte[bytes]);
  peaks.resize(static_cast<std::size_t>(workers));
}

ScratchMemory::ScratchMemory(const CompiledFrontend& compiled, int workers)
    : ScratchMemory(std::max(KernelBytes<float>(compiled), KernelBytes<double>(compiled)), compiled,
                    workers) {}

template <class T>
ScratchMemory ScratchMemory::For(const CompiledFrontend& compiled, int workers) {
  return {KernelBytes<T>(compiled), compiled, workers};
}

template ScratchMemory ScratchMemory::For<float>(const CompiledFrontend&, int);
template ScratchMemory ScratchMemory::For<double>(const CompiledFrontend&, int);

template <class T>
T ComputeFrames(const FrameRun<T>& run, ScratchMemory& scratch, Workers* workers) {
  const std::int64_t frames = run.out.frames;
  int active = 1;
  if (workers != nullptr) {
    const double frame = FrameNanoseconds(run.compiled.spec, std::is_same_v<T, double>);
    active = ActiveWorkers(workers, scratch.workers(), static_cast<double>(frames) * frame);
  }
  // Whole blocks, so that the kernel fills its lanes in all shares but the last.
  const std::int64_t block_frames = dsp::KernelFor(run.compiled.template Plan<T>()).lanes;
  const std::int64_t blocks = (frames + block_frames - 1) / block_frames;
  const auto first_frame = [&](int worker) {
    return std::min(frames, blocks * worker / active * block_frames);
  };
  const auto share = [&](int worker) {
    if (run.compiled.IsWaveform()) {
      return CopyWaveform(run, first_frame(worker), first_frame(worker + 1));
    }
    scratch.peaks[static_cast<std::size_t>(worker)] =
        BlockRunner<T>(run, scratch.Of<T>(worker))
            .Run(first_frame(worker), first_frame(worker + 1));
  };
  std::fill_n(scratch.peaks.begin(), active, -std::numeric_limits<T>::infinity());
  if (active == 1) {
    share(0);
  } else {
    const auto on_its_thread = [&](int worker) {
      const DefaultFpEnvironment environment;
      share(worker);
    };
    workers->Run(active, std::ref(on_its_thread));
  }
  return static_cast<T>(*std::max_element(scratch.peaks.begin(), scratch.peaks.begin() + active));
}

template float ComputeFrames(const FrameRun<float>&, ScratchMemory&, Workers*);
template double ComputeFrames(const FrameRun<double>&, ScratchMemory&, Workers*);

}  // namespace ossicle::internal
