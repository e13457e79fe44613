#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>

#include "ossicle/encoder.h"

namespace ossicle {

struct QueueOptions {
  int max_batch = 0;       ///< windows of one run; 0: the encoder's; 1..1024
  int max_delay_us = 0;    ///< most that a run waits to be filled; 0..10^6
  int max_waiting = 1024;  ///< windows that may wait, of all callers together; 1..2^20
};

/// What a caller may give up with.
struct EncodeLimits {
  std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt;
  std::stop_token stop = {};
};

/// Lets many callers (streams, requests) share one Encoder: windows that wait are run together, at
/// most max_batch of them, as soon as a run is free and the batch is full or its first window has
/// waited max_delay_us. Callers take turns, window by window. Where nothing waits and a run is
/// free, the caller's own thread does the work. Safe for any number of threads.
class EncoderQueue {
 public:
  /// Throws Error(kModel) as Encoder::Check does, Error(kInvalidSpec) for options out of range.
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

  int embedding_size() const noexcept;    ///< as Encoder's
  std::int64_t waiting() const noexcept;  ///< windows that wait now
  std::int64_t runs() const noexcept;     ///< until now
  std::int64_t windows() const noexcept;  ///< encoded until now

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// One caller. One thread at a time.
class EncoderQueue::Caller {
 public:
  Caller(Caller&&) noexcept;
  Caller& operator=(Caller&&) noexcept;
  ~Caller();

  /// Encodes windows, which must stay as they are until it returns, and appends an embedding for
  /// each. All or nothing. Throws Error(kBusy) at once if they do not fit into the queue,
  /// Error(kTimeout) at the deadline, Error(kInterrupted) when the stop is asked for or the queue
  /// ends, Error(kModel) if the run that they were in failed; other callers' runs are not touched.
  void Encode(std::span<const WindowView> windows, std::vector<float>& out,
              const EncodeLimits& limits = {});

 private:
  friend class EncoderQueue;
  struct State;
  explicit Caller(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ossicle
