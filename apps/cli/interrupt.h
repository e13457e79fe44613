#pragma once

#include <string>

namespace ossicle::cli {

/// Makes the first SIGINT or SIGTERM ask for an orderly end, and end the program itself if that
/// takes longer than two seconds and no output is being written. A second signal ends it at once.
void CatchInterrupts();

/// From now on a signal ends AudioSource::ReadSome while it waits, so that the program can end in
/// order.
void EndWaitsBySignals();

/// The signal that came, or 0.
int InterruptSignal();

/// Throws Error(kInterrupted) if one came.
void CheckInterrupt();

/// To be held while `output` is written, so that a signal leaves whole files only. It makes the end
/// wait: for what takes a moment, not for what waits for more input.
class OutputGuard {
 public:
  /// Throws Error(kInterrupted) if the program is about to end.
  explicit OutputGuard(const std::string& output);
  ~OutputGuard();
  OutputGuard(const OutputGuard&) = delete;
  OutputGuard& operator=(const OutputGuard&) = delete;

 private:
  const bool holds_;
};

/// Has a file removed if the program ends without unwinding: for a temporary that is written while
/// input comes. To be made within an OutputGuard that was there before the file.
class RemovedAtTheEnd {
 public:
  explicit RemovedAtTheEnd(const std::string& temporary);  ///< empty: none
  ~RemovedAtTheEnd();
  RemovedAtTheEnd(const RemovedAtTheEnd&) = delete;
  RemovedAtTheEnd& operator=(const RemovedAtTheEnd&) = delete;

 private:
  int slot_ = -1;
};

}  // namespace ossicle::cli
