#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "ossicle/encoder.h"

namespace ossicle {

struct QueueOptions {
  int max_batch = 0;  ///< windows of one run; 0: the encoder's; 1..1024
  /// Most that a window waits for a run to be filled, though one is free; 0..10^6. It does not wait
  /// where all callers are waiting, so that nothing more can come.
  int max_delay_us = 0;
  int max_waiting = 1024;  ///< windows that may wait, of all callers together; 1..2^20
};

/// What a caller may give up with.
struct EncodeLimits {
  std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt;
  std::stop_token stop = {};
};

class QueueCore;

/// Lets many callers (streams, requests) share one Encoder: windows that wait are run together, at
/// most max_batch of them, as soon as a run is free and the batch is full or its first window has
/// waited max_delay_us. Callers take turns, window by window. All work is done by the threads of
/// callers that wait: where nothing waits and a run is free, by the caller's own, at once. Safe for
/// any number of threads.
class EncoderQueue {
 public:
  /// Throws Error(kModel) as Encoder::Check does, Error(kInvalidSpec) for options out of range. A
  /// model that does not declare the size of its embeddings is run once, on zeros.
  EncoderQueue(const Encoder& encoder, const WindowRule& rule, int bands, Layout layout,
               const QueueOptions& options = {});
  /// Every call that waits ends with Error(kInterrupted); what runs is waited for. Callers' threads
  /// may still be inside Encode(), the handles may outlive the queue.
  ~EncoderQueue();
  EncoderQueue(const EncoderQueue&) = delete;
  EncoderQueue& operator=(const EncoderQueue&) = delete;

  class Caller;
  /// One who takes turns with the others.
  Caller MakeCaller();

  QueueOptions options() const noexcept;  ///< max_batch is that of the runs
  int embedding_size() const noexcept;    ///< as Encoder's
  std::int64_t waiting() const noexcept;  ///< windows that wait now
  std::int64_t runs() const noexcept;     ///< until now
  std::int64_t windows() const noexcept;  ///< encoded until now

 private:
  std::shared_ptr<QueueCore> core_;
};

/// One caller. One thread at a time.
class EncoderQueue::Caller {
 public:
  Caller(Caller&&) noexcept;
  Caller& operator=(Caller&&) noexcept;
  ~Caller();

  /// Encodes windows, which must stay as they are until it returns, and appends an embedding for
  /// each, all or nothing; returns how many of them hold a NaN or an infinity. A run that has begun
  /// is not cut short: who leads one gives up when it ends. Throws Error(kShape) for a window
  /// without frames or with other bands, Error(kBusy) at once if they do not fit into the queue,
  /// Error(kTimeout) at the deadline, Error(kInterrupted) when the stop is asked for or the queue
  /// ends, Error(kModel) if the run that they were in failed; other callers' runs are not touched.
  std::int64_t Encode(std::span<const WindowView> windows, std::vector<float>& out,
                      const EncodeLimits& limits = {});

 private:
  friend class EncoderQueue;
  explicit Caller(std::shared_ptr<QueueCore> core);
  std::shared_ptr<QueueCore> core_;
};

}  // namespace ossicle
