#include "encoder/window_feed.h"

#include <algorithm>
#include <cstddef>

namespace ossicle {

namespace {

WindowRule WithoutTail(WindowRule rule) {
  rule.tail = Tail::kDrop;
  return rule;
}

}  // namespace

WindowFeed::WindowFeed(const WindowRule& rule, int bands)
    : rule_(rule), whole_(WithoutTail(rule)), bands_(bands) {
  rule.Validate();
}

std::int64_t WindowFeed::held() const noexcept { return std::ssize(values_) / bands_; }

std::int64_t WindowFeed::frames() const noexcept { return begin_ + held(); }

/// The first frame that a window can need which was not dropped.
std::int64_t WindowFeed::KeepFrom() const {
  std::int64_t first = whole_.Start(next_, frames());
  if (rule_.tail == Tail::kAlign) first = std::min(first, frames() - rule_.length);
  return std::clamp(first, begin_, frames());
}

std::vector<float>& WindowFeed::Frames() {
  const std::int64_t surplus = KeepFrom() - begin_;
  if (surplus > 0 && surplus >= held() - surplus) {
    values_.erase(values_.begin(), values_.begin() + surplus * bands_);
    begin_ += surplus;
  }
  return values_;
}

void WindowFeed::Finish() {
  rule_.CheckFrames(frames());
  finished_ = true;
}

void WindowFeed::Reset() {
  values_.clear();
  begin_ = 0;
  next_ = 0;
  finished_ = false;
}

std::int64_t WindowFeed::ready() const {
  return (finished_ ? rule_ : whole_).Count(frames()) - next_;
}

std::int64_t WindowFeed::Start(std::int64_t i) const {
  return (finished_ ? rule_ : whole_).Start(next_ + i, frames());
}

std::int64_t WindowFeed::Length(std::int64_t i) const {
  return std::min<std::int64_t>(rule_.length, frames() - Start(i));
}

WindowView WindowFeed::View(std::int64_t i) const {
  const float* first = values_.data() + (Start(i) - begin_) * bands_;
  return {{first, Length(i), bands_, bands_, 1}};
}

}  // namespace ossicle
