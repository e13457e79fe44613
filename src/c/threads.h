#pragma once

#include <mutex>
#include <optional>

#include "ossicle/workers.h"

namespace ossicle::c {

/// The threads that the calls of a handle may use, started by the first that asks for them.
class Threads {
 public:
  /// `count`: 1..256, the caller's own thread included.
  explicit Threads(int count) : count_(count) {}

  int count() const noexcept { return count_; }

  Workers* Get() {
    if (count_ == 1) return nullptr;
    const std::lock_guard lock(mutex_);
    if (!workers_) workers_.emplace(count_);
    return &*workers_;
  }

 private:
  const int count_;
  std::mutex mutex_;
  std::optional<Workers> workers_;
};

}  // namespace ossicle::c
