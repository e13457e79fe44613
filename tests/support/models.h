#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "ossicle/encoder.h"
#include "support/onnx_writer.h"

namespace ossicle::test {

inline WindowRule Rule(const char* text, Tail tail) {
  WindowRule rule = WindowRule::Parse(text);
  rule.tail = tail;
  return rule;
}

/// A model of [N, length, bands] -> [N, 8] whose values tell windows apart and do not depend on the
/// batch: tanh(flat(x) w). Returns `path`.
inline std::string SaveDenseModel(const std::string& path, int length, int bands) {
  constexpr int kSize = 8;
  std::vector<float> weights(static_cast<std::size_t>(length * bands * kSize));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = 1e-3f * std::sin(static_cast<float>(i % 1009));
  }
  return OnnxWriter()
      .Input("x", {OnnxWriter::kFree, length, bands})
      .Output("y", {OnnxWriter::kFree, kSize})
      .Node("Flatten", {"x"}, "flat")
      .Constant("w", {length * bands, kSize}, weights)
      .Node("MatMul", {"flat", "w"}, "sum")
      .Node("Tanh", {"sum"}, "y")
      .Save(path);
}

/// A model that fails in every run, for it gives one embedding for all windows together.
inline std::string SaveFailingModel(const std::string& path, int length, int bands) {
  const std::string attributes =
      OnnxWriter::IntsAttribute("axes", {0, 1}) + OnnxWriter::IntAttribute("keepdims", 0);
  return OnnxWriter()
      .Input("x", {OnnxWriter::kFree, length, bands})
      .Output("y", {bands})
      .Node("ReduceMean", {"x"}, "y", attributes)
      .Save(path);
}

}  // namespace ossicle::test
