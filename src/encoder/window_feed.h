#pragma once

#include <cstdint>
#include <vector>

#include "ossicle/encoder.h"

namespace ossicle {

/// Cuts the frames of a signal into windows while they come. Holds what a window that was not
/// dropped yet can need, in one piece, and at most about as much again, so that each frame is moved
/// once on the average.
class WindowFeed {
 public:
  WindowFeed(const WindowRule& rule, int bands);

  /// Where the next frames are to be appended, `bands` values each, one after the other. Views from
  /// before are not valid any more.
  std::vector<float>& Frames();

  /// No frame will follow: the windows of the rule's tail are ready too. Throws Error(kShape) if
  /// there are too few frames for one window.
  void Finish();

  /// Forgets the signal, but keeps the memory.
  void Reset();

  std::int64_t frames() const noexcept;  ///< until now
  std::int64_t held() const noexcept;    ///< of them, those in memory

  /// The first window that was not dropped; counted from 0.
  std::int64_t next() const noexcept { return next_; }
  /// Windows from there on whose last frame is known.
  std::int64_t ready() const;

  /// Window next() + i, i < ready(): its first frame, how many are not repeated, and a view of
  /// them.
  std::int64_t Start(std::int64_t i) const;
  std::int64_t Length(std::int64_t i) const;
  WindowView View(std::int64_t i) const;

  /// The first `count` <= ready() windows are done with.
  void Drop(std::int64_t count) { next_ += count; }

 private:
  std::int64_t KeepFrom() const;

  const WindowRule rule_;
  const WindowRule whole_;  ///< the same without a tail: what is known before the end
  const int bands_;
  std::vector<float> values_;  ///< frames from begin_ on
  std::int64_t begin_ = 0;
  std::int64_t next_ = 0;
  bool finished_ = false;
};

}  // namespace ossicle
