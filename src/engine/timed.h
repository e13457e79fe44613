#pragma once

#include <chrono>

namespace ossicle {

/// Adds the time from its beginning to its end, or to Stop(), to `seconds`.
class Timed {
 public:
  explicit Timed(double& seconds) : seconds_(&seconds) {}
  ~Timed() { Stop(); }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

  void Stop() {
    if (!seconds_) return;
    *seconds_ += std::chrono::duration<double>(Clock::now() - start_).count();
    seconds_ = nullptr;
  }

 private:
  using Clock = std::chrono::steady_clock;

  double* seconds_;
  const Clock::time_point start_ = Clock::now();
};

}  // namespace ossicle
