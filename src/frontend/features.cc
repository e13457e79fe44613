#include "ossicle/features.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "ossicle/error.h"

namespace ossicle {

namespace {

/// A packed view of a whole block: bands-first blocks keep kBlockFrames columns, filled or not.
template <class T>
FeatureView<T> BlockView(T* data, std::int64_t frames, int bands, Layout layout) {
  FeatureView<T> view =
      MakeView(data, Features<std::remove_const_t<T>>::kBlockFrames, bands, layout);
  view.frames = frames;
  return view;
}

}  // namespace

template <class T>
T Features<T>::at(std::int64_t frame, int band) const {
  const auto block = static_cast<std::size_t>(frame / kBlockFrames);
  return BlockView(blocks_[block].get(), kBlockFrames, bands_, layout_)
      .at(frame % kBlockFrames, band);
}

template <class T>
FeatureView<T> Features<T>::Append(std::int64_t count) {
  const std::int64_t used = frames_ % kBlockFrames;
  if (used == 0) {
    const auto size = static_cast<std::size_t>(kBlockFrames * bands_);
    blocks_.push_back(std::shared_ptr<T[]>(new T[size]));
  }
  const std::int64_t added = std::min(count, kBlockFrames - used);
  frames_ += added;
  return BlockView(blocks_.back().get(), kBlockFrames, bands_, layout_).Rows(used, added);
}

template <class T>
std::vector<FeatureView<T>> Features<T>::Blocks() const {
  std::vector<FeatureView<T>> views;
  views.reserve(blocks_.size());
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const std::int64_t first = static_cast<std::int64_t>(i) * kBlockFrames;
    views.push_back(
        BlockView(blocks_[i].get(), std::min(kBlockFrames, frames_ - first), bands_, layout_));
  }
  return views;
}

template <class T>
FeatureView<const T> Features<T>::BlockFrom(std::int64_t first) const {
  const std::int64_t row = first % kBlockFrames;
  const T* block = blocks_[static_cast<std::size_t>(first / kBlockFrames)].get();
  return BlockView(block, kBlockFrames, bands_, layout_)
      .Rows(row, std::min(kBlockFrames - row, frames_ - first));
}

template <class T>
void Features<T>::Copy(std::int64_t first, std::int64_t count, Layout layout,
                       std::span<T> out) const {
  if (first < 0 || count < 0 || first + count > frames_ ||
      out.size() != static_cast<std::size_t>(count * bands_)) {
    throw Error(Code::kShape,
                "frames " + std::to_string(first) + ".." + std::to_string(first + count) +
                    " into " + std::to_string(out.size()) + " values, but there are " +
                    std::to_string(frames_) + " frames of " + std::to_string(bands_) + " bands");
  }
  const FeatureView<T> target = MakeView(out.data(), count, bands_, layout);
  for (std::int64_t frame = 0; frame < count; ++frame) {
    for (int band = 0; band < bands_; ++band) target.at(frame, band) = at(first + frame, band);
  }
}

template <class T>
void Features<T>::ForEachPiece(const std::function<void(std::span<const T>)>& sink) const {
  const std::vector<FeatureView<T>> blocks = Blocks();
  if (layout_ == Layout::kFramesFirst) {
    for (const FeatureView<T>& block : blocks) {
      sink({block.data, static_cast<std::size_t>(block.frames * bands_)});
    }
    return;
  }
  for (int band = 0; band < bands_; ++band) {
    for (const FeatureView<T>& block : blocks) {
      sink({&block.at(0, band), static_cast<std::size_t>(block.frames)});
    }
  }
}

template class Features<float>;
template class Features<double>;

}  // namespace ossicle
