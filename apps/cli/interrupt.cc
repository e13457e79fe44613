#include "interrupt.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <climits>
#include <csignal>
#include <cstring>

#include "exit_code.h"
#include "ossicle/error.h"

namespace ossicle::cli {

namespace {

constexpr unsigned kPatienceSeconds = 2;

std::atomic<int> caught_signal = 0;
std::atomic<int> outputs_in_writing = 0;
std::atomic<bool> ending = false;
std::atomic<int> alarms_to_wait_for = 0;
bool wipe_progress = false;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

/// A file that a handler removes: the name must stay while one may read it.
struct Temporary {
  enum State { kFree, kTaken, kNamed };
  std::atomic<int> state = kFree;
  char path[PATH_MAX];
};
constexpr std::size_t kMostTemporaries = 256;  // as many as workers
std::array<Temporary, kMostTemporaries> temporaries;

void Remember(int number) {
  caught_signal = number;
  alarm(kPatienceSeconds);
}

/// The orderly end has not come: the program waits for something, such as the next bytes of a pipe.
/// Where no output is being written, there is nothing to unwind but temporaries.
void EndNow(int) {
  ending = true;
  if (outputs_in_writing != 0 || alarms_to_wait_for > 0) {
    --alarms_to_wait_for;
    ending = false;
    alarm(kPatienceSeconds);
    return;
  }
  for (const Temporary& temporary : temporaries) {
    if (temporary.state == Temporary::kNamed) unlink(temporary.path);
  }
  constexpr char kWipe[] = "\r\033[K";
  constexpr char kMessage[] = "ossicle: interrupted\n";
  ssize_t unused = 0;
  if (wipe_progress) unused = write(STDERR_FILENO, kWipe, sizeof(kWipe) - 1);
  unused = write(STDERR_FILENO, kMessage, sizeof(kMessage) - 1);
  static_cast<void>(unused);
  _exit(kInterrupted + caught_signal);
}

void Handle(int number, void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(number, &action, nullptr);
}

void HandleSignals(int flags) {
  Handle(SIGALRM, EndNow, flags);
  Handle(SIGINT, Remember, flags | static_cast<int>(SA_RESETHAND));
  Handle(SIGTERM, Remember, flags | static_cast<int>(SA_RESETHAND));
}

}  // namespace

void CatchInterrupts() {
  wipe_progress = isatty(STDERR_FILENO) != 0;
  HandleSignals(SA_RESTART);
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is an error of the write
}

void EndWaitsBySignals() {
  // A signal may come just before the wait begins: then the first alarm ends it.
  alarms_to_wait_for = 1;
  HandleSignals(0);
}

int InterruptSignal() { return caught_signal; }

void CheckInterrupt() {
  if (caught_signal != 0) throw Error(Code::kInterrupted, "interrupted");
}

OutputGuard::OutputGuard(const std::string& output) : holds_(output != "-") {
  if (!holds_) return;
  ++outputs_in_writing;
  if (!ending) return;
  --outputs_in_writing;
  throw Error(Code::kInterrupted, "interrupted");
}

OutputGuard::~OutputGuard() {
  if (holds_) --outputs_in_writing;
}

RemovedAtTheEnd::RemovedAtTheEnd(const std::string& temporary) {
  if (temporary.empty() || temporary.size() >= PATH_MAX) return;
  for (std::size_t i = 0; i < temporaries.size() && slot_ < 0; ++i) {
    int free = Temporary::kFree;
    if (temporaries[i].state.compare_exchange_strong(free, Temporary::kTaken)) {
      slot_ = static_cast<int>(i);
    }
  }
  if (slot_ < 0) return;
  Temporary& mine = temporaries[static_cast<std::size_t>(slot_)];
  std::memcpy(mine.path, temporary.c_str(), temporary.size() + 1);
  mine.state = Temporary::kNamed;
}

RemovedAtTheEnd::~RemovedAtTheEnd() {
  if (slot_ >= 0) temporaries[static_cast<std::size_t>(slot_)].state = Temporary::kFree;
}

}  // namespace ossicle::cli
