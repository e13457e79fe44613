#include "ossicle/encoder_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <stop_token>
#include <thread>
#include <vector>

#include "encoder/queue_core.h"
#include "support/failure.h"
#include "support/onnx_writer.h"
#include "support/onnxruntime.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::OnnxWriter;
using Clock = std::chrono::steady_clock;

constexpr int kLength = 2;
constexpr int kBands = 3;
constexpr int kSize = kLength * kBands;

WindowRule Rule() {
  WindowRule rule;
  rule.length = kLength;
  return rule;
}

/// Windows in memory of their own, each of one value everywhere.
class Windows {
 public:
  explicit Windows(const std::vector<float>& values) {
    for (const float value : values) data_.insert(data_.end(), kSize, value);
    for (std::size_t i = 0; i < values.size(); ++i) {
      views_.push_back(
          {MakeView<const float>(data_.data() + i * kSize, kLength, kBands, Layout::kFramesFirst)});
    }
  }
  std::span<const WindowView> views() const { return views_; }

 private:
  std::vector<float> data_;
  std::vector<WindowView> views_;
};

/// The first value of each embedding, or why there is none.
struct Answer {
  std::vector<float> values;
  std::optional<Code> code;
};

void SpinUntil(const std::function<bool()>& is_so) {
  while (!is_so()) std::this_thread::yield();
}

class EncoderQueueTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
  }

  std::string IdentityModel() {
    return OnnxWriter()
        .Input("x", {OnnxWriter::kFree, kLength, kBands})
        .Output("y", {OnnxWriter::kFree, kSize})
        .Node("Flatten", {"x"}, "y")
        .Save(folder_ / "identity.onnx");
  }

  /// Each embedding is the mean of the windows that it was computed with.
  std::string MixingModel() {
    const std::string axes = OnnxWriter::IntsAttribute("axes", {0});
    return OnnxWriter()
        .Input("x", {OnnxWriter::kFree, kLength, kBands})
        .Output("y", {OnnxWriter::kFree, kSize})
        .Node("Flatten", {"x"}, "flat")
        .Node("ReduceMean", {"flat"}, "mean", axes)
        .Node("Sub", {"flat", "flat"}, "zero")
        .Node("Add", {"zero", "mean"}, "y")
        .Save(folder_ / "mixing.onnx");
  }

  /// A row of a table of eight: a run with a window of values beyond fails.
  std::string FailingModel() {
    std::vector<float> table;
    for (int i = 0; i < 8; ++i) table.insert(table.end(), kSize, static_cast<float>(i));
    const std::string axes =
        OnnxWriter::IntsAttribute("axes", {1, 2}) + OnnxWriter::IntAttribute("keepdims", 0);
    return OnnxWriter()
        .Input("x", {OnnxWriter::kFree, kLength, kBands})
        .Output("y", {OnnxWriter::kFree, kSize})
        .Constant("table", {8, kSize}, table)
        .Node("ReduceMean", {"x"}, "mean", axes)
        .Node("Cast", {"mean"}, "row", OnnxWriter::IntAttribute("to", OnnxWriter::kInt64))
        .Node("Gather", {"table", "row"}, "y")
        .Save(folder_ / "failing.onnx");
  }

  test::TemporaryFolder folder_;
};

/// A queue whose runs the test holds back, and callers in threads of their own.
class HeldQueue {
 public:
  HeldQueue(const std::string& model, int workers, const QueueOptions& options)
      : encoder_(std::make_shared<EncoderCore>(model, EncoderOptions{.workers = workers})),
        core_(encoder_, Rule(), kBands, Layout::kFramesFirst, options) {
    Hold();
  }
  ~HeldQueue() {
    Release();
    threads_.clear();
  }

  QueueCore& core() { return core_; }

  void Hold() {
    while (held_.size() < static_cast<std::size_t>(encoder_->options.workers)) {
      held_.emplace_back(std::make_unique<SlotLease>(encoder_->slots));
    }
  }
  void Release() { held_.clear(); }

  /// Encodes in a new thread; returns when the windows wait.
  Answer& Send(const std::vector<float>& values, const EncodeLimits& limits = {}) {
    const std::int64_t waiting = core_.counts().waiting;
    Answer& answer = answers_.emplace_back();
    core_.AddCaller();
    threads_.emplace_back([this, values, limits, &answer] {
      answer = Encode(values, limits);
      core_.RemoveCaller();
    });
    SpinUntil([&] {
      return core_.counts().waiting == waiting + static_cast<std::int64_t>(values.size());
    });
    return answer;
  }
  void Join() { threads_.clear(); }

  Answer Encode(const std::vector<float>& values, const EncodeLimits& limits = {}) {
    const Windows windows(values);
    Answer answer;
    std::vector<float> out;
    try {
      core_.Encode(windows.views(), out, limits);
    } catch (const Error& error) {
      answer.code = error.code();
      EXPECT_TRUE(out.empty()) << "all or nothing";
    }
    for (std::size_t i = 0; i < out.size(); i += kSize) answer.values.push_back(out[i]);
    return answer;
  }

 private:
  std::shared_ptr<EncoderCore> encoder_;
  QueueCore core_;
  std::vector<std::unique_ptr<SlotLease>> held_;
  std::deque<Answer> answers_;
  std::vector<std::jthread> threads_;
};

TEST_F(EncoderQueueTest, RunsTogetherWhatWaits) {
  HeldQueue queue(MixingModel(), 1, {});
  const Answer& a = queue.Send({1});
  const Answer& b = queue.Send({2, 3});
  const Answer& c = queue.Send({6});
  queue.Release();
  queue.Join();
  EXPECT_EQ(a.values, std::vector<float>{3});
  EXPECT_EQ(b.values, (std::vector<float>{3, 3}));
  EXPECT_EQ(c.values, std::vector<float>{3});
  EXPECT_EQ(queue.core().counts().runs, 1);
  EXPECT_EQ(queue.core().counts().windows, 4);
  EXPECT_EQ(queue.core().counts().waiting, 0);
}

TEST_F(EncoderQueueTest, CallersTakeTurnsWindowByWindow) {
  HeldQueue queue(MixingModel(), 1, {.max_batch = 4});
  const Answer& many = queue.Send(std::vector<float>(100, 0.0f));
  const Answer& one = queue.Send({4});
  const Answer& two = queue.Send({8, 8});
  queue.Release();
  queue.Join();
  // The first run: a window of each, then one of `many` again; the second has the last of `two`.
  EXPECT_EQ(one.values, std::vector<float>{3});
  EXPECT_EQ(two.values, (std::vector<float>{3, 2}));
  ASSERT_EQ(many.values.size(), 100U);
  EXPECT_EQ(many.values[0], 3.0f);
  EXPECT_EQ(many.values[1], 3.0f);
  EXPECT_EQ(many.values[2], 2.0f);
  EXPECT_EQ(many.values[99], 0.0f);
  EXPECT_EQ(queue.core().counts().runs, 26);
}

TEST_F(EncoderQueueTest, AFullQueueRefusesAtOnce) {
  HeldQueue queue(IdentityModel(), 1, {.max_waiting = 4});
  const Answer& first = queue.Send({1, 2, 3});
  EXPECT_EQ(queue.Encode({4, 5}).code, Code::kBusy);
  const Answer& second = queue.Send({4});
  EXPECT_EQ(queue.Encode({5}).code, Code::kBusy);
  const Windows one({5});
  std::vector<float> out;
  EXPECT_TRUE(test::HasAll(FailureOf([&] { queue.core().Encode(one.views(), out, {}); }).message,
                           {"4 windows wait", "1 more", "max_waiting=4"}));
  queue.Release();
  queue.Join();
  EXPECT_EQ(first.values, (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(second.values, std::vector<float>{4});
  EXPECT_EQ(queue.Encode({5}).values, std::vector<float>{5});
}

TEST_F(EncoderQueueTest, WhatARunTakesAtOnceDoesNotWait) {
  HeldQueue queue(IdentityModel(), 1, {.max_batch = 4, .max_waiting = 2});
  queue.Release();
  EXPECT_EQ(queue.Encode({1, 2, 3, 4}).values.size(), 4U);
  EXPECT_EQ(queue.Encode({1, 2, 3, 4, 5, 6}).values.size(), 6U);
  EXPECT_EQ(queue.Encode({1, 2, 3, 4, 5, 6, 7}).code, Code::kBusy);
  EXPECT_EQ(queue.core().counts().waiting, 0);
}

TEST_F(EncoderQueueTest, ADeadlineEndsTheWait) {
  HeldQueue queue(IdentityModel(), 1, {});
  EXPECT_EQ(queue.Encode({1}, {.deadline = Clock::now()}).code, Code::kTimeout);
  EXPECT_EQ(queue.Encode({1}, {.deadline = Clock::now() + std::chrono::milliseconds(2)}).code,
            Code::kTimeout);
  EXPECT_EQ(queue.core().counts().waiting, 0);
  const Answer& patient = queue.Send({2}, {.deadline = Clock::now() + std::chrono::hours(1)});
  queue.Release();
  queue.Join();
  EXPECT_EQ(patient.values, std::vector<float>{2});
  EXPECT_EQ(queue.core().counts().windows, 1) << "what timed out was not run";
}

TEST_F(EncoderQueueTest, AStopEndsTheWaitOfItsCallerOnly) {
  HeldQueue queue(IdentityModel(), 1, {});
  std::stop_source stop;
  const Answer& stopped = queue.Send({1, 2}, {.stop = stop.get_token()});
  const Answer& other = queue.Send({3});
  stop.request_stop();
  SpinUntil([&] { return queue.core().counts().waiting == 1; });
  EXPECT_EQ(queue.Encode({4}, {.stop = stop.get_token()}).code, Code::kInterrupted);
  queue.Release();
  queue.Join();
  EXPECT_EQ(stopped.code, Code::kInterrupted);
  EXPECT_EQ(other.values, std::vector<float>{3});
}

TEST_F(EncoderQueueTest, AFailedRunIsTheAnswerToThoseInItOnly) {
  HeldQueue queue(FailingModel(), 1, {.max_batch = 2});
  const Answer& bad = queue.Send({50});
  const Answer& beside = queue.Send({1, 2, 3});
  const Answer& behind = queue.Send({4});
  queue.Release();
  queue.Join();
  EXPECT_EQ(bad.code, Code::kModel);
  EXPECT_EQ(beside.code, Code::kModel);
  EXPECT_EQ(behind.values, std::vector<float>{4});
  EXPECT_EQ(queue.Encode({5, 6, 7}).values, (std::vector<float>{5, 6, 7}));
  EXPECT_EQ(queue.core().counts().waiting, 0);
}

TEST_F(EncoderQueueTest, ItsEndInterruptsWhatWaits) {
  HeldQueue queue(IdentityModel(), 2, {});
  const Answer& first = queue.Send({1});
  const Answer& second = queue.Send({2, 3});
  queue.core().Close();
  queue.Join();
  EXPECT_EQ(first.code, Code::kInterrupted);
  EXPECT_EQ(second.code, Code::kInterrupted);
  queue.Release();
  EXPECT_EQ(queue.Encode({1}).code, Code::kInterrupted);
}

TEST_F(EncoderQueueTest, AWindowWaitsForCompanyUntilAllCallersAreThere) {
  HeldQueue queue(MixingModel(), 2, {.max_delay_us = 1'000'000});
  queue.Release();
  queue.core().AddCaller();
  // It would time out if it waited for its whole delay.
  const Answer& first = queue.Send({1}, {.deadline = Clock::now() + std::chrono::hours(1)});
  EXPECT_EQ(queue.core().counts().runs, 0);
  EXPECT_EQ(queue.Encode({3}).values, std::vector<float>{2});
  queue.Join();
  EXPECT_EQ(first.values, std::vector<float>{2});
  queue.core().RemoveCaller();
}

TEST_F(EncoderQueueTest, AFullBatchDoesNotWaitForMore) {
  HeldQueue queue(MixingModel(), 2, {.max_batch = 2, .max_delay_us = 1'000'000});
  queue.Release();
  for (int i = 0; i < 3; ++i) queue.core().AddCaller();
  const Answer& first = queue.Send({1});
  EXPECT_EQ(queue.Encode({3}).values, std::vector<float>{2});
  queue.Join();
  EXPECT_EQ(first.values, std::vector<float>{2});
}

TEST_F(EncoderQueueTest, ADelayEndsWithoutCompany) {
  HeldQueue queue(IdentityModel(), 1, {.max_delay_us = 2000});
  queue.Release();
  for (int i = 0; i < 2; ++i) queue.core().AddCaller();
  EXPECT_EQ(queue.Encode({1}).values, std::vector<float>{1});
}

TEST_F(EncoderQueueTest, TheOnlyCallerDoesNotWaitForCompany) {
  const Encoder encoder(IdentityModel());
  EncoderQueue queue(encoder, Rule(), kBands, Layout::kFramesFirst, {.max_delay_us = 1'000'000});
  EncoderQueue::Caller caller = queue.MakeCaller();
  {
    const EncoderQueue::Caller gone = queue.MakeCaller();
  }
  const Windows windows({1});
  std::vector<float> out;
  const auto start = Clock::now();
  for (int i = 0; i < 10; ++i) caller.Encode(windows.views(), out);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(5)) << "ten delays are ten seconds";
}

TEST_F(EncoderQueueTest, NanIsPassedOnAndCounted) {
  const Encoder encoder(IdentityModel());
  EncoderQueue queue(encoder, Rule(), kBands, Layout::kFramesFirst);
  EncoderQueue::Caller caller = queue.MakeCaller();
  const Windows windows({1, std::nanf(""), std::numeric_limits<float>::infinity()});
  std::vector<float> out = {7};
  EXPECT_EQ(caller.Encode(windows.views(), out), 2);
  ASSERT_EQ(out.size(), 1U + 3 * kSize);
  EXPECT_EQ(out[0], 7.0f);
  EXPECT_EQ(out[1], 1.0f);
  EXPECT_TRUE(std::isnan(out[1 + kSize]));
  EXPECT_TRUE(std::isinf(out[1 + 2 * kSize]));
}

TEST_F(EncoderQueueTest, AWindowOfAnotherShapeIsRefusedBeforeItWaits) {
  const Encoder encoder(IdentityModel());
  EncoderQueue queue(encoder, Rule(), kBands, Layout::kFramesFirst);
  EncoderQueue::Caller caller = queue.MakeCaller();
  std::vector<float> values(20);
  std::vector<float> out;
  const std::vector<WindowView> wide = {
      {MakeView<const float>(values.data(), 2, 4, Layout::kFramesFirst)}};
  const std::vector<WindowView> empty(1);
  EXPECT_EQ(FailureOf([&] { caller.Encode(wide, out); }).code, Code::kShape);
  EXPECT_EQ(FailureOf([&] { caller.Encode(empty, out); }).code, Code::kShape);
  EXPECT_EQ(caller.Encode({}, out), 0);
  EXPECT_EQ(queue.runs(), 0);
}

TEST_F(EncoderQueueTest, OptionsOutOfRangeAreRefused) {
  const Encoder encoder(IdentityModel());
  const auto failure = [&](const QueueOptions& options) {
    return FailureOf([&] { EncoderQueue(encoder, Rule(), kBands, Layout::kFramesFirst, options); });
  };
  EXPECT_TRUE(test::HasAll(failure({.max_batch = 1025}).message, {"max_batch=1025", "0..1024"}));
  EXPECT_TRUE(test::HasAll(failure({.max_delay_us = -1}).message, {"max_delay_us=-1"}));
  EXPECT_TRUE(test::HasAll(failure({.max_waiting = 0}).message, {"max_waiting=0", "1..1048576"}));
  EXPECT_EQ(FailureOf([&] { EncoderQueue(encoder, Rule(), 4, Layout::kFramesFirst); }).code,
            Code::kModel);
}

TEST_F(EncoderQueueTest, HandlesOutliveTheQueue) {
  auto encoder = std::make_unique<Encoder>(IdentityModel());
  auto queue = std::make_unique<EncoderQueue>(*encoder, Rule(), kBands, Layout::kFramesFirst);
  EncoderQueue::Caller caller = queue->MakeCaller();
  queue.reset();
  encoder.reset();
  const Windows windows({1});
  std::vector<float> out;
  EXPECT_EQ(FailureOf([&] { caller.Encode(windows.views(), out); }).code, Code::kInterrupted);
}

constexpr int kThreads = 16;

std::vector<EncoderQueue::Caller> MakeCallers(EncoderQueue& queue) {
  std::vector<EncoderQueue::Caller> callers;
  for (int i = 0; i < kThreads; ++i) callers.push_back(queue.MakeCaller());
  return callers;
}

/// Sixteen threads that send windows of their own until `goes_on` says no.
void Hammer(std::vector<EncoderQueue::Caller> callers,
            const std::function<bool(int thread, int turn)>& goes_on,
            const std::function<EncodeLimits(std::mt19937&)>& limits, std::atomic<int>& answers,
            std::atomic<int>& wrong) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      EncoderQueue::Caller& caller = callers[static_cast<std::size_t>(thread)];
      std::mt19937 random(static_cast<unsigned>(thread));
      for (int turn = 0; goes_on(thread, turn); ++turn) {
        std::vector<float> values(1 + random() % 5);
        for (float& value : values) value = static_cast<float>(random() % 1000);
        std::vector<float> out;
        try {
          const Windows windows(values);  // gone as soon as Encode() has returned or thrown
          caller.Encode(windows.views(), out, limits(random));
        } catch (const Error&) {
          wrong += out.empty() ? 0 : 1;
          continue;
        }
        ++answers;
        for (std::size_t i = 0; i < values.size(); ++i) {
          wrong += out[i * kSize] == values[i] && out[i * kSize + kSize - 1] == values[i] ? 0 : 1;
        }
      }
    });
  }
}

TEST_F(EncoderQueueTest, EveryCallerGetsItsOwnEmbeddings) {
  const Encoder encoder(IdentityModel(), {.workers = 3});
  for (const int max_batch : {1, 7, 0}) {
    EncoderQueue queue(encoder, Rule(), kBands, Layout::kFramesFirst, {.max_batch = max_batch});
    std::atomic<int> answers = 0;
    std::atomic<int> wrong = 0;
    Hammer(
        MakeCallers(queue), [](int, int turn) { return turn < 50; },
        [](auto&) { return EncodeLimits{}; }, answers, wrong);
    EXPECT_EQ(answers, kThreads * 50);
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(queue.waiting(), 0);
  }
}

TEST_F(EncoderQueueTest, CallersThatGiveUpLeaveNothingBehind) {
  const Encoder encoder(IdentityModel(), {.workers = 2});
  EncoderQueue queue(encoder, Rule(), kBands, Layout::kFramesFirst,
                     {.max_batch = 4, .max_waiting = 40});
  std::atomic<int> answers = 0;
  std::atomic<int> wrong = 0;
  const auto limits = [](std::mt19937& random) {
    return EncodeLimits{.deadline = Clock::now() + std::chrono::microseconds(random() % 100)};
  };
  Hammer(MakeCallers(queue), [](int, int turn) { return turn < 100; }, limits, answers, wrong);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(queue.waiting(), 0);
}

TEST_F(EncoderQueueTest, EndsWithWorkInFlight) {
  const Encoder encoder(IdentityModel(), {.workers = 2});
  for (int round = 0; round < 2; ++round) {
    std::optional<EncoderQueue> queue;
    queue.emplace(encoder, Rule(), kBands, Layout::kFramesFirst, QueueOptions{.max_batch = 2});
    std::vector<EncoderQueue::Caller> callers = MakeCallers(*queue);
    std::atomic<bool> has_ended = false;
    std::atomic<int> answers = 0;
    std::atomic<int> wrong = 0;
    std::jthread ender([&] {
      SpinUntil([&] { return answers > 20; });
      queue.reset();
      has_ended = true;
    });
    Hammer(
        std::move(callers), [&](int, int) { return !has_ended; },
        [](auto&) { return EncodeLimits{}; }, answers, wrong);
    EXPECT_EQ(wrong, 0);
  }
}

TEST_F(EncoderQueueTest, SharesTheRunsWithEncode) {
  const Encoder encoder(IdentityModel(), {.workers = 1});
  EncoderQueue queue(encoder, Rule(), kBands, Layout::kFramesFirst);
  std::atomic<int> answers = 0;
  std::atomic<int> wrong = 0;
  std::atomic<bool> has_ended = false;
  std::jthread direct([&] {
    const Windows windows({1, 2, 3});
    while (!has_ended) {
      std::vector<float> out;
      encoder.Encode(windows.views(), Rule(), kBands, Layout::kFramesFirst, out);
      wrong += out[0] == 1 && out[kSize] == 2 && out[2 * kSize] == 3 ? 0 : 1;
    }
  });
  Hammer(
      MakeCallers(queue), [](int, int turn) { return turn < 30; },
      [](auto&) { return EncodeLimits{}; }, answers, wrong);
  has_ended = true;
  direct.join();
  EXPECT_EQ(answers, kThreads * 30);
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace ossicle
