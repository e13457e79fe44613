#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace ossicle {

/// A queue between two stages of a pipeline, each on a thread of its own: the first waits while
/// `capacity` items are there, the second while there is none.
template <class Item>
class HandOver {
 public:
  explicit HandOver(std::size_t capacity) : capacity_(capacity) {}

  /// False if it was stopped: nobody will take the item.
  bool Put(Item item) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return items_.size() < capacity_ || is_stopped_; });
    if (is_stopped_) return false;
    items_.push_back(std::move(item));
    changed_.notify_all();
    return true;
  }

  /// Nothing if it was stopped, or has ended and is empty.
  std::optional<Item> Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !items_.empty() || has_ended_ || is_stopped_; });
    if (items_.empty() || is_stopped_) return std::nullopt;
    Item item = std::move(items_.front());
    items_.pop_front();
    changed_.notify_all();
    return item;
  }

  /// Nothing more will be put.
  void End() { Set(has_ended_); }

  /// Nothing more is wanted, not even what is there.
  void Stop() { Set(is_stopped_); }

 private:
  void Set(bool& flag) {
    const std::lock_guard lock(mutex_);
    flag = true;
    changed_.notify_all();
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
  bool has_ended_ = false;
  bool is_stopped_ = false;
};

}  // namespace ossicle
