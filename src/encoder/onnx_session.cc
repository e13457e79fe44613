#include "encoder/onnx_session.h"

#include <functional>
#include <numeric>

#include "encoder/protobuf.h"
#include "ossicle/error.h"

namespace ossicle::ort {

namespace {

std::size_t Elements(const Shape& shape) {
  return static_cast<std::size_t>(
      std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()));
}

}  // namespace

std::string ToString(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += shape[i] >= 0 ? std::to_string(shape[i]) : i == 0 ? "N" : "?";
  }
  return text + "]";
}

Session::Session(const Runtime& runtime, const std::string& path)
    : runtime_(runtime),
      api_(runtime.api()),
      path_(path),
      session_(nullptr, api_.ReleaseSession),
      memory_(nullptr, api_.ReleaseMemoryInfo) {
  protobuf::CheckModelFile(path);
  Load();
  CheckCounts();
  input_ = ReadPort("input", api_.SessionGetInputTypeInfo, api_.SessionGetInputName);
  output_ = ReadPort("first output", api_.SessionGetOutputTypeInfo, api_.SessionGetOutputName);
  OrtMemoryInfo* memory = nullptr;
  Check(api_.CreateCpuMemoryInfo(kArenaAllocator, kMemTypeDefault, &memory), "has no memory");
  memory_.reset(memory);
}

void Session::Check(OrtStatus* status, const char* failure) const {
  if (status != nullptr) runtime_.Check(status, "the model \"" + path_ + "\" " + failure);
}

void Session::Load() {
  constexpr char kFailure[] =
      "cannot be loaded as an ONNX model (give a whole .onnx file, of an opset "
      "that this ONNX Runtime knows)";
  OrtSessionOptions* raw_options = nullptr;
  Check(api_.CreateSessionOptions(&raw_options), kFailure);
  const Owned<OrtSessionOptions> options(raw_options, api_.ReleaseSessionOptions);
  // One thread: each worker that calls Run() computes by itself, so cores are not fought over and
  // the order of every sum is fixed.
  Check(api_.SetIntraOpNumThreads(options.get(), 1), kFailure);
  Check(api_.SetInterOpNumThreads(options.get(), 1), kFailure);
  OrtSession* session = nullptr;
  Check(api_.CreateSession(runtime_.env(), path_.c_str(), options.get(), &session), kFailure);
  session_.reset(session);
}

void Session::CheckCounts() const {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  Check(api_.SessionGetInputCount(session_.get(), &inputs), "does not say how many inputs it has");
  Check(api_.SessionGetOutputCount(session_.get(), &outputs),
        "does not say how many outputs it has");
  if (inputs == 1 && outputs > 0) return;
  throw Error(Code::kModel, "the model \"" + path_ + "\" has " + std::to_string(inputs) +
                                " inputs and " + std::to_string(outputs) +
                                " outputs, but an encoder has one input and at least one output");
}

Session::Port Session::ReadPort(const char* kind, TypeInfoGetter get_type,
                                NameGetter get_name) const {
  OrtAllocator* allocator = nullptr;
  Check(api_.GetAllocatorWithDefaultOptions(&allocator), "has no memory");
  char* name = nullptr;
  Check(get_name(session_.get(), 0, allocator, &name), "does not name its input or output");
  Port port{name, {}};
  Check(api_.AllocatorFree(allocator, name), "cannot free memory");

  OrtTypeInfo* raw_type = nullptr;
  Check(get_type(session_.get(), 0, &raw_type), "does not tell its types");
  const Owned<OrtTypeInfo> type(raw_type, api_.ReleaseTypeInfo);
  const OrtTensorTypeAndShapeInfo* info = nullptr;  // owned by `type`; null if it is no tensor
  Check(api_.CastTypeInfoToTensorInfo(type.get(), &info), "does not tell its types");
  int element = 0;
  if (info != nullptr) Check(api_.GetTensorElementType(info, &element), "does not tell its types");
  if (element != kElementFloat) {
    throw Error(Code::kModel, "the model \"" + path_ + "\" has the " + kind + " \"" + port.name +
                                  "\", which is no float32 tensor; export it with float32");
  }
  port.shape = ReadShape(info);
  return port;
}

Shape Session::ReadShape(const OrtTensorTypeAndShapeInfo* info) const {
  std::size_t rank = 0;
  Check(api_.GetDimensionsCount(info, &rank), "does not tell its shape");
  Shape shape(rank);
  Check(api_.GetDimensions(info, shape.data(), rank), "does not tell its shape");
  return shape;
}

Session::Output Session::Run(std::span<const float> input, const Shape& shape) const {
  constexpr char kFailure[] = "failed";
  OrtValue* raw_tensor = nullptr;
  // ONNX Runtime takes a pointer to non-const for every tensor, and does not write to inputs.
  Check(api_.CreateTensorWithDataAsOrtValue(memory_.get(), const_cast<float*>(input.data()),
                                            input.size_bytes(), shape.data(), shape.size(),
                                            kElementFloat, &raw_tensor),
        kFailure);
  const Owned<OrtValue> tensor(raw_tensor, api_.ReleaseValue);
  const char* input_name = input_.name.c_str();
  const char* output_name = output_.name.c_str();
  OrtValue* result = nullptr;
  Check(api_.Run(session_.get(), nullptr, &input_name, &raw_tensor, 1, &output_name, 1, &result),
        kFailure);
  Output output{Owned<OrtValue>(result, api_.ReleaseValue), {}, {}};

  OrtTensorTypeAndShapeInfo* raw_info = nullptr;
  Check(api_.GetTensorTypeAndShape(result, &raw_info), kFailure);
  const Owned<OrtTensorTypeAndShapeInfo> info(raw_info, api_.ReleaseTensorTypeAndShapeInfo);
  output.shape = ReadShape(info.get());
  void* data = nullptr;
  Check(api_.GetTensorMutableData(result, &data), kFailure);
  output.values = {static_cast<const float*>(data), Elements(output.shape)};
  return output;
}

}  // namespace ossicle::ort
