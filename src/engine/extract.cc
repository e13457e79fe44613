#include <span>
#include <utility>

#include "engine/signal_reader.h"
#include "engine/timed.h"
#include "frontend/frame_stream.h"
#include "ossicle/engine.h"
#include "ossicle/error.h"

namespace ossicle {

namespace {

using internal::FrameStream;

/// One input on its way through a front end.
template <class T>
class Job {
 public:
  Job(const InputRequest& input, const Frontend& frontend, Workers* workers,
      const ProgressFunction& progress)
      : frontend_(frontend),
        workers_(workers),
        progress_(progress),
        reader_(input, frontend.spec()),
        extraction_{Features<T>(frontend.bands(), frontend.spec().layout), {}, 0.0, {}} {}

  Extraction<T> Run() {
    double peak = 0.0;
    if (FrameStream<T>::NeedsTwoPasses(frontend_)) {
      reader_.PrepareRewind();
      peak = Pass(FrameStream<T>::Mode::kFindPeak, peak);
      reader_.Rewind();
    }
    Pass(FrameStream<T>::Mode::kCompute, peak);
    reader_.AddSeconds(extraction_.seconds);
    extraction_.input = reader_.input();
    extraction_.duration_s = reader_.done_s();
    return std::move(extraction_);
  }

 private:
  /// Pushes the whole signal through a stream; returns its peak.
  double Pass(typename FrameStream<T>::Mode mode, double peak) {
    FrameStream<T> stream(frontend_, workers_, mode, peak);
    for (auto block = reader_.Read(); !block.empty(); block = reader_.Read()) {
      Push(stream, block);
      if (progress_) progress_(reader_.done_s(), reader_.total_s());
    }
    Finish(stream);
    return stream.peak();
  }

  void Push(FrameStream<T>& stream, std::span<const float> block) {
    const Timed timed(extraction_.seconds.features);
    stream.Push(block, extraction_.features);
  }

  void Finish(FrameStream<T>& stream) {
    const Timed timed(extraction_.seconds.features);
    try {
      stream.Finish(extraction_.features);
    } catch (const Error& error) {
      throw Error(error.code(), "\"" + reader_.input().name + "\": " + error.what());
    }
  }

  const Frontend& frontend_;
  Workers* workers_;
  const ProgressFunction& progress_;
  SignalReader reader_;
  Extraction<T> extraction_;
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
