#pragma once

#include <string>

namespace ossicle::cli {

/// Makes the first SIGINT or SIGTERM ask for an orderly end, and end the program itself if that
/// takes longer than two seconds and no output is being written. A second signal ends it at once.
void CatchInterrupts();

/// The signal that came, or 0.
int InterruptSignal();

/// Throws Error(kInterrupted) if one came.
void CheckInterrupt();

/// To be held while `output` is written, so that a signal leaves whole files only.
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

}  // namespace ossicle::cli
