#include "stream_job.h"

#include <algorithm>
#include <cmath>

#include "ossicle/embedding_stream.h"
#include "ossicle/error.h"

namespace ossicle::cli {

namespace {

template <class T>
class FeatureJob final : public LiveJob {
 public:
  FeatureJob(const Frontend& frontend, const StreamOptions& options, StreamFormat format)
      : stream_(frontend, options), output_(format) {}

  void Push(std::span<const float> samples) override {
    stream_.Push(samples, frames_);
    Write();
  }

  void Finish() override {
    stream_.Finish(frames_);
    Write();
    output_.End<T>(stream_.bands());
  }

  const Frontend& frontend() const override { return stream_.frontend(); }
  std::vector<StepStatistics> statistics() const override { return stream_.statistics(); }

  Artifact Written() const override {
    return {"features",
            frontend().spec().name,
            "-",
            {output_.rows(), stream_.bands()},
            sizeof(T) == sizeof(float) ? "float32" : "float64"};
  }

 private:
  void Write() {
    const FrontendSpec& spec = frontend().spec();
    output_.Write<T>(frames_, stream_.bands(), [&spec](std::int64_t frame) {
      const double time_s = static_cast<double>(frame * spec.hop_samples) / spec.sample_rate_hz;
      return "\"frame\": " + std::to_string(frame) + ", \"time_s\": " + JsonNumber(time_s);
    });
    frames_.clear();
  }

  Stream<T> stream_;
  StreamOutput output_;
  std::vector<T> frames_;
};

class EmbeddingJob final : public LiveJob {
 public:
  EmbeddingJob(const Model& model, const EmbeddingJobOptions& options)
      : model_(model), options_(options), stream_(model, options.stream), output_(options.format) {}

  void Push(std::span<const float> samples) override { stream_.Push(samples, sink_); }
  void Finish() override { stream_.Finish(sink_); }

  const Frontend& frontend() const override { return model_.frontend; }
  std::vector<StepStatistics> statistics() const override { return stream_.statistics(); }
  std::int64_t not_finite() const override { return stream_.not_finite(); }

  Artifact Written() const override {
    return {
        "embeddings", options_.made_by, "-", {output_.rows(), stream_.embedding_size()}, "float32"};
  }

 private:
  void Write(const StreamEmbedding& embedding) {
    if (options_.fail_on_nan) CheckFinite(embedding);
    const int size = static_cast<int>(embedding.values.size());
    output_.Write(embedding.values, size, [&embedding](std::int64_t) {
      return "\"window\": " + std::to_string(embedding.window) +
             ", \"start_s\": " + JsonNumber(embedding.start_s) +
             ", \"end_s\": " + JsonNumber(embedding.end_s);
    });
  }

  void CheckFinite(const StreamEmbedding& embedding) const {
    const auto is_finite = [](float value) { return std::isfinite(value); };
    if (std::ranges::all_of(embedding.values, is_finite)) return;
    throw Error(Code::kModel, "the model \"" + model_.encoder.model_path() +
                                  "\" gave a NaN or an infinity in window " +
                                  std::to_string(embedding.window) + " (from " +
                                  JsonNumber(embedding.start_s) + " to " +
                                  JsonNumber(embedding.end_s) +
                                  " s), which was not written; without --fail-on-nan it is");
  }

  const Model model_;
  const EmbeddingJobOptions options_;
  EmbeddingStream stream_;
  StreamOutput output_;
  const EmbeddingStream::Sink sink_ = [this](const StreamEmbedding& each) { Write(each); };
};

}  // namespace

std::int64_t LookaheadSamples(const Frontend& frontend, int input_rate_hz) {
  StreamOptions options{.input_rate_hz = input_rate_hz};
  // Any mode: what is held back for its sake is not counted.
  if (NeedsStatistics(frontend.spec())) options.statistics = StreamStatistics::Parse("running");
  return Stream<float>(frontend, options).lookahead_samples();
}

template <class T>
std::unique_ptr<LiveJob> MakeFeatureJob(const Frontend& frontend, const StreamOptions& options,
                                        StreamFormat format) {
  return std::make_unique<FeatureJob<T>>(frontend, options, format);
}

template std::unique_ptr<LiveJob> MakeFeatureJob<float>(const Frontend&, const StreamOptions&,
                                                        StreamFormat);
template std::unique_ptr<LiveJob> MakeFeatureJob<double>(const Frontend&, const StreamOptions&,
                                                         StreamFormat);

std::unique_ptr<LiveJob> MakeEmbeddingJob(const Model& model, const EmbeddingJobOptions& options) {
  return std::make_unique<EmbeddingJob>(model, options);
}

}  // namespace ossicle::cli
