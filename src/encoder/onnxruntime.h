#pragma once

#include <memory>
#include <string>
#include <vector>

#include "encoder/onnxruntime_abi.h"
#include "encoder/onnxruntime_search.h"
#include "ossicle/encoder.h"

namespace ossicle::ort {

/// An object of the runtime, and the function that releases it.
template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

/// A loaded ONNX Runtime and its environment. It is never unloaded and its environment never
/// released: both must outlive every static destructor that may still use a session.
class Runtime {
 public:
  /// The runtime of this process. The first call that succeeds decides which one it is.
  static const Runtime& Get(const std::string& path = "");

  /// Opens the first usable library of `places`. Throws Error(kModel) that lists what was tried.
  static std::unique_ptr<Runtime> Open(const std::vector<Place>& places);

  const OnnxRuntimeInfo& info() const noexcept { return info_; }
  const Api& api() const noexcept { return api_; }
  const OrtEnv* env() const noexcept { return env_; }

  /// The kind of memory that tensors in a caller's memory are in.
  Owned<OrtMemoryInfo> CpuMemory() const;

  /// Releases `status`; if it is an error, throws Error(kModel) "`failure`: the runtime's message".
  void Check(OrtStatus* status, const std::string& failure) const;

 private:
  Runtime() = default;
  void Start();

  OnnxRuntimeInfo info_;
  Api api_;
  OrtEnv* env_ = nullptr;
};

}  // namespace ossicle::ort
