#include "raw_session.h"

namespace ossicle::bench {

RawSession::RawSession(const std::string& model_path, int intra_op_threads)
    : runtime_(ort::Runtime::Get()),
      api_(runtime_.api()),
      session_(nullptr, api_.ReleaseSession),
      memory_(nullptr, api_.ReleaseMemoryInfo) {
  OrtSessionOptions* raw_options = nullptr;
  runtime_.Check(api_.CreateSessionOptions(&raw_options), "no options");
  const ort::Owned<OrtSessionOptions> options(raw_options, api_.ReleaseSessionOptions);
  runtime_.Check(api_.SetIntraOpNumThreads(options.get(), intra_op_threads), "no such threads");
  OrtSession* session = nullptr;
  runtime_.Check(api_.CreateSession(runtime_.env(), model_path.c_str(), options.get(), &session),
                 "cannot load " + model_path);
  session_.reset(session);
  OrtMemoryInfo* memory = nullptr;
  runtime_.Check(api_.CreateCpuMemoryInfo(ort::kArenaAllocator, ort::kMemTypeDefault, &memory),
                 "no memory");
  memory_.reset(memory);
}

ort::Owned<OrtValue> RawSession::Tensor(std::span<float> values,
                                        const std::vector<std::int64_t>& shape) const {
  OrtValue* tensor = nullptr;
  runtime_.Check(
      api_.CreateTensorWithDataAsOrtValue(memory_.get(), values.data(), values.size_bytes(),
                                          shape.data(), shape.size(), ort::kElementFloat, &tensor),
      "no tensor");
  return {tensor, api_.ReleaseValue};
}

RawSession::Call RawSession::Prepare(std::span<float> windows, std::span<float> embeddings) const {
  const auto count = static_cast<std::int64_t>(windows.size() / kWindowValues);
  return {Tensor(windows, {count, 1, 80, 16}), Tensor(embeddings, {count, 512})};
}

void RawSession::Run(const Call& call) const {
  const char* input_name = "mel";
  const char* output_name = "embedding";
  const OrtValue* input = call.input.get();
  OrtValue* output = call.output.get();
  runtime_.Check(
      api_.Run(session_.get(), nullptr, &input_name, &input, 1, &output_name, 1, &output),
      "a run failed");
}

}  // namespace ossicle::bench
