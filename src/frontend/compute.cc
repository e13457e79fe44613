#include "frontend/compute.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <string>

#include "ossicle/error.h"

namespace ossicle::internal {

namespace {

/// Fewer frames than this are not worth waking a worker for.
constexpr std::int64_t kGrainFrames = 64;

constexpr std::uint32_t kExponentBits = 0x7f800000;

bool IsFinite(float x) noexcept {
  return (std::bit_cast<std::uint32_t>(x) & kExponentBits) != kExponentBits;
}

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
  const std::size_t bytes = worker_bytes * static_cast<std::size_t>(workers);
  memory.reset(new (std::align_val_t(64)) std::byte[bytes]);
  peaks.resize(static_cast<std::size_t>(workers));
}

template <class T>
T ComputeFrames(const FrameRun<T>& run, ScratchMemory& scratch, Workers* workers) {
  const std::int64_t frames = run.out.frames;
  const int most = workers == nullptr ? 1 : workers->count();
  const std::int64_t useful = (frames + kGrainFrames - 1) / kGrainFrames;
  const auto active = static_cast<int>(
      std::clamp<std::int64_t>(useful, 1, std::min<std::int64_t>(most, std::ssize(scratch.peaks))));
  const auto share = [&](int worker) {
    scratch.peaks[static_cast<std::size_t>(worker)] = ComputeShare(
        run, frames * worker / active, frames * (worker + 1) / active, scratch.Of<T>(worker));
  };
  if (active == 1) {
    share(0);
  } else {
    workers->Run(active, std::ref(share));
  }
  return static_cast<T>(*std::max_element(scratch.peaks.begin(), scratch.peaks.begin() + active));
}

std::int64_t FirstNotFinite(std::span<const float> samples) noexcept {
  constexpr std::size_t kRun = 4096;
  for (std::size_t start = 0; start < samples.size(); start += kRun) {
    const auto run = samples.subspan(start, std::min(kRun, samples.size() - start));
    bool finite = true;
    for (const float x : run) finite &= IsFinite(x);
    if (finite) continue;
    return static_cast<std::int64_t>(start) +
           (std::find_if_not(run.begin(), run.end(), IsFinite) - run.begin());
  }
  return -1;
}

void CheckFinite(std::span<const float> samples, std::int64_t first, int sample_rate_hz) {
  const std::int64_t found = FirstNotFinite(samples);
  if (found < 0) return;
  const std::int64_t index = first + found;
  throw Error(Code::kNotFinite,
              "sample " + std::to_string(index) + " (at " +
                  std::to_string(static_cast<double>(index) / sample_rate_hz) +
                  " s) is a NaN or an infinity, but every sample must be finite; mend the audio");
}

template float ComputeFrames(const FrameRun<float>&, ScratchMemory&, Workers*);
template double ComputeFrames(const FrameRun<double>&, ScratchMemory&, Workers*);

}  // namespace ossicle::internal
