#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "encoder/model_input.h"
#include "encoder/onnx_session.h"
#include "ossicle/features.h"

namespace ossicle {

/// How windows of one kind go through a model.
struct WindowPlan {
  ModelInput input;
  int length = 0;          ///< frames of a window
  int bands = 0;           ///< of a frame
  int embedding_size = 0;  ///< as the model declares it; 0: the first run tells
};

/// The memory of one run at a time, input and output, made once and used again and again.
class RunSlot {
 public:
  explicit RunSlot(const ort::Session& session) : session_(session) {}

  /// Makes room for the runs of `plan`, unless the last ones were of the same shape.
  void Prepare(const WindowPlan& plan);

  /// Where window i < plan.input.batch() of the next run goes.
  FeatureView<float> Window(std::int64_t i);

  struct Embeddings {
    std::span<const float> values;  ///< one after the other; valid until the next run
    int size = 0;                   ///< of each
  };
  /// Runs the model on windows 0..count - 1. Throws Error(kModel).
  Embeddings Run(std::int64_t count);

 private:
  /// The tensors of a run of so many windows.
  struct Bound {
    ort::Owned<OrtValue> input{nullptr, nullptr};
    ort::Owned<OrtValue> output{nullptr, nullptr};  ///< null until the first run tells its shape
  };

  void Fill(std::int64_t count, std::int64_t given);
  void KeepFirst(Bound& bound, std::int64_t given);
  int SizeOf(const ort::Session::TensorView& output, std::int64_t given) const;

  const ort::Session& session_;
  WindowPlan plan_;
  std::vector<float> input_;
  std::vector<float> output_;
  std::vector<Bound> bound_;  ///< by the number of windows - 1
};

}  // namespace ossicle
