#include "ossicle/workers.h"

#include <gtest/gtest.h>

#include <pthread.h>
#include <time.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ossicle/error.h"

namespace ossicle {
namespace {

TEST(Workers, RunEachActiveOneOnce) {
  Workers workers(4);
  EXPECT_EQ(workers.count(), 4);
  for (int active = 1; active <= 4; ++active) {
    std::vector<std::atomic<int>> calls(4);
    workers.Run(active, [&](int worker) { ++calls[static_cast<std::size_t>(worker)]; });
    for (int worker = 0; worker < 4; ++worker) {
      EXPECT_EQ(calls[static_cast<std::size_t>(worker)], worker < active ? 1 : 0) << active;
    }
  }
}

TEST(Workers, RunTheFirstOnTheCallingThread) {
  Workers workers(2);
  std::thread::id first;
  workers.Run(2, [&](int worker) {
    if (worker == 0) first = std::this_thread::get_id();
  });
  EXPECT_EQ(first, std::this_thread::get_id());
}

TEST(Workers, ServeManyRunsAndManyCallers) {
  Workers workers(3);
  std::atomic<int> sum = 0;
  const auto call = [&] {
    for (int i = 0; i < 500; ++i) workers.Run(3, [&](int worker) { sum += worker; });
  };
  std::thread other(call);
  call();
  other.join();
  EXPECT_EQ(sum, 2 * 500 * (0 + 1 + 2));
}

TEST(Workers, RethrowWhatAJobThrowsAfterAllHaveEnded) {
  Workers workers(3);
  std::atomic<int> ended = 0;
  const auto job = [&](int worker) {
    ++ended;
    if (worker == 2) throw std::runtime_error("from worker 2");
  };
  EXPECT_THROW(workers.Run(3, job), std::runtime_error);
  EXPECT_EQ(ended, 3);
  workers.Run(3, [&](int) { ++ended; });
  EXPECT_EQ(ended, 6);
}

/// Processor time of each worker's thread until now, in nanoseconds.
class ProcessorTimes {
 public:
  explicit ProcessorTimes(Workers& workers) : clocks_(static_cast<std::size_t>(workers.count())) {
    std::atomic<int> here = 0;
    workers.Run(workers.count(), [&](int worker) {
      pthread_getcpuclockid(pthread_self(), &clocks_[static_cast<std::size_t>(worker)]);
      ++here;
      while (here < workers.count()) std::this_thread::yield();  // so that no thread does two
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // and all sleep again
  }

  long Of(int worker) const {
    timespec time{};
    clock_gettime(clocks_[static_cast<std::size_t>(worker)], &time);
    return time.tv_sec * 1'000'000'000L + time.tv_nsec;
  }

 private:
  std::vector<clockid_t> clocks_;
};

TEST(Workers, SleepWhileTheyAreNotNeeded) {
  Workers workers(4);
  const ProcessorTimes times(workers);
  const std::array<long, 2> before = {times.Of(2), times.Of(3)};
  for (int i = 0; i < 200; ++i) workers.Run(2, [](int) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(times.Of(2), before[0]);
  EXPECT_EQ(times.Of(3), before[1]);
}

TEST(Workers, AreAllWokenForARunOfAll) {
  constexpr int kCount = 13;
  Workers workers(kCount);
  for (int i = 0; i < 10; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // until they sleep
    std::atomic<int> here = 0;
    workers.Run(kCount, [&](int) {
      ++here;
      while (here < kCount) std::this_thread::yield();  // each thread is needed for the end
    });
    EXPECT_EQ(here, kCount);
  }
}

TEST(Workers, RunEachShareOnceHoweverLateAThreadWakes) {
  Workers workers(2);
  for (int i = 0; i < 2000; ++i) {
    std::array<std::atomic<int>, 2> calls{};
    workers.Run(2, [&](int worker) { ++calls[static_cast<std::size_t>(worker)]; });
    EXPECT_EQ(calls[0], 1);
    EXPECT_EQ(calls[1], 1);
  }
}

TEST(Workers, SayWhatUseIsToBeMadeOfThem) {
  EXPECT_EQ(Workers(2).use(), Workers::Use::kByGrain);
  EXPECT_EQ(Workers(2, Workers::Use::kAll).use(), Workers::Use::kAll);
}

TEST(Workers, RefuseNumbersOutOfRange) {
  for (const int count : {-1, 0, 257}) {
    try {
      Workers workers(count);
      FAIL() << count;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kInvalidSpec);
      EXPECT_NE(std::string(error.what()).find("1..256"), std::string::npos) << error.what();
    }
  }
  Workers workers(2);
  EXPECT_THROW(workers.Run(3, [](int) {}), Error);
  EXPECT_THROW(workers.Run(0, [](int) {}), Error);
}

TEST(Workers, KnowTheMachine) { EXPECT_GE(Workers::HardwareCount(), 1); }

}  // namespace
}  // namespace ossicle
