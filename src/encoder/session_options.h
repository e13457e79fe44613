#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "encoder/onnxruntime.h"
#include "ossicle/encoder.h"

namespace ossicle::ort {

/// What a session is made with.
struct SessionConfig {
  std::vector<std::string> providers = {"cpu"};  ///< as in EncoderOptions
  GraphOptimization graph_optimization = GraphOptimization::kAll;
  std::string save_to;  ///< where ONNX Runtime writes the optimised model; "": nowhere
};

/// "CUDAExecutionProvider" is "cuda".
std::string ProviderName(std::string_view official);

/// Throws Error(kModel) that lists what `runtime` offers, and says how to get others, if one of
/// `providers` is not there.
void CheckProviders(const Runtime& runtime, const std::vector<std::string>& providers);

/// One thread a run, which never spins. Activations come from the session's own arena, which grows
/// by doubling: told to grow by what is asked for, it kept a block for each size of batch. Throws
/// Error(kModel) that names the provider if one cannot be used.
Owned<OrtSessionOptions> MakeSessionOptions(const Runtime& runtime, const SessionConfig& config);

}  // namespace ossicle::ort
