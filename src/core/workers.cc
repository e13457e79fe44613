#include "ossicle/workers.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ossicle/error.h"

namespace ossicle {

namespace {

#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)
constexpr int kMaxWorkers = 1;
constexpr const char* kWhyNoMore = ": this build has no threads";
#else
constexpr int kMaxWorkers = 256;
constexpr const char* kWhyNoMore = "";
#endif

/// The caller looks this long whether the others have ended before it sleeps: shares of a static
/// deal end at about the same time, and to be woken takes longer than this.
constexpr std::chrono::microseconds kCallerSpin{5};

void Relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

int CoresAllowed() noexcept {
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) return CPU_COUNT(&allowed);
#endif
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace

struct Workers::State {
  enum Wish : int { kNothing, kWork, kEnd };

  /// What is wanted of a worker, on a cache line of its own. Whoever turns kWork into kNothing does
  /// that worker's share.
  struct alignas(64) Slot {
    std::atomic<int> wish = kNothing;
    std::thread thread;

    void Tell(Wish now) noexcept {
      wish.store(now, std::memory_order_release);
      wish.notify_one();
    }
    bool Claim() noexcept {
      int wanted = kWork;
      return wish.load(std::memory_order_relaxed) == kWork &&
             wish.compare_exchange_strong(wanted, kNothing, std::memory_order_acq_rel);
    }
  };

  State(int count, Use use_in) : use(use_in), slots(static_cast<std::size_t>(count)) {}
  ~State() {
    for (Slot& slot : slots) slot.Tell(kEnd);
    for (Slot& slot : slots) {
      if (slot.thread.joinable()) slot.thread.join();
    }
  }

  Slot& Of(int worker) { return slots[static_cast<std::size_t>(worker)]; }

  void Perform(int worker) noexcept {
    try {
      (*job)(worker);
    } catch (...) {
      const std::lock_guard lock(error_mutex);
      if (!error) error = std::current_exception();
    }
  }

  /// Each share that is begun wakes two more threads, so that waking many takes the time of a few.
  void WakeNext(int worker) noexcept {
    for (int next = 2 * worker + 1; next <= 2 * worker + 2 && next < active; ++next) {
      Of(next).wish.notify_one();
    }
  }

  /// Does the claimed share, then any that no thread has begun: one that sleeps long costs nothing.
  void Work(int worker) noexcept {
    int done = 0;
    while (worker < active) {
      WakeNext(worker);
      Perform(worker);
      ++done;
      worker = 1;
      while (worker < active && !Of(worker).Claim()) ++worker;
    }
    if (pending.fetch_sub(done, std::memory_order_acq_rel) == done) pending.notify_one();
  }

  void Loop(int worker) noexcept {
    Slot& slot = Of(worker);
    while (true) {
      slot.wish.wait(kNothing, std::memory_order_acquire);
      if (slot.Claim()) Work(worker);
      if (slot.wish.load(std::memory_order_acquire) == kEnd) return;
    }
  }

  void WaitForOthers() noexcept {
    const auto end = std::chrono::steady_clock::now() + kCallerSpin;
    while (pending.load(std::memory_order_acquire) != 0) {
      if (std::chrono::steady_clock::now() >= end) break;
      Relax();
    }
    for (int left; (left = pending.load(std::memory_order_acquire)) != 0;) {
      pending.wait(left, std::memory_order_acquire);
    }
  }

  const Use use;
  std::mutex callers;  // one Run at a time
  const std::function<void(int)>* job = nullptr;
  int active = 0;
  alignas(64) std::atomic<int> pending = 0;  ///< shares that are not done
  std::mutex error_mutex;
  std::exception_ptr error;
  std::vector<Slot> slots;  // the first has no thread: it is the caller
};

Workers::Workers(int count, Use use) {
  if (count < 1 || count > kMaxWorkers) {
    throw Error(Code::kInvalidSpec, "workers=" + std::to_string(count) + ", but it must be 1.." +
                                        std::to_string(kMaxWorkers) + kWhyNoMore);
  }
  state_ = std::make_unique<State>(count, use);
  for (int worker = 1; worker < count; ++worker) {
    state_->Of(worker).thread =
        std::thread([state = state_.get(), worker] { state->Loop(worker); });
  }
}

Workers::~Workers() = default;

int Workers::count() const noexcept { return static_cast<int>(state_->slots.size()); }

Workers::Use Workers::use() const noexcept { return state_->use; }

void Workers::Run(int active, const std::function<void(int)>& job) {
  if (active < 1 || active > count()) {
    throw Error(Code::kInvalidSpec, "active=" + std::to_string(active) +
                                        " workers, but it must be 1.." + std::to_string(count()));
  }
  if (active == 1) return job(0);
  State& state = *state_;
  const std::lock_guard caller(state.callers);
  state.job = &job;
  state.active = active;
  state.error = nullptr;
  state.pending.store(active, std::memory_order_relaxed);
  for (int worker = 1; worker < active; ++worker) {
    state.Of(worker).wish.store(State::kWork, std::memory_order_release);
  }
  state.Work(0);
  state.WaitForOthers();
  if (state.error) std::rethrow_exception(std::exchange(state.error, nullptr));
}

int Workers::HardwareCount() noexcept { return std::clamp(CoresAllowed(), 1, kMaxWorkers); }

}  // namespace ossicle
