#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "encoder/onnxruntime.h"

namespace ossicle::bench {

/// One session of ONNX Runtime as its C interface gives it, with its defaults but for the number of
/// threads. The model has one input, "mel" [N, 1, 80, 16], and one output, "embedding" [N, 512].
class RawSession {
 public:
  static constexpr std::size_t kWindowValues = 80 * 16;
  static constexpr std::size_t kEmbeddingValues = 512;

  RawSession(const std::string& model_path, int intra_op_threads);

  /// Input and output of one call, in the caller's memory.
  struct Call {
    ort::Owned<OrtValue> input;
    ort::Owned<OrtValue> output;
  };
  Call Prepare(std::span<float> windows, std::span<float> embeddings) const;

  /// From any number of threads at once, each with its own call.
  void Run(const Call& call) const;

 private:
  ort::Owned<OrtValue> Tensor(std::span<float> values,
                              const std::vector<std::int64_t>& shape) const;

  const ort::Runtime& runtime_;
  const ort::Api& api_;
  ort::Owned<OrtSession> session_;
  ort::Owned<OrtMemoryInfo> memory_;
};

}  // namespace ossicle::bench
