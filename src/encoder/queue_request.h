#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "encoder/run_slot.h"
#include "ossicle/encoder.h"
#include "ossicle/error.h"

namespace ossicle {

/// Why a run gave nothing.
struct Failure {
  Code code = Code::kModel;
  std::string message;
};

/// One call of EncoderQueue::Caller::Encode, on its thread's stack. All of it is guarded by the
/// mutex of the encoder's slots.
struct QueueRequest {
  QueueRequest(std::span<const WindowView> windows_in, float* out_in)
      : windows(windows_in), out(out_in) {}
  QueueRequest(const QueueRequest&) = delete;
  QueueRequest& operator=(const QueueRequest&) = delete;

  bool HasWaiting() const { return next < windows.size(); }
  bool IsDone() const { return done == windows.size(); }

  const std::span<const WindowView> windows;
  float* const out;         ///< room for the embeddings of all windows
  std::size_t next = 0;     ///< first window that is in no run yet
  std::size_t done = 0;     ///< windows whose embeddings are in `out`
  int gathering = 0;        ///< windows that a run is copying now
  RunSlot* slot = nullptr;  ///< for a run that its thread is to lead
  bool is_leading = false;  ///< its thread is busy with a run
  bool is_leaving = false;  ///< its thread waits only for `gathering`
  bool is_stopped = false;  ///< its caller asked to stop
  bool is_due = false;      ///< has waited for company long enough
  std::chrono::steady_clock::time_point due_at;
  std::optional<Failure> failure = std::nullopt;
  std::condition_variable wake;

  QueueRequest* before = nullptr;  ///< in the ring
  QueueRequest* after = nullptr;
};

/// The requests that have windows in no run yet, in a ring: who is next gives one window, and is
/// the last then.
class RequestRing {
 public:
  QueueRequest* next() const { return next_; }

  void Add(QueueRequest& request);
  void Remove(QueueRequest& request);

  /// Calls use(request) for each, the next first, until it returns true.
  template <class Use>
  void Find(const Use& use) const {
    QueueRequest* request = next_;
    if (request == nullptr) return;
    do {
      if (use(*request)) return;
      request = request->after;
    } while (request != next_);
  }

  /// It is another's turn now.
  void Pass(const QueueRequest& request) {
    if (next_ == &request) next_ = request.after;
  }

 private:
  QueueRequest* next_ = nullptr;
};

}  // namespace ossicle
