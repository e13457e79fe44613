#include "encoder/onnx_session.h"

#include <functional>
#include <numeric>
#include <utility>

#include "encoder/protobuf.h"
#include "ossicle/error.h"

namespace ossicle::ort {

namespace {

constexpr char kRunFailure[] = "failed";

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

Session::Session(const Runtime& runtime, const std::string& path, const SessionConfig& config,
                 const std::string& file)
    : runtime_(runtime),
      api_(runtime.api()),
      path_(path),
      session_(nullptr, api_.ReleaseSession),
      memory_(nullptr, api_.ReleaseMemoryInfo) {
  protobuf::CheckModelFile(path);
  Load(config, file.empty() ? path : file);
  CheckCounts();
  input_ = ReadPort("input", api_.SessionGetInputTypeInfo, api_.SessionGetInputName);
  output_ = ReadPort("first output", api_.SessionGetOutputTypeInfo, api_.SessionGetOutputName);
  memory_ = runtime.CpuMemory();
}

void Session::Check(OrtStatus* status, const char* failure) const {
  if (status != nullptr) runtime_.Check(status, "the model \"" + path_ + "\" " + failure);
}

void Session::Load(const SessionConfig& config, const std::string& file) {
  const Owned<OrtSessionOptions> options = MakeSessionOptions(runtime_, config);
  OrtSession* session = nullptr;
  Check(api_.CreateSession(runtime_.env(), file.c_str(), options.get(), &session),
        "cannot be loaded as an ONNX model (give a whole .onnx file, of an opset that this ONNX "
        "Runtime knows)");
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

Owned<OrtValue> Session::MakeTensor(std::span<float> values, const Shape& shape) const {
  OrtValue* tensor = nullptr;
  Check(api_.CreateTensorWithDataAsOrtValue(memory_.get(), values.data(), values.size_bytes(),
                                            shape.data(), shape.size(), kElementFloat, &tensor),
        kRunFailure);
  return {tensor, api_.ReleaseValue};
}

void Session::Run(const Owned<OrtValue>& input, Owned<OrtValue>& output) const {
  const OrtValue* const inputs[] = {input.get()};
  const char* const input_names[] = {input_.name.c_str()};
  const char* const output_names[] = {output_.name.c_str()};
  OrtValue* result = output.get();
  Check(api_.Run(session_.get(), nullptr, input_names, inputs, 1, output_names, 1, &result),
        kRunFailure);
  if (output == nullptr) output = {result, api_.ReleaseValue};
}

Session::TensorView Session::View(const Owned<OrtValue>& tensor) const {
  OrtTensorTypeAndShapeInfo* raw_info = nullptr;
  Check(api_.GetTensorTypeAndShape(tensor.get(), &raw_info), kRunFailure);
  const Owned<OrtTensorTypeAndShapeInfo> info(raw_info, api_.ReleaseTensorTypeAndShapeInfo);
  Shape shape = ReadShape(info.get());
  void* data = nullptr;
  Check(api_.GetTensorMutableData(tensor.get(), &data), kRunFailure);
  return {{static_cast<const float*>(data), Elements(shape)}, std::move(shape)};
}

}  // namespace ossicle::ort
