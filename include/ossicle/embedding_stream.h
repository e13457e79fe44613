#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "ossicle/encoder_queue.h"
#include "ossicle/engine.h"
#include "ossicle/stream.h"

namespace ossicle {

/// One embedding of a live stream.
struct StreamEmbedding {
  std::int64_t window = 0;  ///< counted from 0
  double start_s = 0.0;     ///< of the window's first frame's hop, from the signal's beginning
  double end_s = 0.0;       ///< of the end of its last frame's hop; not of frames that are repeated
  std::span<const float> values;  ///< valid during the call
};

/// Live sound to embeddings: a Stream, windows over its frames, and the model. Each embedding is
/// out as soon as its last frame is known, and is the bits of Encode() on the whole signal. Holds
/// besides the Stream a window and a piece of frames. One thread at a time.
class EmbeddingStream {
 public:
  /// An EncoderQueue for `model`, to share between many streams.
  static std::shared_ptr<EncoderQueue> MakeQueue(const Model& model,
                                                 const QueueOptions& options = {});

  /// `queue`: from MakeQueue() of the same model; nullptr: the stream runs the model by itself.
  /// Throws what Stream throws.
  explicit EmbeddingStream(const Model& model, const StreamOptions& options = {},
                           std::shared_ptr<EncoderQueue> queue = nullptr);
  EmbeddingStream(EmbeddingStream&&) noexcept;
  EmbeddingStream& operator=(EmbeddingStream&&) noexcept;
  ~EmbeddingStream();

  using Sink = std::function<void(const StreamEmbedding&)>;

  /// Takes samples at options.input_rate_hz and calls `sink` for each embedding that they complete,
  /// in order. Throws what Stream::Push, EncoderQueue::Caller::Encode and the sink throw. All
  /// samples are taken even so, but for a NaN none are; windows that were not encoded are kept and
  /// tried again by the next call, also one with no samples.
  void Push(std::span<const float> samples, const Sink& sink, const EncodeLimits& limits = {});

  /// The signal has ended: what is left, by the model's tail rule. Throws Error(kShape) if there
  /// were too few frames for one window. Call it again where windows were not encoded.
  void Finish(const Sink& sink, const EncodeLimits& limits = {});

  /// Forgets the signal; the next one begins.
  void Reset();

  std::vector<StepStatistics> statistics() const;   ///< as Stream's
  std::int64_t lookahead_samples() const noexcept;  ///< of the Stream
  /// Embeddings with a NaN or an infinity, of this signal.
  std::int64_t not_finite() const noexcept;
  int embedding_size() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ossicle
