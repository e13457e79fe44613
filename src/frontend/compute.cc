#include "frontend/compute.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <type_traits>

#include "core/fp_environment.h"
#include "frontend/grain.h"
#include "frontend/late_steps.h"
#include "ossicle/error.h"

namespace ossicle::internal {

namespace {

template <class T>
void ReadColumns(const FrameRun<T>& run, const SignalReader<T>& reader, std::int64_t frame,
                 int lanes, T* out) {
  const dsp::KernelPlan<T>& plan = run.compiled.template Plan<T>();
  const FrontendSpec& spec = run.compiled.spec;
  const int window_offset = (spec.frame_samples() - spec.window_samples) / 2;
  const std::int64_t start = frame * spec.hop_samples - spec.pad_left() + window_offset;
  const std::int64_t rows = plan.ColumnSamples();
  const std::int64_t columns = plan.Columns(lanes);
  if (rows == spec.hop_samples) return reader.Read(start, rows * columns, out);
  for (std::int64_t c = 0; c < columns; ++c) {
    reader.Read(start + c * spec.hop_samples, rows, out + c * rows);
  }
}

/// Frames begin..end-1 of `run` on one worker.
template <class T>
T ComputeShare(const FrameRun<T>& run, std::int64_t begin, std::int64_t end, T* scratch) {
  const dsp::KernelPlan<T>& plan = run.compiled.template Plan<T>();
  const SignalReader<T> reader(run.compiled.spec, run.piece);
  const int lanes = dsp::BlockFrames(plan);
  T peak = -std::numeric_limits<T>::infinity();
  dsp::BlockOutput<T> output;
  output.frame_stride = run.out.frame_stride;
  output.band_stride = run.out.band_stride;
  output.floor = run.floor;
  output.peak = run.compiled.takes_peak ? &peak : nullptr;
  for (std::int64_t frame = begin; frame < end; frame += lanes) {
    ReadColumns(run, reader, run.first + frame, lanes, scratch);
    output.frames = static_cast<int>(std::min<std::int64_t>(lanes, end - frame));
    if (run.out.data != nullptr) output.out = run.out.data + frame * run.out.frame_stride;
    dsp::ComputeBlock(plan, scratch, output);
  }
  return peak;
}

}  // namespace

ScratchMemory::ScratchMemory(const CompiledFrontend& compiled, int workers) {
  if (workers < 1 || workers > 256) {
    throw Error(Code::kInvalidSpec,
                "workers=" + std::to_string(workers) + ", but it must be 1..256");
  }
  worker_bytes = std::max(dsp::ScratchElements(compiled.Plan<float>()) * sizeof(float),
                          dsp::ScratchElements(compiled.Plan<double>()) * sizeof(double));
  worker_bytes = std::max(worker_bytes, (LateScratchBytes(compiled) + 63) / 64 * 64);
  const std::size_t bytes = worker_bytes * static_cast<std::size_t>(workers);
  memory.reset(new (std::align_val_t(64)) std::byte[bytes]);
  peaks.resize(static_cast<std::size_t>(workers));
}

template <class T>
T ComputeFrames(const FrameRun<T>& run, ScratchMemory& scratch, Workers* workers) {
  const std::int64_t frames = run.out.frames;
  const double nanoseconds =
      static_cast<double>(frames) * FrameNanoseconds(run.compiled.spec, std::is_same_v<T, double>);
  const int active = ActiveWorkers(workers, scratch.workers(), nanoseconds);
  // Whole blocks, so that the kernel fills its lanes in all shares but the last.
  const std::int64_t block_frames = dsp::BlockFrames(run.compiled.template Plan<T>());
  const std::int64_t blocks = (frames + block_frames - 1) / block_frames;
  const auto first_frame = [&](int worker) {
    return std::min(frames, blocks * worker / active * block_frames);
  };
  const auto share = [&](int worker) {
    const DefaultFpEnvironment environment;
    scratch.peaks[static_cast<std::size_t>(worker)] =
        ComputeShare(run, first_frame(worker), first_frame(worker + 1), scratch.Of<T>(worker));
  };
  if (active == 1) {
    share(0);
  } else {
    workers->Run(active, std::ref(share));
  }
  return static_cast<T>(*std::max_element(scratch.peaks.begin(), scratch.peaks.begin() + active));
}

template float ComputeFrames(const FrameRun<float>&, ScratchMemory&, Workers*);
template double ComputeFrames(const FrameRun<double>&, ScratchMemory&, Workers*);

}  // namespace ossicle::internal
