#include "ossicle/encoder.h"

#include <span>
#include <utility>

#include "encoder/deal.h"
#include "encoder/encoder_core.h"
#include "encoder/window_copy.h"

namespace ossicle {

namespace {

class WindowsOfFeatures final : public WindowSource {
 public:
  WindowsOfFeatures(const Features<float>& features, const WindowRule& rule)
      : features_(features), rule_(rule), count_(rule.Count(features.frames())) {
    rule.CheckFrames(features.frames());
  }
  std::int64_t count() const override { return count_; }
  void Copy(std::int64_t window, const FeatureView<float>& target) const override {
    CopyWindow(features_, rule_.Start(window, features_.frames()), target);
  }

 private:
  const Features<float>& features_;
  const WindowRule& rule_;
  const std::int64_t count_;
};

class ListOfWindows final : public WindowSource {
 public:
  explicit ListOfWindows(std::span<const WindowView> windows) : windows_(windows) {}
  std::int64_t count() const override { return static_cast<std::int64_t>(windows_.size()); }
  void Copy(std::int64_t window, const FeatureView<float>& target) const override {
    CopyWindow(windows_[static_cast<std::size_t>(window)], target);
  }

 private:
  const std::span<const WindowView> windows_;
};

}  // namespace

Encoder::Encoder(const std::string& model_path, const EncoderOptions& options)
    : core_(std::make_shared<EncoderCore>(model_path, options)) {}

const EncoderOptions& Encoder::options() const noexcept { return core_->options; }

const std::string& Encoder::model_path() const noexcept { return core_->session().path(); }

const std::vector<std::int64_t>& Encoder::input_shape() const noexcept {
  return core_->session().input_shape();
}

void Encoder::Check(const WindowRule& rule, int bands, Layout layout) const {
  core_->Plan(rule, bands, layout);
}

int Encoder::embedding_size() const noexcept { return core_->embedding_size; }

Encoder::Result Encoder::Encode(const Features<float>& features, const WindowRule& rule,
                                Workers* workers, const EncoderProgress& progress) const {
  const auto plan = core_->Plan(rule, features.bands(), features.layout());
  const WindowsOfFeatures windows(features, rule);
  Result result;
  const Dealt dealt = DealWindows(*core_, *plan, windows, result.values, workers, progress);
  core_->embedding_size = dealt.embedding_size;
  result.windows = windows.count();
  result.embedding_size = dealt.embedding_size;
  result.not_finite = dealt.not_finite;
  return result;
}

std::int64_t Encoder::Encode(std::span<const WindowView> windows, const WindowRule& rule, int bands,
                             Layout layout, std::vector<float>& out, Workers* workers,
                             const EncoderProgress& progress) const {
  const auto plan = core_->Plan(rule, bands, layout);
  if (windows.empty()) return 0;
  for (const WindowView& window : windows) CheckWindow(window, bands);
  const Dealt dealt = DealWindows(*core_, *plan, ListOfWindows(windows), out, workers, progress);
  core_->embedding_size = dealt.embedding_size;
  return dealt.not_finite;
}

}  // namespace ossicle
