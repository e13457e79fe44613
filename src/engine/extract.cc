#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/open_request.h"
#include "frontend/frame_stream.h"
#include "ossicle/engine.h"
#include "ossicle/error.h"

namespace ossicle {

namespace {

using internal::FrameStream;

/// Samples that are decoded at a time.
constexpr std::size_t kBlockSamples = 1 << 16;

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One input on its way through a front end.
template <class T>
class Job {
 public:
  Job(const InputRequest& input, const Frontend& frontend, Workers* workers,
      const ProgressFunction& progress)
      : frontend_(frontend),
        workers_(workers),
        progress_(progress),
        extraction_{Features<T>(frontend.bands(), frontend.spec().layout), {}, 0.0, {}} {
    const Clock::time_point start = Clock::now();
    const FrontendSpec& spec = frontend.spec();
    std::unique_ptr<AudioSource> source = OpenRequest(input, spec.downmix);
    extraction_.input = source->info();
    source_ = Resampled(std::move(source), spec.sample_rate_hz, spec.resampler,
                        &extraction_.seconds.resample);
    extraction_.input.resampler = source_->info().resampler;
    extraction_.seconds.decode += SecondsSince(start);
  }

  Extraction<T> Run() {
    double peak = 0.0;
    if (FrameStream<T>::NeedsTwoPasses(frontend_)) {
      peak = Pass(FrameStream<T>::Mode::kFindPeak, peak);
      source_->Rewind();
    }
    Pass(FrameStream<T>::Mode::kCompute, peak);
    extraction_.seconds.decode -= extraction_.seconds.resample;
    return std::move(extraction_);
  }

 private:
  /// Pushes the whole signal through a stream; returns its peak.
  double Pass(typename FrameStream<T>::Mode mode, double peak) {
    FrameStream<T> stream(frontend_, workers_, mode, peak);
    std::int64_t samples = 0;
    while (const std::int64_t count = ReadBlock()) {
      const Clock::time_point start = Clock::now();
      stream.Push(std::span(block_).first(static_cast<std::size_t>(count)), extraction_.features);
      extraction_.seconds.features += SecondsSince(start);
      samples += count;
      Report(samples);
    }
    const Clock::time_point start = Clock::now();
    Finish(stream);
    extraction_.seconds.features += SecondsSince(start);
    extraction_.duration_s = Seconds(samples);
    return stream.peak();
  }

  void Finish(FrameStream<T>& stream) {
    try {
      stream.Finish(extraction_.features);
    } catch (const Error& error) {
      throw Error(error.code(), "\"" + extraction_.input.name + "\": " + error.what());
    }
  }

  std::int64_t ReadBlock() {
    const Clock::time_point start = Clock::now();
    const std::int64_t count = source_->Read(block_);
    extraction_.seconds.decode += SecondsSince(start);
    return count;
  }

  double Seconds(std::int64_t samples) const {
    return static_cast<double>(samples) / frontend_.spec().sample_rate_hz;
  }

  void Report(std::int64_t samples) const {
    if (!progress_) return;
    const AudioInfo& input = extraction_.input;
    const double total =
        input.samples ? static_cast<double>(*input.samples) / input.sample_rate_hz : 0.0;
    progress_(Seconds(samples), total);
  }

  const Frontend& frontend_;
  Workers* workers_;
  const ProgressFunction& progress_;
  Extraction<T> extraction_;
  std::unique_ptr<AudioSource> source_;
  std::vector<float> block_ = std::vector<float>(kBlockSamples);
};

}  // namespace

template <class T>
Extraction<T> Extract(const InputRequest& input, const Frontend& frontend, Workers* workers,
                      const ProgressFunction& progress) {
  return Job<T>(input, frontend, workers, progress).Run();
}

template Extraction<float> Extract(const InputRequest&, const Frontend&, Workers*,
                                   const ProgressFunction&);
template Extraction<double> Extract(const InputRequest&, const Frontend&, Workers*,
                                    const ProgressFunction&);

}  // namespace ossicle
