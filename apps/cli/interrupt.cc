#include "interrupt.h"

#include <csignal>

#include "ossicle/error.h"

namespace ossicle::cli {

namespace {

volatile std::sig_atomic_t caught_signal = 0;

void Remember(int number) { caught_signal = number; }

}  // namespace

void CatchInterrupts() {
  struct sigaction action = {};
  action.sa_handler = Remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is an error of the write
}

int InterruptSignal() { return caught_signal; }

void CheckInterrupt() {
  if (caught_signal != 0) throw Error(Code::kInterrupted, "interrupted");
}

}  // namespace ossicle::cli
