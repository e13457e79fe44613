#include "encoder/session_options.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "ossicle/error.h"

namespace ossicle::ort {

namespace {

constexpr std::string_view kSuffix = "ExecutionProvider";
constexpr char kFailure[] = "ONNX Runtime does not take the options of a session";

std::vector<std::string> OfferedNames(const Runtime& runtime) {
  std::vector<std::string> names;
  for (const std::string& official : runtime.info().providers) {
    names.push_back(ProviderName(official));
  }
  return names;
}

[[noreturn]] void ThrowNoProvider(const Runtime& runtime, const std::string& provider) {
  std::string list;
  for (const std::string& name : OfferedNames(runtime)) list += (list.empty() ? "" : ", ") + name;
  throw Error(Code::kModel,
              "provider=\"" + provider + "\", but the ONNX Runtime " + runtime.info().version +
                  " at " + runtime.info().path + " has: " + list +
                  "; pass one of these, or install an ONNX Runtime that has it (`pip install "
                  "onnxruntime-gpu` for cuda and tensorrt, `pip install onnxruntime-openvino` for "
                  "openvino) and set OSSICLE_ONNXRUNTIME to the path of its libonnxruntime.so");
}

int Level(GraphOptimization optimization) {
  switch (optimization) {
    case GraphOptimization::kNone:
      return kOptimizeNothing;
    case GraphOptimization::kBasic:
      return kOptimizeBasic;
    case GraphOptimization::kExtended:
      return kOptimizeExtended;
    case GraphOptimization::kAll:
      return kOptimizeAll;
  }
  return kOptimizeAll;
}

/// What SessionOptionsAppendExecutionProvider() calls the provider `official`, which ends in
/// "ExecutionProvider".
std::string GenericName(const std::string& official) {
  if (official == "XnnpackExecutionProvider") return "XNNPACK";
  if (official == "AzureExecutionProvider") return "AZURE";
  return official.substr(0, official.size() - kSuffix.size());
}

void Append(const Runtime& runtime, OrtSessionOptions* options, const std::string& provider) {
  const Api& api = runtime.api();
  const std::string failure = "the provider \"" + provider + "\" cannot be used";
  if (provider == "cuda") {
    OrtCUDAProviderOptionsV2* raw = nullptr;
    runtime.Check(api.CreateCUDAProviderOptions(&raw), failure);
    const Owned<OrtCUDAProviderOptionsV2> cuda(raw, api.ReleaseCUDAProviderOptions);
    return runtime.Check(api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, raw), failure);
  }
  if (provider == "tensorrt") {
    OrtTensorRTProviderOptionsV2* raw = nullptr;
    runtime.Check(api.CreateTensorRTProviderOptions(&raw), failure);
    const Owned<OrtTensorRTProviderOptionsV2> tensorrt(raw, api.ReleaseTensorRTProviderOptions);
    return runtime.Check(api.SessionOptionsAppendExecutionProvider_TensorRT_V2(options, raw),
                         failure);
  }
  for (const std::string& official : runtime.info().providers) {
    if (ProviderName(official) != provider) continue;
    runtime.Check(api.SessionOptionsAppendExecutionProvider(options, GenericName(official).c_str(),
                                                            nullptr, nullptr, 0),
                  failure);
  }
}

}  // namespace

std::string ProviderName(std::string_view official) {
  if (official.ends_with(kSuffix)) official.remove_suffix(kSuffix.size());
  std::string name(official);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

void CheckProviders(const Runtime& runtime, const std::vector<std::string>& providers) {
  const std::vector<std::string> offered = OfferedNames(runtime);
  for (const std::string& provider : providers) {
    if (std::ranges::count(offered, provider) == 0) ThrowNoProvider(runtime, provider);
  }
}

Owned<OrtSessionOptions> MakeSessionOptions(const Runtime& runtime, const SessionConfig& config) {
  const Api& api = runtime.api();
  OrtSessionOptions* raw = nullptr;
  runtime.Check(api.CreateSessionOptions(&raw), kFailure);
  Owned<OrtSessionOptions> options(raw, api.ReleaseSessionOptions);
  // One thread: each worker that calls Run() computes by itself, so cores are not fought over and
  // the order of every sum is fixed.
  runtime.Check(api.SetIntraOpNumThreads(raw, 1), kFailure);
  runtime.Check(api.SetInterOpNumThreads(raw, 1), kFailure);
  constexpr std::array<std::array<const char*, 2>, 2> kEntries = {{
      {"session.intra_op.allow_spinning", "0"},
      {"session.inter_op.allow_spinning", "0"},
  }};
  for (const auto& [key, value] : kEntries) {
    runtime.Check(api.AddSessionConfigEntry(raw, key, value), kFailure);
  }
  runtime.Check(api.SetSessionGraphOptimizationLevel(raw, Level(config.graph_optimization)),
                kFailure);
  if (!config.save_to.empty()) {
    runtime.Check(api.SetOptimizedModelFilePath(raw, config.save_to.c_str()), kFailure);
  }
  for (const std::string& provider : config.providers) {
    if (provider == "cpu") break;  // it takes all that is left
    Append(runtime, raw, provider);
  }
  return options;
}

}  // namespace ossicle::ort
