#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>

#include "engine/block_encoder.h"
#include "engine/hand_over.h"
#include "engine/signal_reader.h"
#include "engine/timed.h"
#include "frontend/frame_stream.h"
#include "ossicle/engine.h"
#include "ossicle/error.h"
#include "ossicle/stream.h"

namespace ossicle {

namespace {

using internal::FrameStream;

/// A block of features has at most about 4 MiB.
constexpr std::int64_t kMostBlockValues = std::int64_t{1} << 20;

/// Blocks of features that may wait for the encoder.
constexpr std::size_t kMostWaiting = 2;

/// Calls `work`; what it says of a shape gets the input's name.
template <class Work>
void WithName(const std::string& name, const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    if (error.code() != Code::kShape) throw;
    throw Error(Code::kShape, "\"" + name + "\": " + error.what());
  }
}

/// The stage behind the features: on a thread of its own, or on the caller's where there is one
/// worker only.
class EncoderStage {
 public:
  EncoderStage(BlockEncoder& encoder, double& seconds, bool has_thread)
      : encoder_(encoder), seconds_(seconds), waiting_(kMostWaiting) {
    if (has_thread) thread_ = std::jthread([this] { TakeAll(); });
  }
  ~EncoderStage() { waiting_.Stop(); }  // and the thread is joined
  EncoderStage(const EncoderStage&) = delete;
  EncoderStage& operator=(const EncoderStage&) = delete;

  /// Throws what the encoder has thrown until now.
  void Put(Features<float> block) {
    if (!thread_.joinable()) return Encode(block);
    if (!waiting_.Put(std::move(block))) Join();
  }

  void Finish() {
    waiting_.End();
    if (thread_.joinable()) Join();
    const Timed timed(seconds_);
    encoder_.Finish();
  }

 private:
  void Encode(const Features<float>& block) {
    const Timed timed(seconds_);
    encoder_.Push(block);
  }

  void TakeAll() noexcept {
    try {
      while (const std::optional<Features<float>> block = waiting_.Take()) Encode(*block);
    } catch (...) {
      failure_ = std::current_exception();
      waiting_.Stop();
    }
  }

  void Join() {
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
  }

  BlockEncoder& encoder_;
  double& seconds_;
  HandOver<Features<float>> waiting_;
  std::exception_ptr failure_;  ///< of the thread; read when it has ended
  std::jthread thread_;
};

/// One input on its way to embeddings: its features are computed on the calling thread, block by
/// block, while the encoder works on those before.
class Pipeline {
 public:
  Pipeline(const InputRequest& input, const Frontend& frontend, const Encoder& encoder,
           const WindowRule& rule, Workers* workers, const ProgressFunction& progress)
      : name_(input.path),
        frontend_(frontend),
        progress_(progress),
        reader_(input, frontend.spec()),
        encoder_(encoder, rule, frontend.bands(), frontend.spec().layout, workers),
        has_thread_(workers && workers->count() > 1),
        stream_(frontend) {}

  Encoding Run() {
    EncodeAll();
    wall_.Stop();
    reader_.AddSeconds(encoding_.seconds);
    StageSeconds& seconds = encoding_.seconds;
    const double sum = seconds.decode + seconds.resample + seconds.features + seconds.encoder;
    seconds.overlap = std::max(0.0, sum - wall_s_);
    encoding_.embeddings = encoder_.TakeResult();
    encoding_.frames = encoder_.frames();
    encoding_.input = reader_.input();
    encoding_.duration_s = reader_.done_s();
    return std::move(encoding_);
  }

 private:
  void EncodeAll() {
    EncoderStage stage(encoder_, encoding_.seconds.encoder, has_thread_);
    const FrontendSpec& spec = frontend_.spec();
    const auto most_samples = static_cast<std::size_t>(
        std::max<std::int64_t>(1, kMostBlockValues / frontend_.bands() * spec.hop_samples));
    for (auto block = reader_.Read(); !block.empty(); block = reader_.Read()) {
      while (!block.empty()) {
        const std::size_t count = std::min(most_samples, block.size());
        Hand(stage, [&](Features<float>& out) { stream_.Push(block.first(count), out); });
        block = block.subspan(count);
      }
      if (progress_) progress_(reader_.done_s(), reader_.total_s());
    }
    WithName(reader_.input().name,
             [&] { Hand(stage, [&](Features<float>& out) { stream_.Finish(out); }); });
    WithName(name_, [&] { stage.Finish(); });
  }

  template <class Compute>
  void Hand(EncoderStage& stage, const Compute& compute) {
    Features<float> features(frontend_.bands(), frontend_.spec().layout);
    {
      const Timed timed(encoding_.seconds.features);
      compute(features);
    }
    stage.Put(std::move(features));
  }

  double wall_s_ = 0.0;
  Timed wall_{wall_s_};
  const std::string name_;
  const Frontend& frontend_;
  const ProgressFunction& progress_;
  SignalReader reader_;
  BlockEncoder encoder_;
  const bool has_thread_;
  FrameStream<float> stream_;
  Encoding encoding_;
};

/// The same where a step looks at the whole signal: no frame is known before the end.
Encoding EncodeHeld(const InputRequest& input, const Frontend& frontend, const Encoder& encoder,
                    const WindowRule& rule, Workers* workers, const ProgressFunction& progress) {
  Extraction<float> extraction = Extract<float>(input, frontend, workers, progress);
  Encoding encoding;
  {
    const Timed timed(extraction.seconds.encoder);
    const auto report = [&](std::int64_t) {
      if (progress) progress(extraction.duration_s, extraction.duration_s);
    };
    WithName(input.path, [&] {
      encoding.embeddings = encoder.Encode(extraction.features, rule, workers, report);
    });
  }
  encoding.frames = extraction.features.frames();
  encoding.input = std::move(extraction.input);
  encoding.duration_s = extraction.duration_s;
  encoding.seconds = extraction.seconds;
  return encoding;
}

}  // namespace

Encoding Encode(const InputRequest& input, const Frontend& frontend, const Encoder& encoder,
                const WindowRule& rule, Workers* workers, const ProgressFunction& progress) {
  encoder.Check(rule, frontend.bands(), frontend.spec().layout);
  if (NeedsStatistics(frontend.spec())) {
    return EncodeHeld(input, frontend, encoder, rule, workers, progress);
  }
  return Pipeline(input, frontend, encoder, rule, workers, progress).Run();
}

}  // namespace ossicle
