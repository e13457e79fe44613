#include "resample/block_stage.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "resample/held_samples.h"

namespace ossicle::internal {

namespace {

dsp::BlockWidth WidthFor(ResamplerUse use) {
  return use == ResamplerUse::kLive ? dsp::BlockWidth::kNarrow : dsp::BlockWidth::kFull;
}

template <class C>
class BlockStage final : public Stage<C> {
 public:
  BlockStage(std::shared_ptr<const BlockPlan<C>> plan, dsp::BlockWidth width, C* scratch)
      : plan_(std::move(plan)),
        shape_(plan_->filter().shape),
        width_(width),
        lanes_(dsp::BlockLanes<C>(width)),
        held_(static_cast<std::size_t>(shape_.BlockSamples() + (lanes_ - 1) * shape_.step_samples),
              0),
        scratch_(scratch) {
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
    const std::int64_t wanted = (end - outputs_ - 1) / shape_.StepOutputs() + 1;
    const auto blocks = static_cast<int>(std::min(beyond / shape_.step_samples, wanted));
    if (blocks <= 0) return;
    const std::int64_t made = std::int64_t{blocks} * shape_.StepOutputs();
    const std::int64_t count = std::min(made, end - outputs_);
    const std::size_t done = out.size();
    out.resize(done + static_cast<std::size_t>(made));
    dsp::FilterBlocks(plan_->filter(), {held_.data(), blocks, scratch_, out.data() + done, width_});
    out.resize(done + static_cast<std::size_t>(count));
    outputs_ += count;
    held_.DropBefore(held_.begin() + std::int64_t{blocks} * shape_.step_samples);
  }

  const std::shared_ptr<const BlockPlan<C>> plan_;
  const dsp::BlockShape shape_;
  const dsp::BlockWidth width_;
  const int lanes_;
  HeldSamples<C> held_;
  C* const scratch_;
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
std::unique_ptr<Stage<C>> BlockPlan<C>::Make(std::shared_ptr<const StagePlan<C>> self,
                                             ResamplerUse use, C* scratch) const {
  return std::make_unique<BlockStage<C>>(std::static_pointer_cast<const BlockPlan<C>>(self),
                                         WidthFor(use), scratch);
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
std::size_t BlockPlan<C>::BatchSamples(ResamplerUse use) const {
  return static_cast<std::size_t>(dsp::BlockLanes<C>(WidthFor(use)) * filter_.shape.step_samples);
}

template <class C>
std::size_t BlockPlan<C>::ScratchElements(ResamplerUse use) const {
  return dsp::BlockScratch<C>(filter_.shape, WidthFor(use));
}

template <class C>
std::size_t BlockPlan<C>::MostOutputs(std::size_t samples) const {
  const auto step = static_cast<std::size_t>(filter_.shape.step_samples);
  return (samples + step - 1) / step * static_cast<std::size_t>(filter_.shape.StepOutputs());
}

template class BlockPlan<float>;
template class BlockPlan<double>;

}  // namespace ossicle::internal
