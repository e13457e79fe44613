#include "ossicle/workers.h"

#include <sched.h>

#include <algorithm>
#include <condition_variable>
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

int CoresAllowed() noexcept {
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) return CPU_COUNT(&allowed);
#endif
  return static_cast<int>(std::thread::hardware_concurrency());
}
}  // namespace

struct Workers::State {
  std::mutex callers;  // one Run at a time
  std::mutex mutex;
  std::condition_variable start;
  std::condition_variable done;
  const std::function<void(int)>* job = nullptr;
  std::uint64_t generation = 0;
  int active = 0;
  int pending = 0;
  bool stopping = false;
  std::exception_ptr error;
  std::vector<std::thread> threads;

  void Perform(const std::function<void(int)>& work, int worker) noexcept {
    try {
      work(worker);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!error) error = std::current_exception();
    }
  }

  void Loop(int worker) {
    std::uint64_t seen = 0;
    std::unique_lock lock(mutex);
    while (true) {
      start.wait(lock, [&] { return stopping || generation != seen; });
      if (stopping) return;
      seen = generation;
      if (worker >= active) continue;
      const std::function<void(int)>& work = *job;
      lock.unlock();
      Perform(work, worker);
      lock.lock();
      if (--pending == 0) done.notify_one();
    }
  }
};

Workers::Workers(int count) : state_(std::make_unique<State>()) {
  if (count < 1 || count > kMaxWorkers) {
    throw Error(Code::kInvalidSpec, "workers=" + std::to_string(count) + ", but it must be 1.." +
                                        std::to_string(kMaxWorkers) + kWhyNoMore);
  }
  state_->threads.reserve(static_cast<std::size_t>(count - 1));
  for (int worker = 1; worker < count; ++worker) {
    state_->threads.emplace_back([state = state_.get(), worker] { state->Loop(worker); });
  }
}

Workers::~Workers() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->start.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

int Workers::count() const noexcept { return static_cast<int>(state_->threads.size()) + 1; }

void Workers::Run(int active, const std::function<void(int)>& job) {
  if (active < 1 || active > count()) {
    throw Error(Code::kInvalidSpec, "active=" + std::to_string(active) +
                                        " workers, but it must be 1.." + std::to_string(count()));
  }
  if (active == 1) return job(0);
  State& state = *state_;
  const std::lock_guard caller(state.callers);
  {
    const std::lock_guard lock(state.mutex);
    state.job = &job;
    state.active = active;
    state.pending = active - 1;
    state.error = nullptr;
    ++state.generation;
  }
  state.start.notify_all();
  state.Perform(job, 0);
  std::unique_lock lock(state.mutex);
  state.done.wait(lock, [&] { return state.pending == 0; });
  if (state.error) std::rethrow_exception(std::exchange(state.error, nullptr));
}

int Workers::HardwareCount() noexcept { return std::clamp(CoresAllowed(), 1, kMaxWorkers); }

}  // namespace ossicle
