#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace ossicle::cli {

/// A line on a terminal that is drawn over and over: how many inputs are done, how much audio, how
/// long it may still take. Shows nothing unless standard error is a terminal, and nothing before a
/// second has passed where there is one input only. Several threads may report.
class Progress {
 public:
  Progress(int inputs, bool enabled);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Input number `index` is at `done_s` of `total_s` seconds of audio (0: unknown).
  void Report(double done_s, double total_s);
  void InputDone();

  /// Wipes the line, so that a message can be written; the next report draws it again.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;

  void Draw();
  std::string Line() const;

  const int inputs_;
  const bool enabled_;
  const Clock::time_point start_ = Clock::now();
  std::mutex mutex_;
  Clock::time_point drawn_;
  bool visible_ = false;
  int inputs_done_ = 0;
  double fraction_ = 0.0;  // of a single input
};

}  // namespace ossicle::cli
