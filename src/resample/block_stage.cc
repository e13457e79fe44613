#include "resample/block_stage.h"

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "resample/held_samples.h"

namespace ossicle::internal {

namespace {

constexpr std::align_val_t kAlign{64};

template <class C>
struct DeleteAligned {
  void operator()(C* memory) const { ::operator delete[](memory, kAlign); }
};

template <class C>
class BlockStage final : public Stage<C> {
 public:
  explicit BlockStage(std::shared_ptr<const BlockPlan<C>> plan)
      : plan_(std::move(plan)),
        shape_(plan_->filter().shape),
        lanes_(dsp::BlockLanes<C>()),
        held_(static_cast<std::size_t>(shape_.BlockSamples() + (lanes_ - 1) * shape_.step_samples),
              0),
        scratch_(static_cast<C*>(::operator new[](dsp::BlockScratch(shape_) * sizeof(C), kAlign))),
        made_(static_cast<std::size_t>(lanes_ * shape_.StepOutputs())) {
    Reset();
  }

  void Push(std::span<const C> samples, std::vector<C>& out) override {
    while (!samples.empty()) {
      samples = held_.Take(samples);
      Compute(INT64_MAX, out);
    }
  }

  void Finish(std::int64_t outputs, std::vector<C>& out) override {
    while (outputs_ < outputs) {
      held_.FillWith(C(0));
      Compute(outputs, out);
    }
  }

  void Reset() override {
    held_.Clear();
    held_.Prepend(static_cast<std::size_t>(shape_.lead_samples),
                  [](std::size_t, std::size_t) { return C(0); });
    outputs_ = 0;
  }

 private:
  /// Computes the blocks that are there, up to output `end`.
  void Compute(std::int64_t end, std::vector<C>& out) {
    const std::int64_t beyond =
        static_cast<std::int64_t>(held_.size()) - shape_.BlockSamples() + shape_.step_samples;
    const auto blocks = static_cast<int>(beyond / shape_.step_samples);
    if (blocks <= 0) return;
    dsp::FilterBlocks(plan_->filter(), {held_.data(), blocks, scratch_.get(), made_.data()});
    const std::int64_t count =
        std::min<std::int64_t>(std::int64_t{blocks} * shape_.StepOutputs(), end - outputs_);
    out.insert(out.end(), made_.begin(), made_.begin() + static_cast<std::ptrdiff_t>(count));
    outputs_ += count;
    held_.DropBefore(held_.begin() + std::int64_t{blocks} * shape_.step_samples);
  }

  const std::shared_ptr<const BlockPlan<C>> plan_;
  const dsp::BlockShape shape_;
  const int lanes_;
  HeldSamples<C> held_;
  std::unique_ptr<C[], DeleteAligned<C>> scratch_;
  std::vector<C> made_;
  std::int64_t outputs_ = 0;
};

/// libsoxr's own blocks where it drops spectra, since what it computes depends on them.
dsp::BlockShape ShapeOf(const SoxrStage& stage) {
  const bool drops = (stage.down == 2 || stage.down == 4) && stage.fft_size % stage.up == 0;
  const auto taps = static_cast<int>(stage.taps.size());
  if (!drops) return dsp::BlockShape::For(stage.up, stage.down, taps);
  dsp::BlockShape shape;
  shape.up = stage.up;
  shape.down = stage.down;
  shape.bins = stage.fft_size / stage.up / (2 * stage.down);
  shape.lead_samples = taps / 2 / stage.up;
  shape.step_samples = stage.fft_size / stage.up - 2 * shape.lead_samples;
  shape.decimation = dsp::Decimation::kDrop;
  return shape;
}

}  // namespace

template <class C>
BlockPlan<C>::BlockPlan(const SoxrStage& stage) : filter_(ShapeOf(stage), stage.taps) {}

template <class C>
std::unique_ptr<Stage<C>> BlockPlan<C>::Make(std::shared_ptr<const StagePlan<C>> self) const {
  return std::make_unique<BlockStage<C>>(std::static_pointer_cast<const BlockPlan<C>>(self));
}

template <class C>
std::int64_t BlockPlan<C>::InputsFor(std::int64_t outputs) const {
  const dsp::BlockShape& shape = filter_.shape;
  const std::int64_t blocks = (outputs + shape.StepOutputs() - 1) / shape.StepOutputs();
  return (blocks - 1) * shape.step_samples - shape.lead_samples + shape.BlockSamples();
}

template <class C>
std::int64_t BlockPlan<C>::Lookahead() const {
  return filter_.shape.BlockSamples() - filter_.shape.lead_samples - 1;
}

template <class C>
std::size_t BlockPlan<C>::BatchSamples() const {
  return static_cast<std::size_t>(dsp::BlockLanes<C>() * filter_.shape.step_samples);
}

template class BlockPlan<float>;
template class BlockPlan<double>;

}  // namespace ossicle::internal
