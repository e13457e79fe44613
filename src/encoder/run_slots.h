#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "encoder/run_slot.h"

namespace ossicle {

/// The slots of one encoder: how many runs there are at a time, and who is next. Its mutex also
/// guards what those who wait for a slot keep.
class RunSlots {
 public:
  using Lock = std::unique_lock<std::mutex>;

  /// One who waits for a slot. The functions of RunSlots link it; it must outlive its wait.
  class Waiter {
   public:
    Waiter() = default;
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    bool is_waiting() const { return is_waiting_; }

   protected:
    ~Waiter() = default;
    /// Takes a slot, under the lock, and waits no more. False: has no use for it now.
    virtual bool Take(RunSlot& slot) = 0;

   private:
    friend class RunSlots;
    Waiter* next_ = nullptr;
    bool is_waiting_ = false;
  };

  /// `count` slots that use `sessions` in turn.
  RunSlots(const std::vector<std::unique_ptr<const ort::Session>>& sessions, int count);

  Lock MakeLock() { return Lock(mutex_); }

  // Each of these with the lock held.
  /// Null if there is none, or if others wait.
  RunSlot* TryTake();
  /// The next that wants it gets it.
  void Release(RunSlot& slot);
  /// `waiter` is the last in the line.
  void Wait(Waiter& waiter);
  void Cancel(Waiter& waiter);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<RunSlot>> slots_;
  std::vector<RunSlot*> free_;
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

/// Waits in line for a slot, and releases it in the end.
class SlotLease {
 public:
  explicit SlotLease(RunSlots& slots);
  ~SlotLease();
  SlotLease(const SlotLease&) = delete;
  SlotLease& operator=(const SlotLease&) = delete;

  RunSlot& operator*() const { return *slot_; }
  RunSlot* operator->() const { return slot_; }

 private:
  RunSlots& slots_;
  RunSlot* slot_;
};

}  // namespace ossicle
