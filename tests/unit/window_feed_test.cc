#include "encoder/window_feed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "ossicle/error.h"

namespace ossicle {
namespace {

constexpr int kBands = 2;

/// Overlapping and dense windows, gaps between them, whole and broken steps, first frames.
std::vector<WindowRule> Rules() {
  std::vector<WindowRule> rules;
  for (const Tail tail : {Tail::kDrop, Tail::kAlign, Tail::kPad}) {
    for (const char* text : {"7:2", "16:80/25", "16:80/30:5", "1:1", "5:1/3:2", "3:50/7:11", "4:9",
                             "9:100/3:1", "3:1:20"}) {
      rules.push_back(WindowRule::Parse(text));
      rules.back().tail = tail;
    }
  }
  return rules;
}

std::string Text(const WindowRule& rule) { return rule.ToString() + " " + ToString(rule.tail); }

WindowRule Whole(WindowRule rule) {
  rule.tail = Tail::kDrop;
  return rule;
}

/// Every value tells where it came from.
float Value(std::int64_t frame, int band) { return static_cast<float>(frame * 10 + band); }

void Append(WindowFeed& feed, std::int64_t count) {
  std::vector<float>& frames = feed.Frames();
  std::int64_t frame = feed.frames();
  for (const std::int64_t end = frame + count; frame < end; ++frame) {
    for (int band = 0; band < kBands; ++band) frames.push_back(Value(frame, band));
  }
}

/// That the feed's window `i` from now begins at `start` of `frames` and holds what lies there.
void ExpectWindow(const WindowFeed& feed, std::int64_t i, const WindowRule& rule,
                  std::int64_t start, std::int64_t frames, const std::string& what) {
  ASSERT_EQ(feed.Start(i), start) << what;
  ASSERT_EQ(feed.Length(i), std::min<std::int64_t>(rule.length, frames - start)) << what;
  const FeatureView<const float> view = feed.View(i).first;
  ASSERT_EQ(feed.View(i).rest.frames, 0);
  ASSERT_EQ(view.frames, feed.Length(i)) << what;
  ASSERT_EQ(view.bands, kBands);
  for (std::int64_t frame = 0; frame < view.frames; ++frame) {
    for (int band = 0; band < kBands; ++band) {
      ASSERT_EQ(view.at(frame, band), Value(start + frame, band)) << what << ", frame " << frame;
    }
  }
}

/// Takes all windows that are ready; they must be those of the rule on the whole.
void TakeAll(WindowFeed& feed, const WindowRule& rule, std::int64_t frames,
             const std::string& what) {
  for (; feed.ready() > 0; feed.Drop(1)) {
    ExpectWindow(feed, 0, rule, rule.Start(feed.next(), frames), frames, what);
    if (testing::Test::HasFatalFailure()) return;
  }
}

void ExpectAllWindows(const WindowRule& rule, const std::vector<std::int64_t>& pieces,
                      const std::string& what) {
  WindowFeed feed(rule, kBands);
  for (const std::int64_t piece : pieces) {
    Append(feed, piece);
    ASSERT_EQ(feed.next() + feed.ready(), Whole(rule).Count(feed.frames())) << what;
    TakeAll(feed, Whole(rule), feed.frames(), what);
    if (testing::Test::HasFatalFailure()) return;
  }
  const std::int64_t frames = feed.frames();
  if (rule.Count(frames) == 0) {
    EXPECT_THROW(feed.Finish(), Error) << what;
    return;
  }
  feed.Finish();
  TakeAll(feed, rule, frames, what);
  ASSERT_EQ(feed.next(), rule.Count(frames)) << what;
}

TEST(WindowFeed, GivesTheWindowsOfTheWholeForEveryCutInTwo) {
  for (const WindowRule& rule : Rules()) {
    for (const std::int64_t frames : {0, 1, 15, 16, 40, 75}) {
      for (std::int64_t cut = 0; cut <= frames; ++cut) {
        ExpectAllWindows(rule, {cut, frames - cut},
                         Text(rule) + ", " + std::to_string(cut) + " of " + std::to_string(frames));
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST(WindowFeed, GivesTheWindowsOfTheWholeForPiecesOfEverySize) {
  for (const WindowRule& rule : Rules()) {
    for (std::int64_t piece = 1; piece < 60; ++piece) {
      for (const std::int64_t count : {1, 2, 5, 200}) {
        ExpectAllWindows(rule, std::vector<std::int64_t>(static_cast<std::size_t>(count), piece),
                         Text(rule) + ", " + std::to_string(count) + " x " + std::to_string(piece));
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST(WindowFeed, KeepsWindowsUntilTheyAreDropped) {
  for (const WindowRule& rule : Rules()) {
    WindowFeed feed(rule, kBands);
    for (int i = 0; i < 50; ++i) Append(feed, 3);
    feed.Finish();
    ASSERT_EQ(feed.ready(), rule.Count(150));
    for (std::int64_t i = 0; i < feed.ready(); ++i) {
      ExpectWindow(feed, i, rule, rule.Start(i, 150), 150, Text(rule));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(WindowFeed, HoldsNoMoreThanTwiceWhatItNeedsAndAPiece) {
  for (const WindowRule& rule : Rules()) {
    for (const std::int64_t piece : {1, 3, 20}) {
      WindowFeed feed(rule, kBands);
      for (int i = 0; i < 3000; ++i) {
        Append(feed, piece);
        ASSERT_LE(feed.held(), 2 * rule.length + piece) << Text(rule) << ", pieces of " << piece;
        feed.Drop(feed.ready());
      }
    }
  }
}

TEST(WindowFeed, BeginsAnewAfterReset) {
  for (const WindowRule& rule : Rules()) {
    WindowFeed feed(rule, kBands);
    Append(feed, 77);
    feed.Drop(feed.ready());
    feed.Finish();
    feed.Reset();
    EXPECT_EQ(feed.frames(), 0);
    EXPECT_EQ(feed.next(), 0);
    EXPECT_EQ(feed.ready(), 0);
    Append(feed, 60);
    TakeAll(feed, Whole(rule), 60, Text(rule));
    feed.Finish();
    TakeAll(feed, rule, 60, Text(rule));
    EXPECT_EQ(feed.next(), rule.Count(60));
  }
}

}  // namespace
}  // namespace ossicle
