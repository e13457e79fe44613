#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "encoder/onnxruntime.h"
#include "encoder/session_options.h"

namespace ossicle::ort {

using Shape = std::vector<std::int64_t>;

/// "[N, 76, 32, 1]": a free dimension is N in the first place and ? elsewhere.
std::string ToString(const Shape& shape);

/// A model with one float32 input, of which the first output, float32 too, is wanted. One session
/// serves any number of threads at once, each with its own thread's arithmetic.
class Session {
 public:
  /// Throws Error(kModel): no such file, not ONNX, several inputs, not float32.
  ///   path  what it is called
  ///   file  what is loaded; "": `path`
  Session(const Runtime& runtime, const std::string& path, const SessionConfig& config,
          const std::string& file = "");

  const std::string& path() const noexcept { return path_; }
  /// As the model declares them; -1 where a dimension is free.
  const Shape& input_shape() const noexcept { return input_.shape; }
  const Shape& output_shape() const noexcept { return output_.shape; }

  /// A tensor of `shape` in the caller's memory, in C order.
  Owned<OrtValue> MakeTensor(std::span<float> values, const Shape& shape) const;

  /// Writes into `output`, or, if that is null, sets it to a tensor that the runtime makes.
  /// Throws Error(kModel).
  void Run(const Owned<OrtValue>& input, Owned<OrtValue>& output) const;

  struct TensorView {
    std::span<const float> values;  ///< the tensor's memory
    Shape shape;
  };
  TensorView View(const Owned<OrtValue>& tensor) const;

 private:
  struct Port {
    std::string name;
    Shape shape;
  };
  using TypeInfoGetter = OrtStatus* (*)(const OrtSession*, std::size_t, OrtTypeInfo**);
  using NameGetter = OrtStatus* (*)(const OrtSession*, std::size_t, OrtAllocator*, char**);

  void Check(OrtStatus* status, const char* failure) const;
  void Load(const SessionConfig& config, const std::string& file);
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
