#include "ossicle/workers.h"

#include <gtest/gtest.h>

#include <atomic>
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
