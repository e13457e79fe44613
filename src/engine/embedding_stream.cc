#include "ossicle/embedding_stream.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "encoder/deal.h"
#include "encoder/window_feed.h"
#include "frontend/finite.h"
#include "ossicle/error.h"

namespace ossicle {

namespace {

/// Samples of the input that are taken at a time, so that a long piece makes no long list of
/// frames.
constexpr std::size_t kPieceSamples = 1 << 14;

std::optional<EncoderQueue::Caller> CallerOf(const std::shared_ptr<EncoderQueue>& queue) {
  if (!queue) return std::nullopt;
  return queue->MakeCaller();
}

}  // namespace

struct EmbeddingStream::State {
  State(const Model& model_in, const StreamOptions& options, std::shared_ptr<EncoderQueue> queue_in)
      : model(model_in),
        queue(std::move(queue_in)),
        caller(CallerOf(queue)),
        stream(model.frontend, options),
        input_rate_hz(options.input_rate_hz == 0 ? model.frontend.spec().sample_rate_hz
                                                 : options.input_rate_hz),
        feed(model.windows, model.frontend.bands()) {}

  /// Takes all samples before it throws what a run has thrown: what waits is tried again later.
  void Push(std::span<const float> samples, const Sink& sink, const EncodeLimits& limits) {
    // The Stream would find it too, but only when it has the pieces before.
    internal::CheckFinite(samples, stream.samples(), input_rate_hz, nullptr, 1);
    std::exception_ptr failure;
    do {
      const std::size_t count = std::min(kPieceSamples, samples.size());
      stream.Push(samples.first(count), feed.Frames());
      samples = samples.subspan(count);
      if (failure) continue;
      try {
        EncodeReady(sink, limits);
      } catch (...) {
        if (samples.empty()) throw;
        failure = std::current_exception();
      }
    } while (!samples.empty());
    if (failure) std::rethrow_exception(failure);
  }

  void Finish(const Sink& sink, const EncodeLimits& limits) {
    stream.Finish(feed.Frames());
    feed.Finish();
    EncodeReady(sink, limits);
  }

  void EncodeReady(const Sink& sink, const EncodeLimits& limits) {
    const std::int64_t most = MostAtOnce();
    for (std::int64_t ready = feed.ready(); ready > 0; ready = feed.ready()) {
      const std::int64_t count = std::min(ready, most);
      Encode(count, limits);
      Give(count, sink);
    }
  }

  /// Windows of one call: a whole batch, as far as the queue has room for it.
  std::int64_t MostAtOnce() const {
    if (!queue) return model.encoder.options().max_batch;
    return std::min(queue->options().max_batch, queue->options().max_waiting);
  }

  void Encode(std::int64_t count, const EncodeLimits& limits) {
    views.clear();
    for (std::int64_t i = 0; i < count; ++i) views.push_back(feed.View(i));
    embeddings.clear();
    if (caller) {
      caller->Encode(views, embeddings, limits);
      return;
    }
    model.encoder.Encode(views, model.windows, model.frontend.bands(), model.frontend.spec().layout,
                         embeddings);
  }

  /// A window counts as given when the sink gets it, also if that throws.
  void Give(std::int64_t count, const Sink& sink) {
    const std::size_t size = embeddings.size() / static_cast<std::size_t>(count);
    std::span<const float> rest = embeddings;
    for (std::int64_t i = 0; i < count; ++i, rest = rest.subspan(size)) {
      const WindowTime time = TimeOf(model.frontend.spec(), feed.Start(0), feed.Length(0));
      const StreamEmbedding embedding{feed.next(), time.start_s, time.end_s, rest.first(size)};
      feed.Drop(1);
      not_finite += CountNotFinite(embedding.values, static_cast<int>(size));
      sink(embedding);
    }
  }

  void Reset() {
    stream.Reset();
    feed.Reset();
    not_finite = 0;
  }

  const Model model;
  const std::shared_ptr<EncoderQueue> queue;
  std::optional<EncoderQueue::Caller> caller;
  Stream<float> stream;
  const int input_rate_hz;
  WindowFeed feed;
  std::vector<WindowView> views;
  std::vector<float> embeddings;
  std::int64_t not_finite = 0;
};

std::shared_ptr<EncoderQueue> EmbeddingStream::MakeQueue(const Model& model,
                                                         const QueueOptions& options) {
  return std::make_shared<EncoderQueue>(model.encoder, model.windows, model.frontend.bands(),
                                        model.frontend.spec().layout, options);
}

EmbeddingStream::EmbeddingStream(const Model& model, const StreamOptions& options,
                                 std::shared_ptr<EncoderQueue> queue)
    : state_(std::make_unique<State>(model, options, std::move(queue))) {}

EmbeddingStream::EmbeddingStream(EmbeddingStream&&) noexcept = default;
EmbeddingStream& EmbeddingStream::operator=(EmbeddingStream&&) noexcept = default;
EmbeddingStream::~EmbeddingStream() = default;

void EmbeddingStream::Push(std::span<const float> samples, const Sink& sink,
                           const EncodeLimits& limits) {
  state_->Push(samples, sink, limits);
}

void EmbeddingStream::Finish(const Sink& sink, const EncodeLimits& limits) {
  state_->Finish(sink, limits);
}

void EmbeddingStream::Reset() { state_->Reset(); }

std::vector<StepStatistics> EmbeddingStream::statistics() const {
  return state_->stream.statistics();
}

std::int64_t EmbeddingStream::lookahead_samples() const noexcept {
  return state_->stream.lookahead_samples();
}

std::int64_t EmbeddingStream::not_finite() const noexcept { return state_->not_finite; }

int EmbeddingStream::embedding_size() const noexcept {
  return state_->model.encoder.embedding_size();
}

}  // namespace ossicle
