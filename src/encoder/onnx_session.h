#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "encoder/onnxruntime.h"

namespace ossicle::ort {

using Shape = std::vector<std::int64_t>;

/// "[N, 76, 32, 1]": a free dimension is N in the first place and ? elsewhere.
std::string ToString(const Shape& shape);

/// A model with one float32 input, of which the first output, float32 too, is wanted. One session
/// serves any number of threads at once, each with its own thread's arithmetic.
class Session {
 public:
  /// Throws Error(kModel): no such file, not ONNX, several inputs, not float32.
  Session(const Runtime& runtime, const std::string& path);

  const std::string& path() const noexcept { return path_; }
  /// As the model declares them; -1 where a dimension is free.
  const Shape& input_shape() const noexcept { return input_.shape; }
  const Shape& output_shape() const noexcept { return output_.shape; }

  struct Output {
    Owned<OrtValue> owner;
    std::span<const float> values;  ///< the owner's memory
    Shape shape;
  };
  /// `input` is C order in `shape`; read during the call, not copied. Throws Error(kModel).
  Output Run(std::span<const float> input, const Shape& shape) const;

 private:
  struct Port {
    std::string name;
    Shape shape;
  };
  using TypeInfoGetter = OrtStatus* (*)(const OrtSession*, std::size_t, OrtTypeInfo**);
  using NameGetter = OrtStatus* (*)(const OrtSession*, std::size_t, OrtAllocator*, char**);

  void Check(OrtStatus* status, const char* failure) const;
  void Load();
  void CheckCounts() const;
  Port ReadPort(const char* kind, TypeInfoGetter get_type, NameGetter get_name) const;
  Shape ReadShape(const OrtTensorTypeAndShapeInfo* info) const;

  const Runtime& runtime_;
  const Api& api_;
  std::string path_;
  Owned<OrtSession> session_;
  Owned<OrtMemoryInfo> memory_;
  Port input_;
  Port output_;
};

}  // namespace ossicle::ort
