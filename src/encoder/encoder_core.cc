#include "encoder/encoder_core.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "encoder/model_cache.h"
#include "encoder/onnxruntime.h"
#include "encoder/option_range.h"
#include "ossicle/error.h"

namespace ossicle {

namespace {

EncoderOptions Checked(EncoderOptions options) {
  CheckRange("encoder", "workers", options.workers, 0, 256);
  CheckRange("encoder", "max_batch", options.max_batch, 1, 1024);
  CheckRange("encoder", "sessions", options.sessions, 1, 16);
  if (options.workers == 0) options.workers = Workers::HardwareCount();
  return options;
}

std::vector<std::unique_ptr<const ort::Session>> OpenSessions(const std::string& path,
                                                              const EncoderOptions& options) {
  std::vector<std::unique_ptr<const ort::Session>> sessions;
  for (int i = 0; i < options.sessions; ++i) {
    sessions.push_back(OpenSession(ort::Runtime::Get(), path, options));
  }
  return sessions;
}

/// Values for each window of a batch that the model promises; 0 if it leaves them open.
int DeclaredEmbeddingSize(const ort::Session& session) {
  const ort::Shape& output = session.output_shape();
  if (output.empty()) return 0;
  const std::int64_t batch = session.input_shape().empty() ? -1 : session.input_shape()[0];
  std::int64_t values = 1;
  for (std::size_t i = batch == 1 ? 0 : 1; i < output.size(); ++i) {
    if (output[i] < 0) return 0;
    values *= output[i];
  }
  return static_cast<int>(values);
}

}  // namespace

EncoderCore::EncoderCore(const std::string& path, const EncoderOptions& chosen)
    : options(Checked(chosen)),
      sessions(OpenSessions(path, options)),
      declared_size(DeclaredEmbeddingSize(session())),
      embedding_size(declared_size),
      slots(sessions, options.workers) {}

std::shared_ptr<const WindowPlan> EncoderCore::Plan(const WindowRule& rule, int bands,
                                                    Layout layout) {
  rule.Validate();
  const std::lock_guard lock(plan_mutex_);
  const bool is_last = plan_ && plan_->length == rule.length && plan_->bands == bands;
  if (is_last && plan_layout_ == layout) return plan_;
  plan_ = std::make_shared<const WindowPlan>(Match(rule, bands, layout));
  plan_layout_ = layout;
  return plan_;
}

int EncoderCore::EmbeddingSize(const WindowPlan& plan) {
  if (plan.embedding_size > 0) return plan.embedding_size;
  const SlotLease slot(slots);
  slot->Prepare(plan);
  const FeatureView<float> window = slot->Window(0);
  std::fill_n(window.data, window.frames * window.bands, 0.0f);
  return slot->Run(1).size;
}

WindowPlan EncoderCore::Match(const WindowRule& rule, int bands, Layout layout) const {
  const ort::Shape& declared = session().input_shape();
  std::optional<ModelInput> input =
      MatchModelInput(declared, rule.length, bands, layout, options.max_batch);
  if (!input) {
    throw Error(Code::kModel,
                DescribeMismatch(session().path(), declared, rule.length, bands, layout));
  }
  if (options.batch_invariant) input->batch_is_free = false;
  return {*std::move(input), rule.length, bands, declared_size};
}

}  // namespace ossicle
