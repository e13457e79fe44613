#pragma once

#include <functional>
#include <memory>

namespace ossicle {

/// A fixed set of threads that run one function together. The calling thread is worker 0, so
/// Workers(1) starts no thread. Idle workers sleep, and Run wakes no more than it needs. Pass one
/// object around; it is never global.
class Workers {
 public:
  /// How many of them a Frontend lets work. kByGrain: as many as find enough to do, so that more
  /// workers are never slower than one. kAll: always all, for a caller who names the number.
  enum class Use { kByGrain, kAll };

  /// Starts `count` - 1 threads. `count` is 1..256; throws Error(kInvalidSpec) otherwise.
  explicit Workers(int count = 1, Use use = Use::kByGrain);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int count() const noexcept;
  Use use() const noexcept;

  /// Calls job(worker) once for each worker 0..active-1 and returns when all are done. Allocates
  /// nothing. The first exception that a job throws is rethrown here, after all have ended.
  ///   active  1..count()
  ///   job     called from several threads at once; job(0) from the calling thread. What another
  ///           thread has not begun yet, one that is done calls in its place.
  /// Calls from several threads are served one after the other; a job may not call Run.
  void Run(int active, const std::function<void(int worker)>& job);

  /// Cores that this process may use: what to pass where a user says "all".
  static int HardwareCount() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ossicle
