#include "encoder/run_slots.h"

#include <algorithm>
#include <utility>

namespace ossicle {

RunSlots::RunSlots(const std::vector<std::unique_ptr<const ort::Session>>& sessions, int count) {
  for (int i = 0; i < count; ++i) {
    const ort::Session& session = *sessions[static_cast<std::size_t>(i) % sessions.size()];
    slots_.push_back(std::make_unique<RunSlot>(session));
    free_.push_back(slots_.back().get());
  }
  // The slot that was released last is taken first: its memory is in the caches.
  std::ranges::reverse(free_);
}

RunSlot* RunSlots::TryTake() {
  if (free_.empty() || first_ != nullptr) return nullptr;
  RunSlot* slot = free_.back();
  free_.pop_back();
  return slot;
}

void RunSlots::Release(RunSlot& slot) {
  while (first_ != nullptr) {
    Waiter& waiter = *first_;
    Cancel(waiter);
    if (waiter.Take(slot)) return;
  }
  free_.push_back(&slot);
}

void RunSlots::Wait(Waiter& waiter) {
  waiter.is_waiting_ = true;
  waiter.next_ = nullptr;
  (first_ == nullptr ? first_ : last_->next_) = &waiter;
  last_ = &waiter;
}

void RunSlots::Cancel(Waiter& waiter) {
  if (!std::exchange(waiter.is_waiting_, false)) return;
  Waiter* before = nullptr;
  for (Waiter* at = first_; at != &waiter; at = at->next_) before = at;
  (before == nullptr ? first_ : before->next_) = waiter.next_;
  if (last_ == &waiter) last_ = before;
}

namespace {

class Sleeper final : public RunSlots::Waiter {
 public:
  RunSlot* Sleep(RunSlots::Lock& lock) {
    taken_.wait(lock, [&] { return slot_ != nullptr; });
    return slot_;
  }

 private:
  bool Take(RunSlot& slot) override {
    slot_ = &slot;
    taken_.notify_one();
    return true;
  }

  std::condition_variable taken_;
  RunSlot* slot_ = nullptr;
};

}  // namespace

SlotLease::SlotLease(RunSlots& slots) : slots_(slots) {
  RunSlots::Lock lock = slots.MakeLock();
  slot_ = slots.TryTake();
  if (slot_ != nullptr) return;
  Sleeper sleeper;
  slots.Wait(sleeper);
  slot_ = sleeper.Sleep(lock);
}

SlotLease::~SlotLease() {
  const RunSlots::Lock lock = slots_.MakeLock();
  slots_.Release(*slot_);
}

}  // namespace ossicle
