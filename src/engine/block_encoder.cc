#include "engine/block_encoder.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace ossicle {

namespace {

/// Where as many frames are held, windows are not waited for to fill a group: 4 MiB.
constexpr std::int64_t kMostHeldValues = std::int64_t{1} << 20;

}  // namespace

BlockEncoder::BlockEncoder(const Encoder& encoder, const WindowRule& rule, int bands, Layout layout,
                           Workers* workers)
    : encoder_(encoder),
      rule_(rule),
      bands_(bands),
      layout_(layout),
      workers_(workers),
      group_(std::int64_t{encoder.options().max_batch} * (workers ? workers->count() : 1)),
      feed_(rule, bands) {}

void BlockEncoder::Push(const Features<float>& block) {
  for (const FeatureView<float>& view : block.Blocks()) {
    std::vector<float>& frames = feed_.Frames();
    const std::size_t held = frames.size();
    frames.resize(held + static_cast<std::size_t>(view.frames * bands_));
    float* out = frames.data() + held;
    for (std::int64_t frame = 0; frame < view.frames; ++frame) {
      for (int band = 0; band < bands_; ++band) *out++ = view.at(frame, band);
    }
    EncodeUntil(feed_.held() * bands_ >= kMostHeldValues ? 0 : group_ - 1);
  }
}

void BlockEncoder::Finish() {
  feed_.Finish();
  EncodeUntil(0);
}

Encoder::Result BlockEncoder::TakeResult() {
  result_.embedding_size =
      static_cast<int>(static_cast<std::int64_t>(result_.values.size()) / result_.windows);
  return std::move(result_);
}

void BlockEncoder::EncodeUntil(std::int64_t most_ready) {
  for (std::int64_t ready = feed_.ready(); ready > most_ready; ready = feed_.ready()) {
    EncodeNext(std::min(ready, group_));
  }
}

void BlockEncoder::EncodeNext(std::int64_t count) {
  views_.clear();
  for (std::int64_t i = 0; i < count; ++i) views_.push_back(feed_.View(i));
  result_.not_finite += encoder_.Encode(views_, rule_, bands_, layout_, result_.values, workers_);
  result_.windows += count;
  feed_.Drop(count);
}

}  // namespace ossicle
