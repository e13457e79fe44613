#pragma once

#include <unistd.h>

#include <memory>
#include <mutex>
#include <utility>

namespace ossicle::python {

/// Something with threads or locks, which a fork() does not carry over: remade in a new process on
/// its first use there. What the old process left is not freed, because its locks may be held.
/// Call it with the GIL held, as fork() is called, so that no fork() finds its own lock taken.
template <class T>
class ProcessLocal {
 public:
  ProcessLocal() = default;
  ProcessLocal(const ProcessLocal&) = delete;
  ProcessLocal& operator=(const ProcessLocal&) = delete;
  ~ProcessLocal() {
    if (process_ != getpid()) Abandon();
  }

  /// `make` gives a std::shared_ptr<T>; called once in a process.
  template <class Make>
  std::shared_ptr<T> Get(Make make) {
    const std::lock_guard lock(mutex_);
    const pid_t process = getpid();
    if (process_ != process) {
      Abandon();
      held_ = make();
      process_ = process;
    }
    return held_;
  }

 private:
  void Abandon() {
    if (held_) new std::shared_ptr<T>(std::move(held_));  // never freed: see above
    held_.reset();
  }

  std::mutex mutex_;
  std::shared_ptr<T> held_;
  pid_t process_ = 0;
};

}  // namespace ossicle::python
