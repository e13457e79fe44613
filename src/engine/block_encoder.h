#pragma once

#include <cstdint>
#include <vector>

#include "encoder/window_feed.h"
#include "ossicle/encoder.h"
#include "ossicle/features.h"
#include "ossicle/workers.h"

namespace ossicle {

/// Encodes the windows of a signal whose frames come in blocks, as many at a time as keep all
/// workers busy, and holds no frame longer than its windows need it.
class BlockEncoder {
 public:
  BlockEncoder(const Encoder& encoder, const WindowRule& rule, int bands, Layout layout,
               Workers* workers);

  void Push(const Features<float>& block);

  /// The signal has ended. Throws Error(kShape) if there were too few frames for one window.
  void Finish();

  std::int64_t frames() const noexcept { return feed_.frames(); }
  /// Of all windows; valid after Finish(), once.
  Encoder::Result TakeResult();

 private:
  void EncodeUntil(std::int64_t most_ready);
  void EncodeNext(std::int64_t count);

  const Encoder& encoder_;
  const WindowRule rule_;
  const int bands_;
  const Layout layout_;
  Workers* const workers_;
  const std::int64_t group_;  ///< windows that are encoded at a time
  WindowFeed feed_;
  std::vector<WindowView> views_;
  Encoder::Result result_;
};

}  // namespace ossicle
