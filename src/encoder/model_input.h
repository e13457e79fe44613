#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "encoder/onnx_session.h"
#include "ossicle/encoder.h"

namespace ossicle {

/// How windows go into a model.
struct ModelInput {
  ort::Shape shape;           ///< of a whole batch; nothing in it is free
  Layout layout;              ///< frames and bands in `shape`
  bool batch_is_free = true;  ///< a smaller batch than shape[0] may be given
  std::int64_t batch() const { return shape[0]; }
  /// Windows that the model is given where `wanted` <= batch() are wanted.
  std::int64_t Given(std::int64_t wanted) const { return batch_is_free ? wanted : batch(); }
};

/// The way to put windows of length x bands into an input declared as `declared` (-1: free), or
/// nothing if there is none. Where both orders fit, `preferred` is taken. Where the batch is free,
/// it is `max_batch`, or less if that were more than 16 MiB.
std::optional<ModelInput> MatchModelInput(const ort::Shape& declared, int length, int bands,
                                          Layout preferred, int max_batch);

/// Both shapes, and what to change.
std::string DescribeMismatch(const std::string& model_path, const ort::Shape& declared, int length,
                             int bands, Layout preferred);

}  // namespace ossicle
