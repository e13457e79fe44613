#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "encoder/encoder_core.h"
#include "encoder/queue_request.h"
#include "encoder/run_slots.h"
#include "ossicle/encoder_queue.h"

namespace ossicle {

/// What an EncoderQueue and its callers share. It has no thread: who waits for windows leads runs.
/// The mutex of the encoder's slots guards all that changes; `Lock` in an argument says that it is
/// held.
class QueueCore final : public RunSlots::Waiter {
 public:
  QueueCore(std::shared_ptr<EncoderCore> encoder, const WindowRule& rule, int bands, Layout layout,
            const QueueOptions& options);

  void AddCaller();
  void RemoveCaller();

  /// EncoderQueue::Caller::Encode.
  std::int64_t Encode(std::span<const WindowView> windows, std::vector<float>& out,
                      const EncodeLimits& limits);

  /// Refuses what waits and what comes, and waits for what runs.
  void Close();

  struct Counts {
    std::int64_t waiting = 0;
    std::int64_t runs = 0;
    std::int64_t windows = 0;
  };
  Counts counts();
  int embedding_size() const { return embedding_size_; }
  QueueOptions options() const;

 private:
  using Lock = RunSlots::Lock;

  /// A window of a run; without a request if that was given up.
  struct Entry {
    QueueRequest* request;
    std::size_t window;
  };
  struct Batch {
    std::vector<Entry> entries;
    bool is_running = false;
  };

  void EncodeInto(std::span<const WindowView> windows, float* out, const EncodeLimits& limits);
  void Enter(QueueRequest& request);
  void CheckRoom(std::size_t given) const;
  void Leave(Lock& lock, QueueRequest& request);
  std::optional<Failure> WhyGiveUp(const QueueRequest& request, const EncodeLimits& limits) const;
  void Sleep(Lock& lock, QueueRequest& request, const EncodeLimits& limits);

  bool Take(RunSlot& slot) override;
  void Dispatch();
  bool IsDue(std::int64_t more) const;
  QueueRequest* NextLeader() const;
  void Grant(QueueRequest& leader, RunSlot& slot);
  RunSlot& TakeGrant(QueueRequest& leader);
  void ReturnGrant(QueueRequest& request);

  void Lead(Lock& lock, QueueRequest& leader);
  Batch& Form(QueueRequest& leader);
  void Add(Batch& batch, QueueRequest& request);
  std::optional<Failure> Compute(Lock& lock, Batch& batch, RunSlot& slot);
  void EndGathering(Batch& batch);
  void Deliver(const Batch& batch, const RunSlot::Embeddings& embeddings);
  void Fail(const Batch& batch, const Failure& failure);
  void Drop(QueueRequest& request);
  void SetDue(QueueRequest& request);

  const std::shared_ptr<EncoderCore> encoder_;
  RunSlots& slots_;
  const std::shared_ptr<const WindowPlan> plan_;
  const int embedding_size_;
  const std::int64_t max_batch_;
  const std::chrono::microseconds max_delay_;
  const std::int64_t max_waiting_;

  RequestRing ring_;
  Counts counts_;
  std::int64_t granted_ = 0;  ///< slots whose leader has not begun
  std::int64_t due_ = 0;      ///< requests in the ring that are due
  std::int64_t callers_ = 0;
  std::int64_t inside_ = 0;        ///< callers in Encode()
  QueueRequest* awake_ = nullptr;  ///< whose thread has just ended a run, and has more to do
  std::vector<Batch> batches_;     ///< one for each slot
  std::int64_t running_ = 0;
  bool is_closed_ = false;
  std::condition_variable idle_;  ///< nothing runs
};

}  // namespace ossicle
